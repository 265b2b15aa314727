"""How do numbers, intervals and icons look on every page? The small words our templates speak."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import floatformat
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huixiang import __version__
from huixiang.domain.statistics import Interval

register = template.Library()


@register.simple_tag
def product_version() -> str:
    return __version__


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An outline from the sprite; decoration only, so the words beside it must say the same."""
    return format_html(
        '<svg class="hx-icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"></use></svg>',
        size,
        static("vendor/icons.svg"),
        name,
    )


def rounded(number: float, digits: int = 0) -> str:
    """As people round, half up; number_format would cut 23.47 to 23.4."""
    return str(floatformat(number, f"{digits}g"))


@register.filter
def percent(value: float | Interval | None) -> str:
    """23.4%, from a share on 0..1 or its interval; a dash where there is no data."""
    if value is None:
        return "—"
    number = value.value if isinstance(value, Interval) else value
    return rounded(100 * number, 1) + "%"


@register.filter
def whole_percent(value: float) -> str:
    """50%: the end of a scale."""
    return rounded(100 * value) + "%"


@register.filter
def bounds(value: Interval | None) -> str:
    """21.0%–25.9%: the 95 % interval of a share."""
    return "" if value is None else f"{rounded(100 * value.low, 1)}%–{rounded(100 * value.high, 1)}%"


def _signed(number: float, digits: int = 1) -> str:
    # A true minus sign, and no "+0.0": what rounds to nothing has no direction.
    text = rounded(abs(number), digits)
    if text == rounded(0, digits):
        return text
    return ("+" if number > 0 else "−") + text


def _bound(number: float, digits: int = 1) -> str:
    """The end of an interval: its sign tells whether 0 lies outside, so near 0 more decimals are shown."""
    near = next((each for each in range(digits, digits + 3) if rounded(abs(number), each) != rounded(0, each)), digits)
    return _signed(number, near)


@register.filter
def points(value: Interval | None) -> str:
    """+2.1 个百分点: a difference of shares."""
    if value is None:
        return "—"
    return _("%(number)s 个百分点") % {"number": _signed(100 * value.value)}


@register.filter
def signed_points(value: Interval | None) -> str:
    """+2.1, where the head of the column names the unit."""
    return "—" if value is None else _signed(100 * value.value)


@register.filter
def point_bounds(value: Interval | None) -> str:
    """+0.4–+3.8: the 95 % interval of a difference, in percentage points."""
    return "" if value is None else f"{_bound(100 * value.low)} ~ {_bound(100 * value.high)}"


@register.filter
def change(value: Interval | None) -> str:
    """+12%: a ratio shown as growth."""
    return "—" if value is None else _signed(100 * (value.value - 1), 0) + "%"


@register.filter
def change_bounds(value: Interval | None) -> str:
    return "" if value is None else f"{_bound(100 * (value.low - 1), 0)}% ~ {_bound(100 * (value.high - 1), 0)}%"


@register.simple_tag
def dots(value: Interval, overall: Interval | None, ceiling: float) -> SafeString:
    """A dot with whiskers on a scale from 0 to `ceiling`; a thin line where the whole stands; numbers stand beside."""
    places = [_place(number / ceiling) for number in (value.low, value.high, value.value)]
    mean = "" if overall is None else _place(overall.value / ceiling)
    line = format_html('<line class="hx-dots-mean" x1="{0}" x2="{0}" y1="0" y2="18"/>', mean) if mean else ""
    return format_html(
        '<svg class="hx-dots-svg" width="100%" height="18" role="img" aria-label="{}">{}'
        '<line class="hx-dots-range" x1="{}" x2="{}" y1="9" y2="9"/><circle cx="{}" cy="9" r="4.5"/></svg>',
        _("95%% 区间 %(bounds)s") % {"bounds": bounds(value)},
        line,
        *places,
    )


@register.simple_tag
def bar(value: float, kind: str) -> SafeString:
    """A bar of a share on 0..1, in the colour of its kind. The number stands beside it."""
    return format_html(
        '<svg class="hx-bar-svg hx-{}" width="100%" height="8" aria-hidden="true" focusable="false">'
        '<rect class="hx-bar-ground" width="100%" height="8" rx="4"/><rect width="{}" height="8" rx="4"/></svg>',
        kind,
        _place(value),
    )


def _place(share: float) -> str:
    """Always with a point, whatever the language: it is an SVG attribute."""
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"
