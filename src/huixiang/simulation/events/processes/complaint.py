"""投诉处理: how is a complaint handled? The hotline registers it, the region looks into it."""

from __future__ import annotations

from huixiang.simulation.bank.staff import AGENT, BACK_OFFICE, HEAD
from huixiang.simulation.events.causes import BUSINESSES
from huixiang.simulation.events.processes.definition import (
    COUNTER,
    CUSTOMER,
    HEAD_OFFICE,
    OFFICE_DAY,
    OUTLET,
    REGION,
    SERVICE_LINE,
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

WAKING_DAY = 16 * 60  # minutes
WITHDRAW = Step("withdraw", "客户撤诉", CUSTOMER, 600, 0.7)
# Beyond a month the bank decides without them, or it would miss the last limit of 60 days.
PAPERS = Step("papers", "客户补充证据", CUSTOMER, 2.2 * WAKING_DAY, 0.9, longest=32 * WAKING_DAY)
# What it is about is known before the case begins: these are the classes that the register enters (events/causes.py).
WORK = {"贷款": 1.2, "自营理财": 1.3, "银行代理": 1.3, "债务催收": 1.2}

COMPLAINT = Process(
    code="complaint",
    name="投诉处理",
    prefix="CP",
    expected_hours=30.0,
    pools=(
        Pool("agents", "客服中心投诉坐席", HEAD_OFFICE, AGENT, SERVICE_LINE),
        Pool("heads", "网点负责人", OUTLET, HEAD, COUNTER),
        Pool("handlers", "分行投诉处理岗", REGION, BACK_OFFICE, OFFICE_DAY),
        Pool("protection", "总行消费者权益保护岗", HEAD_OFFICE, BACK_OFFICE, OFFICE_DAY),
    ),
    flow=(
        Do(Step("register", "登记受理", "agents", 8)),
        Do(Step("assign", "分类派单", "protection", 5)),
        Do(Step("contact", "首次联系客户", "handlers", 9)),
        Exit("withdrawn", 0.06, WITHDRAW),
        # Here time goes by: who hands in papers of his own takes days, and a few take weeks.
        Do(PAPERS, share=0.4),
        Both(Step("evidence", "调取录音录像", "handlers", 16, 0.5), Step("explain", "网点说明情况", "heads", 35, 0.5)),
        Loop(
            review=Step("propose", "拟定处理意见", "handlers", 18, 0.5),
            back=Step("investigate", "补充调查", "handlers", 24, 0.5),
            share=0.24,
            rounds=2,
            lost=0.05,
            leave=WITHDRAW,
            outcome="withdrawn",
        ),
        Do(Step("approve", "审核答复", "protection", 11, 0.5)),
        Check(Step("recheck", "复核", "protection", 8)),
        Do(Step("answer", "答复客户", "agents", 10)),
        Do(Step("settle", "协商和解", CUSTOMER, 480, 0.8), share=0.22),
        Exit("escalated", 0.05, Step("escalate", "升级至监管转办", SYSTEM, 2)),
        Do(Step("close", "结案归档", SYSTEM, 1, 0.3)),
        Exit("unfounded", 0.31),
    ),
    outcomes=(
        Outcome("open", "处理中"),
        Outcome("resolved", "成立已解决", 0.3),
        Outcome("unfounded", "不成立", -2.0),
        Outcome("withdrawn", "客户撤诉", -0.3),
        Outcome("escalated", "升级", -3.5),
        Outcome("answered", "已答复"),  # closed as an enquiry: no way of the flow leads there (events/register.py)
    ),
    products=tuple(Product(name, 1 / len(BUSINESSES), WORK.get(name, 1.0)) for name in BUSINESSES),
    channels=(("客服热线", 0.55), ("网点", 0.2), ("手机银行", 0.15), ("监管转办", 0.1)),
)
