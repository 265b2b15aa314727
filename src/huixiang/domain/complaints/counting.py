"""How much of a limit has run, and when is it used up? Over the stretches between pauses and hand-overs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from huixiang.domain.complaints.hours import Days, OpenHours, day_of
from huixiang.domain.complaints.rules import Unit
from huixiang.domain.complaints.running import Run

HOUR = 3_600
_FOREVER = 1 << 60


class Stretch(NamedTuple):
    """From after `start` up to and with `end`, in days or seconds; `upto` counts, `when` finds the n-th."""

    start: int
    end: int
    upto: Callable[[int], int]
    when: Callable[[int], int]


class Counting:
    """Counts in one unit of time: days by the calendar, working days, or seconds of open hours."""

    def __init__(self, unit: Unit, days: Days, hours: Mapping[str, OpenHours], office: OpenHours) -> None:
        self._in_days, self._hours, self._office = unit is not Unit.BUSINESS_HOURS, hours, office
        self.scale = 1 if self._in_days else HOUR
        whole = unit is Unit.CALENDAR_DAYS
        self._upto: Callable[[int], int] = int if whole else days.worked
        self._when: Callable[[int], int] = int if whole else days.when_worked

    def due(self, run: Run) -> int | None:
        """The day or moment with which the limit is used up; None where it stands still before."""
        left = run.amount * self.scale
        for stretch in self._stretches(run, paused=True):
            begun = stretch.upto(stretch.start)
            if stretch.end >= _FOREVER or stretch.upto(stretch.end) - begun >= left:
                return stretch.when(begun + left)
            left -= stretch.upto(stretch.end) - begun
        return None

    def elapsed(self, run: Run, until: int) -> tuple[float, float]:
        """How much has run up to a moment, and how much was paused, in the clock's own unit."""
        last = self.place(until)
        ran, all_ = (
            sum(each.upto(min(each.end, last)) - each.upto(each.start) for each in stretches if each.start < last)
            for stretches in (self._stretches(run, paused=True), self._stretches(run, paused=False))
        )
        return round(ran / self.scale, 2), round((all_ - ran) / self.scale, 2)

    def place(self, moment: int) -> int:
        """A moment as it is counted: its day, or itself."""
        return day_of(moment) if self._in_days else moment

    def over(self, moment: int, due: int) -> bool:
        """Is it after what was due? A limit of days lasts to the end of its day."""
        return self.place(moment) > due

    def _stretches(self, run: Run, *, paused: bool) -> Iterator[Stretch]:
        if run.start is None:
            return
        for start, end in self._running(run) if paused else [(self.place(run.start), _FOREVER)]:
            if self._in_days:
                yield Stretch(start, end, self._upto, self._when)
            else:
                yield from self._by_unit(run, start, end)

    def _running(self, run: Run) -> Iterator[tuple[int, int]]:
        """Between pauses. A day belongs to a pause that holds its midnight: one edge lies a day earlier."""
        assert run.start is not None
        back = 1 if self._in_days else 0
        at = self.place(run.start)
        for begun, over in run.pauses:
            yield at, max(self.place(begun) - back, at)
            at = max(self.place(over) - back, at)
        yield at, _FOREVER if run.still_since is None else max(self.place(run.still_since) - back, at)

    def _by_unit(self, run: Run, start: int, end: int) -> Iterator[Stretch]:
        """Each part of a stretch by the opening hours of the unit that had the case then."""
        for (since, unit), (until, _) in pairwise([*run.units, (_FOREVER, "")]):
            hours = self._hours.get(unit, self._office)
            if max(since, start) < min(until, end):
                yield Stretch(max(since, start), min(until, end), hours.open_before, hours.when_open)
