"""个人贷款审批: how does a personal loan get approved? From the sub-branch to the region, head office and back."""

from __future__ import annotations

from huixiang.simulation.bank.staff import BACK_OFFICE, TELLER
from huixiang.simulation.events.processes.definition import (
    CUSTOMER,
    HEAD_OFFICE,
    OFFICE,
    REGION,
    SUB_BRANCH,
    SYSTEM,
    Both,
    Check,
    Do,
    Exit,
    Loop,
    Outcome,
    Pool,
    Process,
    Product,
    Step,
)

HOUR = 60.0
DECLINE = Step("decline", "拒绝通知", SYSTEM, 1, 0.3)
WITHDRAW = Step("withdraw", "客户撤回", CUSTOMER, 30 * HOUR, 0.6)

LOAN = Process(
    code="loan",
    name="个人贷款审批",
    prefix="LN",
    expected_hours=26.0,
    pools=(
        Pool("desk", "支行贷款柜台", SUB_BRANCH, TELLER, OFFICE),
        Pool("appointments", "客户到店", SUB_BRANCH, "", OFFICE),
        Pool("clerks", "分行资料岗", REGION, BACK_OFFICE, OFFICE),
        Pool("surveyors", "分行调查岗", REGION, BACK_OFFICE, OFFICE),
        Pool("approvers", "总行审批岗", HEAD_OFFICE, BACK_OFFICE, OFFICE),
    ),
    flow=(
        Do(Step("apply", "受理申请", "desk", 22)),
        Loop(
            review=Step("documents", "资料审核", "clerks", 14),
            back=Step("supplement", "补充材料", CUSTOMER, 10 * HOUR, 0.8),
            share=0.30,
            rounds=3,
            lost=0.10,
            leave=WITHDRAW,
            outcome="withdrawn",
        ),
        Both(Step("credit", "征信查询", "clerks", 8), Step("income", "收入核实", "surveyors", 20, 0.5)),
        Do(Step("limit", "额度测算", SYSTEM, 1, 0.3)),
        Exit("refused", 0.08, DECLINE),
        Do(Step("approve", "终审审批", "approvers", 16, 0.5)),
        Check(Step("recheck", "复核", "approvers", 9)),
        Exit("refused", 0.10, DECLINE),
        Do(Step("appointment", "客户确认", "appointments", 9 * HOUR, 0.7)),
        Exit("withdrawn", 0.03, WITHDRAW),
        Do(Step("sign", "合同签订", "desk", 24)),
        Do(Step("payout", "放款", "clerks", 6)),
    ),
    outcomes=(
        Outcome("open", "办理中"),
        Outcome("approved", "通过"),
        Outcome("refused", "拒绝", -2.2),
        Outcome("withdrawn", "客户撤回", -0.8),
    ),
    products=(
        Product("个人消费贷款", 0.46, 0.9, 120_000),
        Product("个人住房贷款", 0.24, 1.2, 850_000),
        Product("个人经营贷款", 0.20, 1.15, 400_000),
        Product("信用卡大额分期", 0.10, 0.75, 60_000),
    ),
    channels=(("网点", 0.7), ("手机银行", 0.3)),
)
