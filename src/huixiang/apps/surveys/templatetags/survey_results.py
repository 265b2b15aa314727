"""How do scores of a survey look on a page? NPS with its sign, means with two decimals; hidden ones as a dash."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import floatformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huixiang.apps.surveys.names import reading
from huixiang.domain.statistics import Interval
from huixiang.domain.surveys.questionnaire import Kind, Wording, worded

register = template.Library()


def rounded(number: float, digits: int) -> str:
    return str(floatformat(number, f"{digits}g"))


def _told(number: float, kind: str) -> str:
    if kind != Kind.NPS:
        return rounded(number, 2)
    text = rounded(abs(number), 1)
    return text if text == rounded(0, 1) else ("+" if number > 0 else "−") + text


@register.filter
def in_words(wording: Wording) -> str:
    """What customers read, in the reader's language where the survey has it."""
    return worded(wording, reading())


@register.filter
def p_value(p: float) -> str:
    """= 0.0603; never nought, for chance is never quite excluded."""
    return "< 0.0001" if p < 0.0001 else f"= {floatformat(p, 4)}"


@register.filter
def score(value: Interval | float | None, kind: str) -> str:
    """+31.2 for NPS, 4.13 for a mean."""
    if value is None:
        return "—"
    return _told(value.value if isinstance(value, Interval) else value, kind)


@register.filter
def score_bounds(value: Interval | None, kind: str) -> str:
    return "" if value is None else f"{_told(value.low, kind)} ~ {_told(value.high, kind)}"


@register.filter
def gap(value: Interval | None, kind: str) -> str:
    """A difference of scores: +12.3 (+4.1 ~ +20.5); of means with two decimals."""
    if value is None:
        return "—"
    digits = 1 if kind == Kind.NPS else 2
    middle, low, high = (
        ("+" if each > 0 else "−" if each < 0 else "") + rounded(abs(each), digits)
        for each in (value.value, value.low, value.high)
    )
    return f"{middle} ({low} ~ {high})"


@register.simple_tag
def bar(share: Interval | None, tone: str = "") -> SafeString | str:
    """A share as a bar with a whisker for its interval; the numbers stand beside it."""
    if share is None:
        return ""
    low, high, value = (round(100 * each, 2) for each in (share.low, share.high, share.value))
    label = _("95%% 区间 %(low)s%%–%(high)s%%") % {"low": rounded(low, 1), "high": rounded(high, 1)}
    return format_html(
        '<svg class="hx-share{}" width="100%" height="16" role="img" aria-label="{}"><rect width="{}%" '
        'height="10" y="3" rx="2"/><line x1="{}%" x2="{}%" y1="8" y2="8"/></svg>',
        f" hx-share-{tone}" if tone else "",
        label,
        value,
        low,
        high,
    )


@register.simple_tag
def split(good: float, middle: float, bad: float) -> SafeString:
    """Three shares that make up the whole, as one bar."""
    left = 0.0
    parts = []
    for tone, share in (("good", good), ("middle", middle), ("bad", bad)):
        parts.append(
            format_html('<rect class="hx-split-{}" x="{}%" width="{}%" height="12"/>', tone, left, 100 * share)
        )
        left += 100 * share
    return format_html(
        '<svg class="hx-split" width="100%" height="12" aria-hidden="true">{}{}{}</svg>', parts[0], parts[1], parts[2]
    )
