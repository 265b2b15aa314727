"""What do people come to the counter for? Each service with how often, how long and at which counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORDINARY, PRIORITY, CORPORATE = 0, 1, 2
LANES = ("ordinary", "priority", "corporate")
LANE_LETTER = ("A", "V", "B")  # how the kiosk's numbers begin


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of errand. `minutes` is the median of its lognormal handling time, `spread` that of the logarithm."""

    code: str
    name: str
    product: str
    share: float  # of visits
    minutes: float
    spread: float
    errands: tuple[str, ...]  # as customers call it
    corporate: bool = False


SERVICES = (
    Service("cash", "现金存取", "储蓄", 0.29, 4.6, 0.55, ("取钱", "存钱", "取钱")),
    Service("transfer", "转账汇款", "支付结算", 0.13, 5.5, 0.50, ("转账", "汇款")),
    Service("passbook", "存折补登", "储蓄", 0.08, 2.8, 0.40, ("补存折", "打印明细")),
    Service("card", "开卡换卡", "借记卡", 0.12, 13.0, 0.45, ("办卡", "换卡", "开户")),
    Service("account", "账户信息变更", "借记卡", 0.11, 10.0, 0.55, ("改预留手机号", "解冻", "销户", "打流水")),
    Service("pension", "社保卡与养老金", "储蓄", 0.08, 7.5, 0.50, ("办社保卡", "取退休金")),
    Service("wealth", "理财购买", "理财", 0.06, 16.0, 0.55, ("买理财", "存定期")),
    Service("loss", "挂失补办", "借记卡", 0.04, 9.0, 0.45, ("补卡", "挂失")),
    Service("foreign", "外汇业务", "外汇", 0.02, 13.0, 0.50, ("换外币",)),
    Service("corporate", "对公结算", "企业结算", 0.07, 9.0, 0.60, ("办公司的业务",), corporate=True),
)

AGES = (30, 45, 60, 75)  # where the next age group begins
# How much more often than on the whole people of each age group come for it: younger than 30, than 45, …
BY_AGE: Mapping[str, tuple[float, float, float, float, float]] = {
    "cash": (0.6, 0.8, 1.0, 1.5, 1.6),
    "transfer": (0.9, 1.0, 1.1, 1.0, 0.8),
    "passbook": (0.05, 0.2, 0.7, 2.4, 3.0),
    "card": (2.0, 1.4, 0.9, 0.5, 0.3),
    "account": (1.6, 1.3, 1.0, 0.6, 0.4),
    "pension": (0.15, 0.1, 0.5, 2.6, 2.6),
    "wealth": (0.5, 1.0, 1.3, 1.0, 0.5),
    "loss": (1.1, 1.0, 1.0, 1.0, 1.0),
    "foreign": (1.5, 1.2, 1.0, 0.6, 0.3),
    "corporate": (0.8, 1.8, 1.3, 0.2, 0.03),
}
GRAIN = 4096  # parts of the unit interval


def drawn_by_age() -> NDArray[np.int8]:
    """Which service does somebody want? Shape (age groups, GRAIN): a uniform draw, in grains, picks it."""
    shares = np.array([service.share * np.array(BY_AGE[service.code]) for service in SERVICES])
    edges = np.cumsum(shares / shares.sum(axis=0), axis=0).T
    grains = (np.arange(GRAIN) + 0.5) / GRAIN
    return np.stack([np.searchsorted(row[:-1], grains, side="right") for row in edges]).astype(np.int8)
