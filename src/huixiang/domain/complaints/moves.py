"""What rose and what fell? Many counts looked at at once, so that chance is not told as news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import scipy

from huixiang.domain.statistics.intervals import Interval, ratio
from huixiang.domain.statistics.multiplicity import benjamini_hochberg

WRONG = 0.05  # share of what is told that may be chance


class Way(StrEnum):
    ROSE = "rose"
    FELL = "fell"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Moved:
    """By which factor the count of a day changed; None where there was none before. `q` as in benjamini_hochberg."""

    old: int
    new: int
    change: Interval | None
    q: float
    way: Way


def moved(counts: Sequence[tuple[int, int]], days: tuple[int, int]) -> list[Moved]:
    """Of each pair (before, now), over so many days before and now. Told as risen or fallen only where the false
    discovery rate over all of them is at most 5 % and the interval holds no 0 change.

    Given the sum of both counts the later one is binomial; p is twice the smaller tail.
    Source: Przyborowski and Wilenski (1940), Biometrika 31:313-323.
    """
    share = days[1] / sum(days)
    tested = [(old, new) for old, new in counts if old + new]
    q = iter(benjamini_hochberg([_p(old, new, share) for old, new in tested]).tolist() if tested else [])
    return [_moved(old, new, days, next(q) if old + new else 1.0) for old, new in counts]


def _p(old: int, new: int, share: float) -> float:
    below = float(scipy.special.bdtr(new, old + new, share))
    above = float(scipy.special.bdtrc(new - 1, old + new, share)) if new else 1.0
    return min(1.0, 2 * min(below, above))


def _moved(old: int, new: int, days: tuple[int, int], q: float) -> Moved:
    change = ratio((old, days[0]), (new, days[1]))
    way = Way.UNPROVEN
    if q <= WRONG and (change is None or not change.low <= 1 <= change.high):
        way = Way.ROSE if new * days[0] > old * days[1] else Way.FELL
    return Moved(old, new, change, q, way)
