"""Were only the pleased asked? Who hands out links himself can choose; a draw by chance cannot.

Two looks, each a test with an interval. Neither proves intent: a branch may lose its displeased customers on the way
(they leave sooner, and are not there to be asked). What is found is a reason to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
import scipy

from huixiang.domain.statistics.intervals import Interval, ratio
from huixiang.domain.statistics.multiplicity import benjamini_hochberg

FALSE_SHARE = 0.05  # of those named, expected to be named wrongly
FEWEST = 10


class Verdict(StrEnum):
    """What can be said?"""

    UNEVEN = "uneven"  # the displeased were asked less often than chance explains
    NOT_PROVEN = "not_proven"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Asked:
    """Of one unit or one person: how many were asked, of those known to be displeased before, and of all others?

    Known: a complaint or a negative voice in the months before, under the same pseudonym.
    """

    who: str
    displeased_asked: int
    displeased: int
    others_asked: int
    others: int


@dataclass(frozen=True, slots=True)
class Evenness:
    """How many times as often were the displeased asked as the others? 1: evenly. None: nobody was."""

    who: str
    times: Interval | None
    p: float
    verdict: Verdict


def evenness(rows: Sequence[Asked]) -> list[Evenness]:
    """Who asked the displeased too seldom? Fisher's exact test, one-sided, with the false-discovery rate held.

    Source: Fisher (1935), J. R. Stat. Soc. 98:39-82; Benjamini and Hochberg (1995).
    """
    p = [_seldom(row) for row in rows]
    judged = [min(row.displeased, row.others) >= FEWEST for row in rows]
    kept = np.array([each for each, is_judged in zip(p, judged, strict=True) if is_judged])
    adjusted = iter(benjamini_hochberg(kept).tolist() if kept.size else [])
    return [
        Evenness(row.who, _times(row), each, _verdict(next(adjusted)) if is_judged else Verdict.TOO_FEW)
        for row, each, is_judged in zip(rows, p, judged, strict=True)
    ]


class Higher(StrEnum):
    """What can be said of the scores of those whom staff chose?"""

    HIGHER = "higher"  # than chance explains, beside customers who were drawn
    NOT_PROVEN = "not_proven"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Side:
    """A mean score, how sure it is (the variance of that mean), and of how many answers."""

    mean: float
    variance: float
    n: int


@dataclass(frozen=True, slots=True)
class Gap:
    """How much higher are the scores of those handed a link than of those drawn? None below ten on either side."""

    less: Interval | None
    verdict: Higher


def handed_less_drawn(pairs: Sequence[tuple[Side, Side]]) -> list[Gap]:
    """By how much do answers to links that staff handed out lie above those of customers drawn by chance?

    `pairs`: (handed, drawn) of each unit. Welch's interval for the difference of means; called higher by its one-sided
    test, with the false-discovery rate held over all units. Source: Welch (1947), Biometrika 34:28-35.
    """
    found = [_gap(*pair) for pair in pairs]
    judged = np.array([p for less, p in found if less is not None])
    adjusted = iter(benjamini_hochberg(judged).tolist() if judged.size else [])
    return [
        Gap(None, Higher.TOO_FEW)
        if less is None
        else Gap(less, Higher.HIGHER if next(adjusted) <= FALSE_SHARE else Higher.NOT_PROVEN)
        for less, _p in found
    ]


def _gap(handed: Side, drawn: Side) -> tuple[Interval | None, float]:
    """The difference with its interval, and how often chance alone would make one as large."""
    if min(handed.n, drawn.n) < FEWEST:
        return None, 1.0
    gap = handed.mean - drawn.mean
    variance = handed.variance + drawn.variance
    if variance <= 0:  # all alike on either side
        return Interval(gap, gap, gap), 0.0 if gap > 0 else 1.0
    degrees = variance**2 / sum(each.variance**2 / (each.n - 1) for each in (handed, drawn))
    spread = float(scipy.special.stdtrit(degrees, 0.975)) * sqrt(variance)
    return Interval(gap, gap - spread, gap + spread), float(scipy.special.stdtr(degrees, -gap / sqrt(variance)))


def _seldom(row: Asked) -> float:
    """How often would chance ask so few of the displeased, or fewer, of those asked in all?"""
    from scipy.stats import hypergeom  # half a second to import, which each command and worker would pay at its start

    asked = row.displeased_asked + row.others_asked
    return float(hypergeom.cdf(row.displeased_asked, row.displeased + row.others, row.displeased, asked))


def _times(row: Asked) -> Interval | None:
    return ratio((row.others_asked, row.others), (row.displeased_asked, row.displeased)) if row.displeased else None


def _verdict(adjusted: float) -> Verdict:
    return Verdict.UNEVEN if adjusted <= FALSE_SHARE else Verdict.NOT_PROVEN
