"""How many points does a form give? Each line by its level; what was not to be judged counts for neither side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import fmean, stdev

from huixiang.domain.statistics import Interval, mean

NONE, IN_PART, FULLY = 0, 1, 2  # the levels of a line; of yes or no only the first and the last


@dataclass(frozen=True, slots=True)
class Mark:
    """One line: its points, and the level given; None: not applicable, or not seen."""

    points: int
    level: int | None

    @property
    def is_short(self) -> bool:
        """Does it lack something?"""
        return self.level is not None and self.level < FULLY


@dataclass(frozen=True, slots=True)
class Score:
    """Points given of those to be had."""

    points: float
    most: int

    @property
    def share(self) -> float:
        return self.points / self.most


def score(marks: Iterable[Mark]) -> Score | None:
    """The points of a form; None where nothing on it was to be judged.

    >>> score([Mark(2, 2), Mark(4, 1), Mark(2, None)])
    Score(points=4.0, most=6)
    """
    judged = [(mark.points, mark.level) for mark in marks if mark.level is not None]
    most = sum(points for points, _level in judged)
    return Score(fsum(points * level / FULLY for points, level in judged), most) if most else None


def typical(shares: Sequence[float]) -> Interval | None:
    """What would the next visit find? The mean share with its 95 % interval; None of fewer than ten visits.

    One visit is one day at one counter: the lines of its form stand or fall together, so the visit is what is counted.
    Student's interval of their mean, kept between 0 and 1. Source: docs/methods/inspection-scores.md.
    """
    if len(shares) < 2:
        return None
    found = mean(fmean(shares), stdev(shares), len(shares))
    return found and Interval(found.value, max(0.0, found.low), min(1.0, found.high))
