"""How are rates, chances and failures told?"""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.domain.statistics import Interval

register = template.Library()


@register.filter
def percent(value: float) -> str:
    return f"{100 * value:.0f}%"


@register.filter
def rate(value: Interval | None) -> str:
    """23% (19–28): a rate of few says little, and shows it."""
    return f"{100 * value.value:.0f}% ({100 * value.low:.0f}–{100 * value.high:.0f})" if value else "—"


@register.filter
def times(value: Interval | None) -> str:
    """How many times as often were the displeased asked as the others?"""
    if value is None:
        return "—"
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})"


@register.filter
def failure(why: str) -> str:
    """What may be done about it."""
    kind, _space, code = why.partition(" ")
    if why in {"address", "contact"}:
        return {"address": _("地址写法不对"), "contact": _("联系方式打不开（密钥换过）")}[why]
    if why == "SMTP 550":
        return _("收件地址不存在（550）")
    if kind in {"SMTP", "HTTP"}:
        where = _("邮件服务器") if kind == "SMTP" else _("短信平台")
        return _("%(where)s拒绝（%(code)s）") % {"where": where, "code": code}
    return _("连不上（%(why)s）") % {"why": why}
