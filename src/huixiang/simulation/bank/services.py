"""What do people come to the counter for? Each service with how often, how long and at which counter."""

from __future__ import annotations

from dataclasses import dataclass

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
    corporate: bool = False


SERVICES = (
    Service("cash", "现金存取", "储蓄", 0.29, 4.6, 0.55),
    Service("transfer", "转账汇款", "支付结算", 0.13, 5.5, 0.50),
    Service("passbook", "存折补登", "储蓄", 0.08, 2.8, 0.40),
    Service("card", "开卡换卡", "借记卡", 0.12, 13.0, 0.45),
    Service("account", "账户信息变更", "借记卡", 0.11, 10.0, 0.55),
    Service("pension", "社保卡与养老金", "储蓄", 0.08, 7.5, 0.50),
    Service("wealth", "理财购买", "理财", 0.06, 16.0, 0.55),
    Service("loss", "挂失补办", "借记卡", 0.04, 9.0, 0.45),
    Service("foreign", "外汇业务", "外汇", 0.02, 13.0, 0.50),
    Service("corporate", "对公结算", "企业结算", 0.07, 9.0, 0.60, corporate=True),
)
