"""What can be complained of? Each cause with the classes of JR/T 0169 that a clerk would enter for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank.customers import NEEDS
from huixiang.simulation.bank.groups import GROUPS
from huixiang.simulation.bank.services import SERVICES
from huixiang.simulation.events.journeys import JOURNEYS

# The fourteen classes of business of JR/T 0169-2018.
BUSINESSES = (
    "人民币储蓄", "银行卡", "贷款", "自营理财", "债务催收", "贵金属", "支付结算", "人民币管理", "外汇", "国库",
    "银行代理", "其他中间业务", "个人金融信息", "其他",
)  # fmt: skip
SAVINGS, CARDS, LENDING, OWN_WEALTH, DEBTS, _, PAYMENTS, _, EXCHANGE, _, AGENCY, SERVICE_FEES, PERSONAL_DATA, OTHER = (
    range(len(BUSINESSES))
)
AT_THE_BRANCH, ON_THE_PHONE, IN_THE_BACK = "营业现场", "移动客户端", "中后台"  # where the business was done


@dataclass(frozen=True, slots=True)
class Cause:
    """What is complained of: our topic, the class of reason, and the business it concerns where no errand says so."""

    topic: str
    reason: str
    business: int
    channel: str = AT_THE_BRANCH


SERVICE, RULES, SYSTEMS = "服务态度及服务质量", "管理制度、业务规则与流程", "服务设施、设备、业务系统"
CAUSES = (
    Cause("branch.waiting", SERVICE, SAVINGS),
    Cause("branch.attitude", SERVICE, SAVINGS),
    Cause("process.documents", RULES, CARDS),
    Cause("fees.change", "定价收费", SERVICE_FEES),
    Cause("app.login", SYSTEMS, PAYMENTS, ON_THE_PHONE),
    Cause("loan.personal", RULES, LENDING),
    Cause("security.fraud", "消费者资金安全", CARDS),
    Cause("wealth.selling", "信息披露", AGENCY),  # insurance, funds, trusts: the bank sells them for others
    Cause("access.service", SYSTEMS, SAVINGS),
    Cause("loan.mortgage", "合同条款", LENDING),
    Cause("card.credit", "信息披露", CARDS, ON_THE_PHONE),
    Cause("loan.collection", "债务催收方式和手段", DEBTS, IN_THE_BACK),
    Cause("account.restriction", RULES, CARDS),
    Cause("privacy.data", "消费者信息安全", PERSONAL_DATA, IN_THE_BACK),
    Cause("marketing.calls", "营销方式", AGENCY, IN_THE_BACK),
    Cause("wealth.return", "产品收益", OWN_WEALTH),
    Cause("cash.exchange", RULES, EXCHANGE),
    Cause("app.transfer", SYSTEMS, PAYMENTS, ON_THE_PHONE),
    Cause("newcomers.service", RULES, CARDS),
    Cause("literacy.service", SERVICE, SAVINGS),
    Cause("language.service", SERVICE, SAVINGS),
    Cause("forces.priority", SERVICE, SAVINGS),
)
(
    WAITING, ATTITUDE, DOCUMENTS, FEES, LOGIN, LOAN, LOSS, WEALTH, ACCESS, MORTGAGE, CARD_BILL, COLLECTION, RESTRICTION,
    PRIVACY, MARKETING, RETURNS, FOREIGN, TRANSFER, *_OF_GROUPS,
) = range(len(CAUSES))  # fmt: skip
# What somebody of each group complains of besides: what the bank has of it for them.
CAUSE_OF_GROUP = np.array(
    [next((n for n, cause in enumerate(CAUSES) if cause.topic == group.topic), -1) for group in GROUPS], dtype=np.int8
)
BUSINESS_OF_CAUSE = np.array([cause.business for cause in CAUSES], dtype=np.int8)

# By service at the counter: the business that a complaint about the visit concerns, and the two causes it may have.
_OF_SERVICE: Mapping[str, tuple[int, int, int]] = {
    "cash": (SAVINGS, DOCUMENTS, RESTRICTION),
    "transfer": (PAYMENTS, DOCUMENTS, LOSS),
    "passbook": (SAVINGS, DOCUMENTS, DOCUMENTS),
    "card": (CARDS, DOCUMENTS, RESTRICTION),
    "account": (CARDS, RESTRICTION, DOCUMENTS),
    "pension": (AGENCY, DOCUMENTS, DOCUMENTS),
    "wealth": (OWN_WEALTH, WEALTH, RETURNS),
    "loss": (CARDS, LOSS, DOCUMENTS),
    "foreign": (EXCHANGE, FOREIGN, FOREIGN),
    "corporate": (PAYMENTS, DOCUMENTS, RESTRICTION),
}
BUSINESS_OF_SERVICE = np.array([_OF_SERVICE[one.code][0] for one in SERVICES], dtype=np.int8)
CAUSES_OF_SERVICE = np.array([_OF_SERVICE[one.code][1:] for one in SERVICES], dtype=np.int8)
_OF_JOURNEY: Mapping[str, int] = {
    "balance": SAVINGS, "transfer": PAYMENTS, "wealth": OWN_WEALTH, "loan": LENDING, "card_payment": CARDS,
    "mobile_number": PERSONAL_DATA,
}  # fmt: skip
BUSINESS_OF_JOURNEY = np.array([_OF_JOURNEY[one.code] for one in JOURNEYS], dtype=np.int8)

# What those who call the hotline complain of: two thirds what belongs to their main need, the rest anything.
OF_ONES_NEED = 0.65
_OF_NEED: Mapping[str, Mapping[int, float]] = {
    "储蓄结算": {RESTRICTION: 3, TRANSFER: 2, LOSS: 2, FEES: 1},
    "养老": {DOCUMENTS: 3, LOSS: 2, WEALTH: 2, ATTITUDE: 2},
    "按揭": {MORTGAGE: 5, LOAN: 2, COLLECTION: 2},
    "理财": {WEALTH: 3, RETURNS: 4, MARKETING: 2},
    "经营贷款": {LOAN: 5, COLLECTION: 3},
    "信用卡": {CARD_BILL: 5, COLLECTION: 4, PRIVACY: 1, FEES: 1},
}
_OF_ANYBODY = {ATTITUDE: 4, LOGIN: 3, RESTRICTION: 3, LOSS: 2, MARKETING: 2, PRIVACY: 1, FEES: 2, DOCUMENTS: 3}


def by_need() -> NDArray[np.float64]:
    """With what weight does somebody of each need complain of each cause? Shape (needs, causes), rows add to 1."""

    def row(weights: Mapping[int, float]) -> NDArray[np.float64]:
        filled = np.zeros(len(CAUSES))
        filled[list(weights)] = list(weights.values())
        return np.asarray(filled / filled.sum())

    own = np.stack([row(_OF_NEED[need]) for need in NEEDS])
    return np.asarray(OF_ONES_NEED * own + (1 - OF_ONES_NEED) * row(_OF_ANYBODY))
