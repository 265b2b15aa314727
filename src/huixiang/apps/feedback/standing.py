"""How do we stand this month, against the month before? Counts and shares with their intervals, like with like."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from huixiang.domain.statistics import Interval, difference, ratio, share
from huixiang.lake import questions
from huixiang.lake.questions import Ratings, Slice
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Months:
    """A month as far as it is known, and the same days of the month before."""

    now: tuple[date, date]
    before: tuple[date, date]

    @property
    def is_whole(self) -> bool:
        """Is it the month from its first to its last day?"""
        first, last = self.now
        return first.day == 1 and last.day == monthrange(last.year, last.month)[1]

    def slices(self, of: Slice) -> tuple[Slice, Slice]:
        """The same question in both months: (before, now), of voices whose date is known."""
        dated = replace(of, dated=True)
        return (
            replace(dated, since=self.before[0], until=self.before[1]),
            replace(dated, since=self.now[0], until=self.now[1]),
        )


def months(last: date, known: date, since: date | None = None) -> Months:
    """The month of the last voice as far as it is known, against the same days of the month before.

    `known` is the last day of which anything is known: an export that ends on the third says nothing of the fourth.
    `since`: where a chosen period begins inside the month, both months begin on that day.
    """
    first = last.replace(day=1)
    whole = first.replace(day=monthrange(first.year, first.month)[1])
    end = max(last, min(whole, known))
    before_end = first - timedelta(days=1)
    if end < whole:
        before_end = before_end.replace(day=min(end.day, before_end.day))
    if since and first < since <= end:
        first = since
    return Months((first, end), (before_end.replace(day=min(first.day, before_end.day)), before_end))


def known_until(lake: Lake, slice_: Slice) -> date:
    """Up to which day is anything known? The last day with a voice of any kind, within the chosen period."""
    span = questions.span(lake, Slice(branches=slice_.branches, dated=True, until=slice_.until))
    return span[1] if span else date.max


@dataclass(frozen=True, slots=True)
class Standing:
    """The month's numbers; a None is "no data", never 0."""

    months: Months
    voices: int
    growth: Interval | None  # ratio to the month before, day for day
    negative: Interval | None
    negative_change: Interval | None
    ratings: Ratings


def standing(lake: Lake, slice_: Slice, months_: Months) -> Standing:
    before, now = months_.slices(slice_)
    old, new = _counts(lake, before), _counts(lake, now)
    days = [(span[1] - span[0]).days + 1 for span in (months_.before, months_.now)]
    return Standing(
        months_,
        voices=new[1],
        growth=ratio((old[1], days[0]), (new[1], days[1])),
        negative=share(*new),
        negative_change=difference(old, new),
        ratings=questions.ratings(lake, now),
    )


def _counts(lake: Lake, slice_: Slice) -> tuple[int, int]:
    """(negative, all)."""
    found = questions.volume(lake, slice_, by="month")
    return sum(count.negative for count in found), sum(count.total for count in found)
