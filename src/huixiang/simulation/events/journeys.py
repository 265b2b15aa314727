"""What do people do on the screen? Each errand as a funnel of steps, with how often one fails and who gives up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SYSTEMS = ("登录认证", "核心账务", "短信网关", "理财系统", "信贷系统", "信用卡系统")
AUTH, CORE, SMS, WEALTH, CREDIT, CARDS = range(len(SYSTEMS))
# Why a step failed. The last two are an outage of the step's system and the planted broken release.
CODES = ("OK", "A1001", "B2003", "S3002", "W4001", "L5002", "C6001", "T9999", "V8001")
MEANINGS = (
    "成功",
    "密码错误",
    "超出限额或余额不足",
    "验证码错误或超时",
    "风险等级不匹配",
    "资料不完整",
    "卡状态异常",
    "系统超时",
    "登录组件异常",
)
OK, OUT_OF_ORDER, BROKEN = 0, 7, 8


@dataclass(frozen=True, slots=True)
class Step:
    """One screen. `goes_on` of those who pass it take the next; `fails` of the tries end in the system's own error.

    `milliseconds` is the median answer time, `seconds` the median time until the person's next touch.
    """

    name: str
    system: int
    goes_on: float = 0.97
    fails: float = 0.004
    milliseconds: float = 220
    seconds: float = 6.0


@dataclass(frozen=True, slots=True)
class Journey:
    """One errand: its share of sessions and its steps in order, the first two the same for all."""

    code: str
    name: str
    share: float
    steps: tuple[Step, ...]


LOGIN, HOME = Step("登录", AUTH, 0.99, 0.045, 620, 9), Step("首页", CORE, 0.97, 0.002, 300, 4)
CONFIRM, DONE = Step("确认", CORE, 0.965, 0.012, 340, 6), Step("完成", CORE, 1.0, 0.0, 420, 4)


def _code(fails: float = 0.05) -> Step:
    return Step("短信验证", SMS, 0.985, fails, 700, 17)


BALANCE = (LOGIN, HOME, Step("账户详情", CORE, 0.62), Step("交易流水", CORE, 1.0, 0.004, 480))
TRANSFER = (
    LOGIN, HOME, Step("转账", CORE, 0.96), Step("填写", CORE, 0.93, 0.03, 260, 28), CONFIRM, _code(), DONE,
)  # fmt: skip
BUYING = (
    LOGIN, HOME, Step("理财列表", WEALTH, 0.64, 0.004, 520, 18), Step("产品详情", WEALTH, 0.42, 0.004, 450, 35),
    Step("风险评估", WEALTH, 0.86, 0.05, 380, 40), Step("填写", WEALTH, 0.9, 0.02, 260, 15), CONFIRM, _code(), DONE,
)  # fmt: skip
LOAN = (
    LOGIN, HOME, Step("贷款介绍", CREDIT, 0.55, 0.004, 420, 25), Step("填写资料", CREDIT, 0.66, 0.06, 300, 75),
    Step("上传证件", CREDIT, 0.78, 0.09, 2600, 30), Step("征信授权", CREDIT, 0.9, 0.01, 420, 12),
    Step("提交", CREDIT, 0.98, 0.02, 900, 5), DONE,
)  # fmt: skip
CARD_PAYMENT = (
    LOGIN, HOME, Step("信用卡", CARDS, 0.9), Step("填写", CARDS, 0.95, 0.02, 260, 10), CONFIRM, _code(0.04), DONE,
)  # fmt: skip
NEW_NUMBER = (
    LOGIN, HOME, Step("我的设置", CORE, 0.9), Step("人脸识别", AUTH, 0.85, 0.14, 1500, 12),
    Step("填写", CORE, 0.95, 0.03, 260, 16), _code(0.08), DONE,
)  # fmt: skip
JOURNEYS = (
    Journey("balance", "余额查询", 0.47, BALANCE),
    Journey("transfer", "转账", 0.24, TRANSFER),
    Journey("wealth", "理财购买", 0.10, BUYING),
    Journey("loan", "贷款申请", 0.04, LOAN),
    Journey("card_payment", "信用卡还款", 0.12, CARD_PAYMENT),
    Journey("mobile_number", "改手机号", 0.03, NEW_NUMBER),
)
NAMES = tuple(journey.name for journey in JOURNEYS)
STEPS = tuple(dict.fromkeys(step.name for journey in JOURNEYS for step in journey.steps))
LONGEST = max(len(journey.steps) for journey in JOURNEYS)
# The error that each system's own failures show.
ERROR_OF_SYSTEM = np.array([1, 2, 3, 4, 5, 6], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Funnels:
    """The steps of all journeys as tables of shape (journeys, longest): `step` is a place in STEPS, -1 past the end."""

    step: NDArray[np.int8]
    system: NDArray[np.int8]
    goes_on: NDArray[np.float32]
    fails: NDArray[np.float32]
    milliseconds: NDArray[np.float32]
    seconds: NDArray[np.float32]


def funnels() -> Funnels:
    """JOURNEYS as tables."""

    def table(name: str, rest: float, dtype: type) -> NDArray[np.float32]:
        rows = [[getattr(s, name) for s in one.steps] + [rest] * (LONGEST - len(one.steps)) for one in JOURNEYS]
        return np.array(rows, dtype=dtype)

    places = [[STEPS.index(s.name) for s in one.steps] + [-1] * (LONGEST - len(one.steps)) for one in JOURNEYS]
    numbers = (table(name, 0, np.float32) for name in ("goes_on", "fails", "milliseconds", "seconds"))
    return Funnels(np.array(places, dtype=np.int8), table("system", 0, np.int8), *numbers)  # type: ignore[arg-type]
