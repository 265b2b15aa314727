"""手机银行激活: how does a customer get mobile banking? At home by day and night, with a video call for some."""

from __future__ import annotations

from huixiang.simulation.bank.staff import AGENT
from huixiang.simulation.events.processes.definition import (
    CUSTOMER,
    HEAD_OFFICE,
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

CARE = "手机银行关爱版"
ACTIVATION = Process(
    code="activation",
    name="手机银行激活",
    prefix="MB",
    expected_hours=0.6,
    pools=(Pool("agents", "总行远程核身坐席", HEAD_OFFICE, AGENT, SERVICE_LINE),),
    flow=(
        Do(Step("apply", "注册申请", CUSTOMER, 3)),
        Both(Step("phone", "手机号核验", SYSTEM, 0.5, 0.6), Step("registry", "联网核查", SYSTEM, 0.5, 0.6)),
        Loop(
            review=Step("face", "人脸识别", SYSTEM, 0.4, 0.4),
            back=Step("retake", "重新拍摄", CUSTOMER, 3, 0.7),
            share=0.22,
            rounds=3,
            lost=0.08,
            leave=Step("give_up", "放弃办理", CUSTOMER, 5, 0.6),
            outcome="withdrawn",
        ),
        Do(Step("video", "远程视频核身", "agents", 7.5, 0.45), share=0.45),
        Check(Step("recheck", "复核", "agents", 4)),
        Do(Step("risk", "风险评估", SYSTEM, 0.3, 0.4)),
        Exit("refused", 0.03, Step("decline", "拒绝通知", SYSTEM, 0.3, 0.3)),
        Do(Step("bind", "绑定设备", CUSTOMER, 4, 0.7)),
        Do(Step("activate", "开通生效", SYSTEM, 0.3, 0.4)),
    ),
    outcomes=(
        Outcome("open", "办理中"),
        Outcome("activated", "已激活"),
        Outcome("refused", "未通过", -2.5),
        Outcome("withdrawn", "放弃", -1.8),
    ),
    products=(Product("手机银行标准版", 0.8), Product(CARE, 0.2, 1.35)),
    channels=(("手机银行", 0.78), ("网点扫码", 0.22)),
)
