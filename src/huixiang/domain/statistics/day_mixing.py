"""Is a branch slower, or does it serve others? Where the people of one day wait together, the days are what is drawn.

As `mixing`, whose intervals take each customer for a draw of his own. A queue makes all of one rush wait: an interval
that forgets it is several times too narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.statistics import mixing
from huixiang.domain.statistics.intervals import Z95, Interval
from huixiang.domain.statistics.mixing import FEWEST, LEAST_COVERED, Moved

FEWEST_DAYS = 8  # below which the spread between days is not known
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Daily:
    """By day (rows) and stratum (columns): so many, of so many."""

    counts: Floats
    of: Floats

    @property
    def totals(self) -> tuple[Floats, Floats]:
        return self.counts.sum(axis=0), self.of.sum(axis=0)

    def table(self) -> dict[int, tuple[int, int]]:
        """All days together as `mixing` takes them."""
        counts, of = self.totals
        return {at: (round(counts[at]), round(of[at])) for at in np.flatnonzero(of).tolist()}

    def without_each(self) -> tuple[Floats, Floats]:
        """The totals with each day left out in turn; days without anybody are no days."""
        days = self.of.sum(axis=1) > 0
        counts, of = self.totals
        return counts - self.counts[days], of - self.of[days]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A share as if everybody's customers had come. `effective`: so many independent customers would tell as much."""

    share: Interval
    effective: float


def adjusted(own: Daily, everybody: Floats) -> Adjusted | None:
    """How would this unit stand, had everybody's customers come? `everybody`: how many came of each stratum.

    None where it served too few of most (mixing.LEAST_COVERED) or on fewer than eight days. The interval is that of
    days drawn (delete-one-day jackknife, Student's t), and never narrower than that of customers drawn one by one.
    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 11.
    """
    counts, of = own.totals
    enough = (of >= FEWEST) & (everybody > 0)
    covered, days = everybody[enough].sum() / max(everybody.sum(), 1), len(own.without_each()[0])
    if covered < LEAST_COVERED or days < FEWEST_DAYS:
        return None
    weights = np.where(enough, everybody, 0.0) / everybody[enough].sum()
    rates = np.divide(counts, of, out=np.zeros_like(of), where=of > 0)

    def share(some: Floats, of_some: Floats) -> Floats:
        found: Floats = np.divide(some, of_some, out=np.broadcast_to(rates, some.shape).copy(), where=of_some > 0)
        told: Floats = found @ weights
        return told

    alone = mixing.standardised(own.table(), {at: (0, round(n)) for at, n in enumerate(everybody.tolist())}).direct
    assert alone is not None
    drawn_alone = (alone.high - alone.value) / Z95 if alone.high < 1 else (alone.value - alone.low) / Z95
    error = max(sqrt(_jackknife(share(*own.without_each()))), drawn_alone)
    out = _student(days) * error
    value = alone.value
    return Adjusted(
        Interval(value, max(0.0, value - out), min(1.0, value + out)), max(value * (1 - value), 1e-6) / error**2
    )


def moved(before: Daily, after: Daily) -> Moved | None:
    """What moved this share: what was done, or for whom? As `mixing.moved`; None with fewer than eight days of each."""
    left_out = [each.without_each() for each in (before, after)]
    days = min(len(counts) for counts, _of in left_out)
    plain = mixing.moved(before.table(), after.table())
    if plain is None or days < FEWEST_DAYS:
        return None
    of_before = _parts(*left_out[0], *after.totals)
    of_after = _parts(*before.totals, *left_out[1])
    t = _student(days)

    def wider(found: Interval, part: Callable[[tuple[Floats, Floats]], Floats]) -> Interval:
        by_days = sqrt(_jackknife(part(of_before)) + _jackknife(part(of_after)))
        out = max(t * by_days, found.high - found.value)
        return Interval(found.value, found.value - out, found.value + out)

    return Moved(
        wider(plain.total, lambda parts: parts[0] + parts[1]),
        wider(plain.by_rate, lambda parts: parts[0]),
        wider(plain.by_mix, lambda parts: parts[1]),
    )


def _parts(count0: Floats, of0: Floats, count1: Floats, of1: Floats) -> tuple[Floats, Floats]:
    """Kitagawa's two parts, of each row: the change of rates, and that of the mix."""
    rate0, rate1 = _rate(count0, of0, count1, of1), _rate(count1, of1, count0, of0)
    w0, w1 = of0 / of0.sum(axis=-1, keepdims=True), of1 / of1.sum(axis=-1, keepdims=True)
    return ((rate1 - rate0) * (w0 + w1) / 2).sum(axis=-1), ((w1 - w0) * (rate0 + rate1) / 2).sum(axis=-1)


def _rate(counts: Floats, of: Floats, other: Floats, of_other: Floats) -> Floats:
    """Who is in one period only has the rate of that period in both."""
    fallback = np.divide(other, of_other, out=np.zeros_like(of_other), where=of_other > 0)
    shape = np.broadcast_shapes(counts.shape, other.shape)
    found: Floats = np.broadcast_to(fallback, shape).copy()
    return np.divide(np.broadcast_to(counts, shape), np.broadcast_to(of, shape), out=found,
                     where=np.broadcast_to(of > 0, shape))  # fmt: skip


def _jackknife(left_out: Floats) -> float:
    number = len(left_out)
    return float((number - 1) / number * ((left_out - left_out.mean()) ** 2).sum())


def _student(days: int) -> float:
    return float(scipy.special.stdtrit(days - 1, 0.975))
