"""Which of the bank's figures have moved? Watched every night, each shift kept as a row and told once, ended once.

docs/methods/control-charts.md tells how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from huixiang.apps.standards import charting
from huixiang.apps.standards.charting import Figure
from huixiang.apps.standards.leading import lead
from huixiang.apps.standards.models import Shift, ShiftWatch
from huixiang.domain.calendar import mainland
from huixiang.domain.statistics.control import REACH, Alert, Chart, Series, Watch, alerts, chart, ended_on
from huixiang.domain.statistics.control.usual import Days

LEARNED = 365  # days that tell what is usual
GUARD = 28  # days before the look that are not learned from: a slow shift would make itself usual
SPAN = LEARNED + GUARD + REACH  # days that are read
FEWEST_DAYS = 56  # with a value among those learned: eight of each weekday
FEWEST = 30  # counted among them: below, nothing but a flood could be told
MOST_A_YEAR = 1.0  # false alarms of all charts together, as the model reckons them; see docs/methods
SHOWN = 120  # days on a chart


@dataclass(frozen=True, slots=True)
class Charted:
    """One figure of one unit, with the shifts of it that are known, the newest first."""

    figure: Figure
    unit: str
    series: Series
    known: Sequence[Shift]

    @property
    def open(self) -> Shift | None:
        return next((shift for shift in self.known if shift.ended_on is None), None)

    def chart(self, until: date) -> Chart | None:
        """What was usual before the look of `until`; None where too little is known to tell."""
        last = until - timedelta(days=GUARD)
        if shift := self.open:  # as when it was told: what came with it is not usual
            last = min(shift.raised_on - timedelta(days=GUARD), shift.since_earliest - timedelta(days=1))
        days = self._learned(last)
        if (days & self.series.told).sum() < FEWEST_DAYS:
            return None
        if self.series.is_counted and self.series.values[days & self.series.told].sum() < FEWEST:
            return None
        return chart(self.series, days)

    def _learned(self, last: date) -> Days:
        """The year up to `last`, without what moved in it; after a new level only what came since."""
        at = np.arange(len(self.series)) - self.series.index(last)
        days: Days = (at <= 0) & (at > -LEARNED)
        for shift in self.known:
            begin, end = self.series.index(shift.since_earliest), self.series.index(shift.ended_on or last)
            if shift.is_new_level:
                days[: max(0, self.series.index(shift.since_latest))] = False
                break  # what moved before it is left out as well
            days[max(0, begin) : max(0, end + 1)] = False
        return days


def watch(now: datetime) -> int:
    """The nightly round's part: end what is over, look at each day since the last look. How many shifts are new?

    Yesterday is the last whole day. Asked twice in a night it finds nothing to do.
    """
    until = timezone.localdate(now) - timedelta(days=1)
    last = ShiftWatch.objects.order_by("-on").values_list("on", flat=True).first()
    if last and last >= until:
        return 0
    begin = max(until - timedelta(days=GUARD - 1), last + timedelta(days=1) if last else date.min)
    found = [(each, line) for each in charts(until) if (line := each.chart(until))]
    watch_ = Watch(min(Watch().false_a_year, MOST_A_YEAR / max(len(found), 1)))
    with transaction.atomic():
        raised = sum(_looked(each, line, begin, watch_) for each, line in found)
        _leave({(each.figure.code, each.unit) for each, _line in found}, until)
        lead([(each.figure.code, each.unit) for each, _line in found])
        ShiftWatch.objects.create(
            on=until, charts=len(found), false_a_year=watch_.false_a_year * len(found), raised=raised
        )
    return raised


def charts(until: date) -> Iterator[Charted]:
    """Everything that is watched, with its facts up to `until`."""
    since, calendar = until - timedelta(days=SPAN - 1), mainland()
    breaks = frozenset(calendar.holidays) | frozenset(calendar.make_up)
    known: dict[tuple[str, str], list[Shift]] = {}
    for shift in Shift.objects.order_by("-raised_on"):
        known.setdefault((shift.figure, shift.unit), []).append(shift)
    for figure in charting.figures():
        for unit, counts in sorted(figure.daily(since, until).items()):
            series = Series(since, counts.values, figure.kind, counts.of, breaks)
            yield Charted(figure, unit, series, known.get((figure.code, unit), ()))


def _looked(each: Charted, line: Chart, begin: date, rule: Watch) -> int:
    """End the open shift if it is over, or keep what is new. How many are new?"""
    if shift := each.open:
        over = ended_on(line, shift.alert, len(each.series))
        shift.ended_on, shift.lines, shift.excess = over, lines(line, each.figure), _excess(line, shift.since)
        shift.save(update_fields=["ended_on", "lines", "excess"])
        return 0
    told = max((shift.ended_on for shift in each.known if shift.ended_on), default=None)
    first = each.series.index(begin)
    found = alerts(line, first, len(each.series), rule, told)
    for alert in found:
        _keep(each, line, alert)
    return len(found)


def _keep(each: Charted, line: Chart, alert: Alert) -> None:
    Shift.objects.create(
        figure=each.figure.code,
        unit=each.unit,
        is_up=alert.is_up,
        raised_on=alert.raised_on,
        since=alert.since,
        since_earliest=alert.since_earliest,
        since_latest=alert.since_latest,
        window_days=alert.window,
        p=alert.p,
        size=alert.size.value,
        size_low=alert.size.low,
        size_high=alert.size.high,
        excess=_excess(line, alert.since),
        ended_on=alert.ended_on,
        lines=lines(line, each.figure),
    )


def _excess(line: Chart, since: date) -> float | None:
    """How many more than usual were counted from this day on?"""
    if not line.series.is_counted:
        return None
    days = line.series.told & (np.arange(len(line.series)) >= line.series.index(since))
    return round(float((line.series.values - line.usual.mean)[days].sum()), 2)


def _leave(charted: set[tuple[str, str]], until: date) -> None:
    """A shift of what is no longer charted (a unit closed, its facts gone) is over: nobody could see its end."""
    for shift in Shift.objects.open():
        if (shift.figure, shift.unit) not in charted:
            shift.ended_on = until
            shift.save(update_fields=["ended_on"])


def lines(line: Chart, figure: Figure) -> dict[str, Any]:
    """What the page draws: the first day, and of each day the value, what was usual and its limits."""
    series, first = line.series, max(0, len(line.series) - SHOWN)
    low, centre, high = line.band
    value = series.values
    if series.is_counted and series.of is not None:
        value = np.divide(value, series.of, out=np.full(len(value), np.nan), where=series.of > 0)
    times = figure.shown.times if series.is_counted else 1
    shown = {"value": value, "low": low, "centre": centre, "high": high}
    return {"first": f"{series.day(first)}"} | {
        name: [_rounded(number * times) for number in numbers[first:]] for name, numbers in shown.items()
    }


def _rounded(number: float) -> float | None:
    return round(float(number), 4) if np.isfinite(number) else None
