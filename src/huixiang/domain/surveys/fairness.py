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
from scipy.stats import hypergeom, t

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


def handed_less_drawn(handed: Sequence[float], drawn: Sequence[float]) -> Interval | None:
    """By how much do answers to links that staff handed out lie above those of customers drawn by chance?

    Welch's interval for the difference of means; None below ten answers on either side. Above 0 throughout: proven
    to be higher, whatever the cause. Source: Welch (1947), Biometrika 34:28-35.
    """
    if min(len(handed), len(drawn)) < FEWEST:
        return None
    one, other = np.asarray(handed, np.float64), np.asarray(drawn, np.float64)
    gap = float(one.mean() - other.mean())
    parts = np.array([one.var(ddof=1) / one.size, other.var(ddof=1) / other.size])
    variance = float(parts.sum())
    if variance <= 0:
        return Interval(gap, gap, gap)
    degrees = variance**2 / float((parts**2 / (np.array([one.size, other.size]) - 1)).sum())
    spread = float(t.ppf(0.975, degrees)) * sqrt(variance)
    return Interval(gap, gap - spread, gap + spread)


def _seldom(row: Asked) -> float:
    """How often would chance ask so few of the displeased, or fewer, of those asked in all?"""
    asked = row.displeased_asked + row.others_asked
    return float(hypergeom.cdf(row.displeased_asked, row.displeased + row.others, row.displeased, asked))


def _times(row: Asked) -> Interval | None:
    return ratio((row.others_asked, row.others), (row.displeased_asked, row.displeased)) if row.displeased else None


def _verdict(adjusted: float) -> Verdict:
    return Verdict.UNEVEN if adjusted <= FALSE_SHARE else Verdict.NOT_PROVEN
