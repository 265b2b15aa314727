"""How is a distribution of days drawn and told? As steps with their band; the numbers stand beside in words."""

from __future__ import annotations

import numpy as np
from django import template
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huixiang.domain.complaints.handling import HandlingTimes
from huixiang.domain.statistics.survival import Floats, Incidence, Reached

register = template.Library()
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 240, 44, 34, 10
MOST_STEPS = 400
MARKS = (7, 15, 30, 60, 90, 180, 365)


@register.filter
def days(found: Reached) -> str:
    """12.3（9.0–15.1）天; what was not reached is told so."""
    if found.value is None:
        return _("观察期内未达到")
    low = "?" if found.low is None else floatformat(found.low, "1g")
    high = "?" if found.high is None else floatformat(found.high, "1g")
    return _("%(value)s 天（%(low)s–%(high)s）") % {"value": floatformat(found.value, "1g"), "low": low, "high": high}


@register.simple_tag
def incidence_curve(times: HandlingTimes) -> SafeString:
    """The shares answered and withdrawn by each day, with the band of the first."""
    longest = max(times.waiting.longest, 1.0)
    label = _("到每一天为止已答复与已撤回的投诉占全部的比例，共 %(days)s 天；浅色带是已答复的 95%% 区间") % {
        "days": floatformat(longest, "0g")
    }
    marks = [each for each in MARKS if each <= longest][-5:]
    return format_html(
        '<svg class="hx-curve" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        SafeString("".join(_grid(marks, longest))),
        format_html('<path class="hx-curve-band" d="{}"/>', _band(times.answered, longest)),
        format_html('<path class="hx-curve-withdrawn" d="{}"/>', _line(times.withdrawn, longest)),
        format_html('<path class="hx-curve-answered" d="{}"/>', _line(times.answered, longest)),
    )


GRID_ROW = (
    '<line class="hx-curve-grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}%</text>'
)
GRID_DAY = (
    '<line class="hx-curve-grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
    '<text x="{0}" y="{3}" text-anchor="middle">{4}</text>'
)


def _grid(marks: list[int], longest: float) -> list[SafeString]:
    floor = HEIGHT - BOTTOM
    rows = [(_y(part), round(100 * part)) for part in (0, 0.25, 0.5, 0.75, 1)]
    lines = [format_html(GRID_ROW, LEFT, WIDTH - 8, y, y, LEFT - 6, float(y) + 4, part) for y, part in rows]
    named = [(_x(mark, longest), _("%(days)s 天") % {"days": mark}) for mark in marks]
    return lines + [format_html(GRID_DAY, x, TOP, floor, floor + 18, name) for x, name in named]


def _line(found: Incidence, longest: float) -> str:
    return "M" + " L".join(_steps(found.times, found.share, longest))


def _band(found: Incidence, longest: float) -> str:
    """Where no interval can be given there is no band."""
    known = np.isfinite(found.low) & np.isfinite(found.high)
    if not known.any():
        return ""
    times = found.times[known]
    upper = _steps(times, found.high[known], longest)[1:]
    lower = _steps(times, found.low[known], longest)[1:]
    return "M" + " L".join(upper + lower[::-1]) + " Z"


def _steps(times: Floats, share: Floats, longest: float) -> list[str]:
    """A staircase; of very many steps so many as a screen can show."""
    # Never more places than there are steps.
    places: list[int] = sorted({int(each) for each in np.linspace(0, max(times.size - 1, 0), MOST_STEPS)})
    found, last = [f"{_x(0, longest)} {_y(0)}"], 0.0
    for place in places if times.size else ():
        x, level = _x(float(times[place]), longest), float(share[place])
        found += [f"{x} {_y(last)}", f"{x} {_y(level)}"]
        last = level
    return [*found, f"{_x(longest, longest)} {_y(last)}"]


def _x(day: float, longest: float) -> str:
    return f"{LEFT + (WIDTH - 8 - LEFT) * day / longest:.1f}"


def _y(part: float) -> str:
    return f"{HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part:.1f}"
