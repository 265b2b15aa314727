"""How are shares near 100 %, minutes and times told on the pages of the digital channels?"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from huixiang.domain.statistics import Interval

register = template.Library()


def rounded(number: float, digits: int = 0) -> str:
    """As people round, half up, in the reader's language."""
    return str(floatformat(number, f"{digits}g"))


@register.filter
def fine_percent(found: Interval | None) -> str:
    """99.967 %: where the third decimal is what counts."""
    return "—" if found is None else f"{rounded(100 * found.value, 3)}%"


@register.filter
def fine_bounds(found: Interval | None) -> str:
    return "" if found is None else f"{rounded(100 * found.low, 3)}%–{rounded(100 * found.high, 3)}%"


@register.filter
def heat_percent(part: float) -> str:
    return rounded(100 * part, 1)


@register.filter
def told_minutes(minutes: float | None) -> str:
    return "—" if minutes is None else _("%(minutes)s 分钟") % {"minutes": rounded(minutes, 1)}


@register.filter
def whole_minutes(minutes: int) -> str:
    return _("%(minutes)s 分钟") % {"minutes": rounded(minutes)}


@register.filter
def told_tries(found: Interval | None) -> str:
    """5.3 次操作: the mean of what was done."""
    return "—" if found is None else _("%(number)s 次操作") % {"number": rounded(found.value, 1)}


@register.filter
def told_seconds(found: Interval | None) -> str:
    if found is None:
        return ""
    told = {"value": rounded(found.value), "low": rounded(found.low, 1), "high": rounded(found.high, 1)}
    return _("平均 %(value)s 秒（%(low)s–%(high)s）") % told


@register.filter
def more_points(found: Interval) -> str:
    """By how much greater is a share, in points."""
    told = {name: rounded(100 * getattr(found, name), 1) for name in ("value", "low", "high")}
    return _("%(value)s 个百分点（%(low)s 至 %(high)s）") % told


@register.filter
def told_times(found: Interval) -> str:
    told = {name: rounded(getattr(found, name), 1) for name in ("value", "low", "high")}
    return _("%(value)s 倍（%(low)s 至 %(high)s）") % told


@register.filter
def band_name(band: str) -> str:
    """30–44 岁; of nobody knows which: 年龄未知."""
    if not band:
        return _("年龄未知")
    low, _dash, high = band.partition("-")
    if not high:
        return _("%(low)s 岁及以上") % {"low": low.rstrip("+")}
    return _("%(low)s–%(high)s 岁") % {"low": low, "high": high}


@register.filter
def joined(words: Sequence[str]) -> str:
    return _("、").join(words)
