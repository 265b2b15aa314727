"""What are the parts of a standard called on pages?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huixiang.apps.standards.models import State
from huixiang.domain.standards.catalogue import Kind
from huixiang.domain.standards.conformance import Verdict
from huixiang.domain.standards.linting import Fails
from huixiang.domain.standards.values import ClockUnit, Governs, Trust

GOVERNS = {
    Governs.LOOKS: _("仪容仪表"),
    Governs.WORDS: _("服务用语"),
    Governs.ENVIRONMENT: _("服务环境"),
    Governs.HANDLING: _("办理时限"),
    Governs.WAITING: _("等候时长"),
    Governs.COMPLAINTS: _("投诉响应"),
    Governs.HOTLINE: _("电话接通"),
    Governs.DIGITAL: _("渠道可用"),
    Governs.VERDICT: _("客户评价"),
}
TRUSTS = {
    Trust.KNOWN: _("通行做法，未见文件"),
    Trust.SEARCHED: _("检索所得，未读原文"),
    Trust.READ: _("已读原文"),
    Trust.OWN: _("本行自定"),
}
KINDS = {
    Kind.PERCENTILE: _("分位数"),
    Kind.SHARE: _("占比"),
    Kind.MEAN: _("平均"),
    Kind.CHECKLIST: _("检查得分"),
    Kind.CLOCK: _("按时占比"),
}
VERDICTS = {
    Verdict.MET: _("达标"),
    Verdict.NEAR: _("接近"),
    Verdict.MISSED: _("未达标"),
    Verdict.UNPROVEN: _("暂无结论"),
}
VERDICT_COLOURS = {Verdict.MET: "bg-green-lt", Verdict.NEAR: "bg-yellow-lt", Verdict.MISSED: "bg-red-lt"}
FAILS = {
    Fails.UNMEASURABLE: _("测不了"),
    Fails.CONTRADICTORY: _("互相矛盾"),
    Fails.UNTAUGHT: _("没人教"),
    Fails.UNCHECKED: _("没人查"),
    Fails.OWNERLESS: _("没人管"),
    Fails.WEIGHTS: _("权重不合"),
}
CLOCKS = {"first_contact": _("首次联系投诉人"), "acceptance": _("告知是否受理"), "reply": _("作出决定并告知")}
CLOCK_UNITS = {
    ClockUnit.CALENDAR_DAYS: _("日"),
    ClockUnit.WORKING_DAYS: _("工作日"),
    ClockUnit.BUSINESS_HOURS: _("营业小时"),
}
PARAMETERS = {"minutes": _("超过几分钟"), "seconds": _("几秒内")}
STATES = {
    State.DRAFT: "bg-blue-lt",
    State.SUBMITTED: "bg-yellow-lt",
    State.APPROVED: "bg-green-lt",
    State.RETURNED: "bg-red-lt",
}


def reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def called(thing: Any) -> str:
    """The title of a standard or measure: Chinese, or English for who reads English."""
    return str(thing.title if reads_chinese() else thing.english)
