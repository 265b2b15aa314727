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
    AnyOrder,
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

HOUR, DAY = 60.0, 16 * 60.0  # minutes; a customer's day is the waking one
SPREAD = 0.8  # of the logarithm of people's handling: no two loan files are alike
CONSUMER, MORTGAGE, BUSINESS, INSTALMENTS = "个人消费贷款", "个人住房贷款", "个人经营贷款", "信用卡大额分期"
DECLINE = Step("decline", "拒绝通知", SYSTEM, 1, 0.3)
WITHDRAW = Step("withdraw", "客户撤回", CUSTOMER, 24 * HOUR, 1.0)
PAUSE = Step("pause", "客户要求暂缓", CUSTOMER, 4 * DAY, 0.8)
CHANGES_HIS_MIND = Exit("withdrawn", 0.008, WITHDRAW)

LOAN = Process(
    code="loan",
    name="个人贷款审批",
    prefix="LN",
    expected_hours=44.0,
    pools=(
        Pool("desk", "支行贷款柜台", SUB_BRANCH, TELLER, OFFICE),
        Pool("appointments", "客户到店", SUB_BRANCH, "", OFFICE),
        Pool("errands", "客户在外办理", SUB_BRANCH, "", OFFICE),
        Pool("clerks", "分行资料岗", REGION, BACK_OFFICE, OFFICE),
        Pool("surveyors", "分行调查岗", REGION, BACK_OFFICE, OFFICE),
        Pool("approvers", "总行审批岗", HEAD_OFFICE, BACK_OFFICE, OFFICE),
    ),
    flow=(
        Do(Step("apply", "受理申请", "desk", 17, SPREAD)),
        Do(Step("screen", "系统预审", SYSTEM, 1, 0.3)),
        Exit("refused", 0.14, DECLINE),
        Loop(
            review=Step("documents", "资料审核", "clerks", 11, SPREAD),
            notice=Do(Step("remind", "电话通知补件", "clerks", 3, SPREAD), share=0.55),
            back=Step("supplement", "补充材料", CUSTOMER, 8 * HOUR, 1.0),
            share=0.34,
            rounds=4,
            lost=0.07,
            leave=WITHDRAW,
            outcome="withdrawn",
        ),
        CHANGES_HIS_MIND,
        AnyOrder(
            (
                Do(Step("fraud", "反欺诈筛查", SYSTEM, 1, 0.3)),
                Do(Step("employer", "电话核实单位", "clerks", 4, SPREAD), 0.6, (CONSUMER, MORTGAGE, INSTALMENTS)),
                Do(Step("visit", "实地走访", "surveyors", 35, SPREAD), 0.85, (BUSINESS,)),
                Do(Step("valuation", "抵押物评估", "errands", 9 * HOUR, 0.7), 1.0, (MORTGAGE,)),
                Do(Step("guarantor", "核实担保人", "clerks", 5, SPREAD), 0.3, (BUSINESS,)),
                Do(PAUSE, share=0.03),
            )
        ),
        Both(Step("credit", "征信查询", "clerks", 6.3, SPREAD), Step("income", "收入核实", "surveyors", 16, SPREAD)),
        Do(Step("limit", "额度测算", SYSTEM, 1, 0.3)),
        Exit("refused", 0.04, DECLINE),
        CHANGES_HIS_MIND,
        Loop(
            review=Step("approve", "终审审批", "approvers", 13, SPREAD),
            back=Step("clarify", "补充说明", "desk", 13, SPREAD),
            share=0.11,
            rounds=2,
            lost=0.02,
            leave=WITHDRAW,
            outcome="withdrawn",
        ),
        Check(Step("recheck", "复核", "approvers", 9)),
        Exit("refused", 0.04, DECLINE),
        CHANGES_HIS_MIND,
        Do(PAUSE, share=0.03),
        Loop(
            review=Step("call", "电话联系客户", "desk", 2.5, SPREAD),
            back=Step("call_back", "等待客户回电", CUSTOMER, 3 * HOUR, 1.0),
            share=0.45,
            rounds=6,
            lost=0.015,
            leave=WITHDRAW,
            outcome="withdrawn",
            rework=False,
        ),
        Loop(
            review=Step("appointment", "客户确认", "appointments", 6 * HOUR, 0.8),
            back=Step("rebook", "电话改约", "desk", 2.5, SPREAD),
            share=0.10,
            rounds=3,
            lost=0.05,
            leave=WITHDRAW,
            outcome="withdrawn",
            rework=False,
        ),
        CHANGES_HIS_MIND,
        Do(Step("sign", "合同签订", "desk", 19, SPREAD)),
        AnyOrder(
            (
                Do(Step("pledge", "抵押登记", "errands", 12 * HOUR, 0.7), 1.0, (MORTGAGE,)),
                Do(Step("insure", "办理保险", "errands", 3 * HOUR, 0.8), 0.35, (MORTGAGE, BUSINESS)),
            )
        ),
        Do(Step("payout", "放款", "clerks", 4.7, SPREAD)),
    ),
    outcomes=(
        Outcome("open", "办理中"),
        Outcome("approved", "通过"),
        Outcome("refused", "拒绝", -2.2),
        Outcome("withdrawn", "客户撤回", -0.8),
    ),
    products=(
        Product(CONSUMER, 0.46, 0.9, 120_000),
        Product(MORTGAGE, 0.24, 1.2, 850_000),
        Product(BUSINESS, 0.20, 1.15, 400_000),
        Product(INSTALMENTS, 0.10, 0.75, 60_000),
    ),
    channels=(("网点", 0.7), ("手机银行", 0.3)),
)
