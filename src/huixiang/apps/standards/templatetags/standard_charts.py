"""How is a standard's year drawn? A dot a month with its interval, and the target as a line."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huixiang.apps.standards.templatetags.standards import in_unit, target
from huixiang.apps.standards.yearly import Month
from huixiang.domain.standards.values import Aim

register = template.Library()
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 84, 8, 14, 24


@register.simple_tag
def standard_chart(months: Sequence[Month], aim: Aim, name: str) -> SafeString:
    """The table below it tells the same."""
    ends = [number for each in months for number in (each.found.low, each.found.high)] + [aim.target]
    least, most = min(0.0, *ends), max(ends) * 1.05 or 1.0

    def y(number: float, below: int = 0) -> str:
        return f"{HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (number - least) / (most - least) + below:.1f}"

    step = (WIDTH - LEFT - RIGHT) / max(len(months), 1)
    places = [f"{LEFT + step * (at + 0.5):.1f}" for at in range(len(months))]
    dots = format_html_join(
        "",
        '<line class="st-range" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<circle class="st-dot st-dot-{4}" cx="{0}" cy="{3}" r="5"/>'
        '<text x="{0}" y="{5}" text-anchor="middle">{6}</text>',
        ((x, y(each.found.low), y(each.found.high), y(each.found.value), each.verdict.value, HEIGHT - 6,
          each.found.period[2:]) for x, each in zip(places, months, strict=True)),
    )  # fmt: skip
    return format_html(
        '<svg class="st-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="st-target" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>{}</svg>',
        *(WIDTH, HEIGHT, _("%(name)s，每月一点；横线是现行目标 %(target)s") % {"name": name, "target": target(aim)}),
        *(
            LEFT,
            WIDTH - RIGHT,
            y(aim.target),
            y(aim.target),
            LEFT - 6,
            y(aim.target, 4),
            in_unit(aim.target, aim.measure),
        ),
        dots,
    )
