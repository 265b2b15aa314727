"""What is still done at the counter though the screen could do it, by whom, and what would fewer such visits free?

Of the old it is told how many come, and no more: nothing here asks them to do otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev

from huixiang.domain.digital.clusters import odds_share
from huixiang.domain.digital.people import ELDERLY, UNKNOWN
from huixiang.domain.statistics import Interval, mean

SMALLEST = 10  # customers below which a group is not shown: it could be known who they are
FEW = 30  # errands below which nothing is concluded
FEWEST_DAYS = 10


@dataclass(frozen=True, slots=True)
class Served:
    """Errands of one service that were done, by some group. Squares: sums over customers of the square of each one's.

    `screen` is weighted where the bank keeps the sessions of a sample; `people`: customers at the counter, and on
    screens; `unknown`: errands at the counter of nobody known.
    """

    service: str
    key: str
    screen: float = 0.0
    screen_squares: float = 0.0
    screen_people: int = 0
    counter: int = 0
    counter_squares: float = 0.0
    counter_people: int = 0
    seconds: float = 0.0

    @property
    def is_small(self) -> bool:
        """Of either side, since both numbers stand beside each other."""
        return any(0 < people < SMALLEST for people in (self.counter_people, self.screen_people))

    @property
    def is_few(self) -> bool:
        return self.screen + self.counter < FEW

    @property
    def rate(self) -> Interval | None:
        """Done on the screen, of all that was done: 电子渠道替代率."""
        return odds_share((self.screen, self.screen_squares), (self.counter, self.counter_squares))

    @property
    def minutes(self) -> float | None:
        return self.seconds / 60 / self.counter if self.counter else None


def on_both(lines: Sequence[Served]) -> list[Served]:
    """Services that are done on screens and at the counter alike: of others no part could move."""
    return [each for each in lines if each.screen and each.counter]


def hidden(lines: Sequence[Served]) -> frozenset[str]:
    """Which groups of a table are not shown? Small ones; and more, while what is hidden together is small or one alone.

    The sum of the hidden ones follows from the whole and from what is shown.
    """
    small = {each.key for each in lines if each.is_small}
    rest = sorted((each for each in lines if each.key not in small), key=lambda each: -each.counter_people)
    while small and rest and (len(small) == 1 or _is_small_together([each for each in lines if each.key in small])):
        small.add(rest.pop().key)
    return frozenset(small)


def _is_small_together(lines: Sequence[Served]) -> bool:
    sums = (sum(each.counter_people for each in lines), sum(each.screen_people for each in lines))
    return any(0 < people < SMALLEST for people in sums)


def may_move(band: str) -> bool:
    """Do visits of this age band count as such that could move? Never of the old, nor of nobody knows whom."""
    return band not in ELDERLY and band != UNKNOWN


@dataclass(frozen=True, slots=True)
class DayLoad:
    """Errands at the counter on one day that the screen could have done, of customers who may be asked."""

    day: date
    errands: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Freed:
    """What a share of fewer such errands frees on an average day; None where too few days, or customers, can say."""

    percent: int
    days: int
    errands: Interval | None
    minutes: Interval | None

    @property
    def hours(self) -> Interval | None:
        found = self.minutes
        return None if found is None else Interval(found.value / 60, found.low / 60, found.high / 60)


def freed(days: Sequence[DayLoad], percent: int) -> Freed:
    """Plain arithmetic: so many per cent of a day's errands, with the time they took; the interval is of a mean day.

    What it does to waiting is another question: that takes a model of the queue.
    """
    if len(days) < FEWEST_DAYS or not any(each.errands for each in days):
        return Freed(percent, len(days), None, None)
    part = percent / 100
    listed = ([part * each.errands for each in days], [part * each.minutes for each in days])
    errands, minutes = (mean(fmean(values), stdev(values), len(values)) for values in listed)
    return Freed(percent, len(days), errands, minutes)
