"""How do numbers, intervals and icons look on every page? The small words our templates speak."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
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


@register.filter
def percent(value: float | Interval | None) -> str:
    """23.4%, from a share on 0..1 or its interval; a dash where there is no data."""
    if value is None:
        return "—"
    number = value.value if isinstance(value, Interval) else value
    return number_format(100 * number, 1) + "%"


@register.filter
def bounds(value: Interval | None) -> str:
    """21.0%–25.9%: the 95 % interval of a share."""
    return "" if value is None else f"{number_format(100 * value.low, 1)}%–{number_format(100 * value.high, 1)}%"


def _signed(number: float, digits: int = 1) -> str:
    # A true minus sign, and no "+0.0": what rounds to nothing has no direction.
    text = number_format(abs(number), digits)
    if float(f"{abs(number):.{digits}f}") == 0:
        return text
    return ("+" if number > 0 else "−") + text


@register.filter
def points(value: Interval | None) -> str:
    """+2.1 个百分点: a difference of shares."""
    if value is None:
        return "—"
    return _("%(number)s 个百分点") % {"number": _signed(100 * value.value)}


@register.filter
def point_bounds(value: Interval | None) -> str:
    """+0.4–+3.8: the 95 % interval of a difference, in percentage points."""
    return "" if value is None else f"{_signed(100 * value.low)} ~ {_signed(100 * value.high)}"


@register.filter
def change(value: Interval | None) -> str:
    """+12%: a ratio shown as growth."""
    return "—" if value is None else _signed(100 * (value.value - 1), 0) + "%"


@register.filter
def change_bounds(value: Interval | None) -> str:
    return "" if value is None else f"{_signed(100 * (value.low - 1), 0)}% ~ {_signed(100 * (value.high - 1), 0)}%"


@register.filter
def at(value: float) -> str:
    """Where on a scale of 0..100 a share lies, for SVG attributes: always with a point, whatever the language."""
    return f"{100 * value:.2f}"
