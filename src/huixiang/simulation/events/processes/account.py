"""开户: how is an account opened? The customer sits at the desk while the region's clerks look at the papers."""

from __future__ import annotations

from huixiang.simulation.bank.staff import BACK_OFFICE, TELLER
from huixiang.simulation.events.processes.definition import (
    BACKING,
    COUNTER,
    CUSTOMER,
    OUTLET,
    REGION,
    SYSTEM,
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

COMPANY, AT_THE_COUNTER = "企业结算账户", "柜面"
ACCOUNT = Process(
    code="account",
    name="开户",
    prefix="AO",
    expected_hours=1.6,
    pools=(
        Pool("desk", "网点开户柜台", OUTLET, TELLER, COUNTER),
        Pool("clerks", "分行集中作业岗", REGION, BACK_OFFICE, BACKING),
    ),
    flow=(
        Do(Step("accept", "受理申请", "desk", 6)),
        Do(Step("identity", "身份核验", "desk", 5, together=True)),
        Do(Step("registry", "联网核查", SYSTEM, 0.5, 0.5, together=True)),
        Do(Step("enter", "信息录入", "desk", 12, together=True)),
        Loop(
            review=Step("review", "集中审核", "clerks", 3.5, 0.5),
            back=Step("correct", "更正资料", "desk", 7, 0.5),
            share=0.13,
            rounds=2,
            lost=0.06,
            leave=Step("withdraw", "客户撤回", CUSTOMER, 15, 0.6),
            outcome="withdrawn",
        ),
        Check(Step("recheck", "复核", "clerks", 3)),
        Exit("refused", 0.02, Step("decline", "婉拒告知", "desk", 4)),
        Do(Step("open", "系统开户", SYSTEM, 0.4, 0.4)),
        Do(Step("deliver", "签约交付", "desk", 9)),
    ),
    outcomes=(
        Outcome("open", "办理中"),
        Outcome("opened", "已开户"),
        Outcome("refused", "未通过", -2.5),
        Outcome("withdrawn", "客户撤回", -1.2),
    ),
    products=(
        Product("个人结算账户", 0.74),
        Product(COMPANY, 0.18, 3.0, workdays=True),
        Product("个人二类账户", 0.08, 0.8),
    ),
    channels=((AT_THE_COUNTER, 0.62), ("智能柜台", 0.38)),
)
