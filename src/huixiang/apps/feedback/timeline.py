"""How do volume and discontent run over time? Counts by day, week or month, without gaps, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huixiang.domain.statistics import Interval, share
from huixiang.lake.questions import Count

By = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Step:
    """One day, week or month. `share` is the share of negative voices; None where nobody spoke."""

    first: date
    label: str
    count: Count
    share: Interval | None
    is_partial: bool = False  # it has not ended yet


def fitting(since: date, until: date) -> By:
    """Which step makes a line one can read: some 10 to 60 points."""
    days = (until - since).days + 1
    return "day" if days <= 45 else "week" if days <= 210 else "month"


def steps(counts: Sequence[Count], by: By, today: date) -> list[Step]:
    """All steps from the first to the last with a voice, those without one too: a silence is not a gap."""
    found = {_as_date(count.key): count for count in counts}
    if not found:
        return []
    first, last, line = min(found), max(found), []
    while first <= last:
        count = found.get(first, Count(first, 0, 0, 0))
        following = _next(first, by)
        is_partial = first <= today < following - timedelta(days=1)
        label = _("%(step)s（未完）") % {"step": _label(first, by)} if is_partial else _label(first, by)
        line.append(Step(first, label, count, share(count.negative, count.total), is_partial))
        first = following
    return line


def chart(line: Sequence[Step]) -> dict[str, Any]:
    """What charts.js draws: numbers in lists; shares in percent, null where nobody spoke."""
    return {
        "labels": [step.label for step in line],
        "partial": [step.is_partial for step in line],
        "negative": [step.count.negative for step in line],
        "neutral": [step.count.neutral for step in line],
        "positive": [step.count.positive for step in line],
        "share": [_percent(step.share, "value") for step in line],
        "low": [_percent(step.share, "low") for step in line],
        "high": [_percent(step.share, "high") for step in line],
    }


def _percent(interval: Interval | None, end: str) -> float | None:
    """Rounded as the page beside it rounds, half up: both must tell the same number."""
    if interval is None:
        return None
    return float(Decimal(repr(100 * float(getattr(interval, end)))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _as_date(key: str | date) -> date:
    return key if isinstance(key, date) else date.fromisoformat(f"{key}-01" if len(key) == 7 else key)


def _next(day: date, by: By) -> date:
    if by == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if by == "week" else 1)


def _label(day: date, by: By) -> str:
    if by == "month":
        return date_format(day, "Y-m")
    return date_format(day, "m-d") if by == "day" else _("%(day)s 起") % {"day": date_format(day, "Y-m-d")}
