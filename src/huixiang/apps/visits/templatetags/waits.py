"""How are waits told? In minutes, with their interval."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from huixiang.apps.visits.forms import band_names
from huixiang.domain.statistics.survival import Reached
from huixiang.domain.waiting import Quantile
from huixiang.domain.waiting.fair import Change, Group

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


@register.filter
def group_name(group: Group) -> str:
    """How a branch stands against all."""
    return {
        Group.WORSE: _("比全行差"),
        Group.BETTER: _("比全行好"),
        Group.ALIKE: _("与全行分不出"),
        Group.UNPROVEN: _("暂无结论"),
    }[group]


@register.filter
def moved_verdict(told: str) -> str:
    """What moved a share, as a sentence."""
    return {
        "rate": _("变的是等候本身：同样的业务，等得和以前不同了。"),
        "mix": _("变的是来办什么、什么时候来，不是服务：同样的业务，没有证实等得和以前不同。"),
        "both": _("两样都变了：来的业务和时段不同了，同样的业务等得也不同了。"),
        "unproven": _("暂无结论：没有超出平常的起伏。"),
    }[told]


@register.filter
def change_name(change: Change | None) -> str:
    """What moved a branch's share beyond the others', in a word."""
    if change is None:
        return "—"
    return {
        "rate": _("等候变了"),
        "mix": _("结构变了，不是服务"),
        "both": _("结构和等候都变了"),
        "unproven": _("暂无结论"),
    }[change.told]


@register.filter
def band_name(band: str) -> str:
    """A time of the day."""
    return band_names()[band]


def _told(seconds: float) -> str:
    return f"{seconds / 60:.1f}"
