"""How are levels, points and severities told on pages?"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.inspections.exporting import LEVELS, called_line
from huixiang.apps.standards.names import reads_chinese
from huixiang.domain.inspections.scoring import FULLY
from huixiang.domain.statistics import Interval

register = template.Library()
_STATES = {
    "open": "bg-yellow-lt",
    "disputed": "bg-blue-lt",
    "confirmed": "bg-red-lt",
    "drawn": "bg-yellow-lt",
    "approved": "bg-green-lt",
    "returned": "bg-red-lt",
    "planned": "bg-yellow-lt",
    "done": "bg-green-lt",
}
_VERBS = {
    "raise": gettext_lazy("发现问题"),
    "accept": gettext_lazy("认领"),
    "dispute": gettext_lazy("申诉"),
    "lapse": gettext_lazy("逾期未答，视为认领"),
    "uphold": gettext_lazy("裁定：维持"),
    "change": gettext_lazy("裁定：改判"),
    "withdraw": gettext_lazy("裁定：撤销"),
}

register.filter("line_text", called_line)


@register.filter
def level_name(level: int | None) -> str:
    return str(LEVELS[level])


@register.filter
def is_short(level: int | None) -> bool:
    return level is not None and level < FULLY


@register.filter
def state_colour_of(state: str) -> str:
    return _STATES.get(state, "")


@register.filter
def finding_verb(verb: str) -> str:
    return str(_VERBS.get(verb, verb))


@register.filter
def scored(row: Any) -> str:
    """7 / 8."""
    return "—" if row.points is None else f"{floatformat(row.points, '-1')} / {row.most}"


@register.filter
def in_points(found: Interval | None) -> str:
    """+3.2 个百分点（+0.8 至 +5.6）: a severity, in percentage points."""
    if found is None:
        return _("暂无结论")
    value, low, high = (_signed(each) for each in (found.value, found.low, found.high))
    return _("%(value)s 个百分点（%(low)s 至 %(high)s）") % {"value": value, "low": low, "high": high}


@register.filter
def leans(found: Any) -> str:
    """Harsh, lenient, or nothing proven: of a Severity."""
    if not found.is_proven:
        return _("未证实偏严或偏宽") if found.told else _("暂无结论")
    return _("偏严") if found.told.value > 0 else _("偏宽")


def _signed(number: float) -> str:
    return ("+" if number > 0 else "−" if number < 0 else "") + str(floatformat(abs(number), 1))


@register.filter
def minutes_clock(minute: int | None) -> str:
    """09:35."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


@register.filter
def phrase_name(phrase: Any) -> str:
    return str(phrase.name if reads_chinese() else phrase.english)


@register.filter
def repeated_text(row: dict[str, Any]) -> str:
    return str(row["answer__text"] if reads_chinese() else row["answer__english"])
