"""How is a shift drawn? The figure day by day, what was usual with its limits, and the days of the shift marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django import template
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huixiang.apps.standards.models import Shift

register = template.Library()
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 60, 8, 10, 24
Numbers = Sequence[float | None]
Place = Callable[[float], str]


@register.simple_tag
def shift_chart(shift: Shift, name: str, unit: str = "") -> SafeString:
    """In words beside it stands all that it shows."""
    lines, first = shift.lines, date.fromisoformat(shift.lines["first"])
    days = len(lines["value"])
    known = [number for each in ("value", "low", "high") for number in lines[each] if number is not None]
    least, most = min(known, default=0.0), max(known, default=1.0)
    span = (most - least) or 1.0

    def x(day: float) -> str:
        return f"{LEFT + (WIDTH - LEFT - RIGHT) * min(max(day, 0), days - 1) / max(days - 1, 1):.1f}"

    def y(number: float) -> str:
        return f"{HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (number - least) / span:.1f}"

    end = (shift.ended_on - first).days if shift.ended_on else days - 1
    return format_html(
        '<svg class="st-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<path class="st-band" d="{}"/>'
        '<path class="st-centre" d="{}"/><path class="st-value" d="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        _("%(name)s，%(since)s 至 %(until)s 每天一点；浅色带是平常的范围，竖带是变动的日子")
        % {"name": name, "since": first, "until": first + timedelta(days=days - 1)},
        _marked(x((shift.since - first).days), x(end)),
        _band(lines["low"], lines["high"], x, y),
        _path(lines["centre"], x, y),
        _path(lines["value"], x, y),
        _axes((least, most), unit, first, days),
    )


def _marked(begin: str, end: str) -> SafeString:
    width = f"{max(float(end) - float(begin), 2):.1f}"
    return format_html(
        '<rect class="st-shifted" x="{0}" y="{1}" width="{2}" height="{3}"/>'
        '<line class="st-since" x1="{0}" x2="{0}" y1="{1}" y2="{4}"/>',
        begin,
        TOP,
        width,
        HEIGHT - TOP - BOTTOM,
        HEIGHT - BOTTOM,
    )


def _path(numbers: Numbers, x: Place, y: Place) -> str:
    """A line that is broken where there is no number."""
    told, pen = list[str](), "M"
    for day, number in enumerate(numbers):
        if number is None:
            pen = "M"
            continue
        told.append(f"{pen}{x(day)} {y(number)}")
        pen = "L"
    return " ".join(told)


def _band(low: Numbers, high: Numbers, x: Place, y: Place) -> str:
    days = [day for day in range(len(low)) if low[day] is not None and high[day] is not None]
    if not days:
        return ""
    upper = [f"{x(day)} {y(high[day] or 0)}" for day in days]
    lower = [f"{x(day)} {y(low[day] or 0)}" for day in reversed(days)]
    return "M" + " L".join(upper + lower) + " Z"


def _axes(ends: tuple[float, float], unit: str, first: date, days: int) -> SafeString:
    behind = unit if unit in ("", "%") else f" {unit}"
    low, high = (f"{floatformat(number, '1g')}{behind}" for number in ends)
    floor, last = HEIGHT - BOTTOM, first + timedelta(days=days - 1)
    row = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
    return SafeString(
        format_html(row, LEFT - 6, TOP + 10, "end", high)
        + format_html(row, LEFT - 6, floor, "end", low)
        + format_html(row, LEFT, HEIGHT - 6, "start", first.isoformat())
        + format_html(row, WIDTH - RIGHT, HEIGHT - 6, "end", last.isoformat())
    )
