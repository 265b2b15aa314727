"""How are waits told? In minutes, with their interval."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.domain.statistics.survival import Reached
from huixiang.domain.waiting import Quantile

register = template.Library()


@register.filter
def minutes(found: Quantile | Reached | None) -> str:
    if found is None or found.value is None:
        return "—"
    return _("%(minutes)s 分钟") % {"minutes": _told(found.value)}


@register.filter
def minutes_plain(found: Quantile) -> str:
    return f"{found.value / 60:.0f}"


@register.filter
def minute_bounds(found: Quantile | Reached | None) -> str:
    """The interval; without an upper end: at least."""
    if found is None or found.low is None:
        return ""
    if found.high is None:
        return _("至少 %(low)s") % {"low": _told(found.low)}
    return f"{_told(found.low)}–{_told(found.high)}"


@register.filter
def seconds_in_minutes(seconds: int | None) -> str:
    return "—" if seconds is None else _told(seconds)


def _told(seconds: float) -> str:
    return f"{seconds / 60:.1f}"
