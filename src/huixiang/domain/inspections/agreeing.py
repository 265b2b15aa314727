"""Do inspectors who looked at the same give the same? Krippendorff's alpha for ordered levels, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Interval

LEVELS = 3
FEWEST_CASES, DRAWS = 10, 1000
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff (2004), Content Analysis, p. 241: rules of thumb, no laws of nature
# One case: its lines, each with the level that each inspector gave; None where one gave none.
Case = Sequence[Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha` None: nothing could be compared, or all gave the same. `interval` None: too few cases to tell."""

    alpha: float | None
    interval: Interval | None
    cases: int
    lines: int


def agreement(cases: Sequence[Case], dice: np.random.Generator) -> Agreement:
    """1: always the same, 0: as by chance. A gap from none to fully weighs more than one from none to in part.

    The interval: cases are drawn anew with replacement a thousand times, whole ones, since the lines of one visit go
    together; its ends are the 2.5th and 97.5th percentile. Fewer than ten cases tell no interval.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Efron and Tibshirani (1993), ch. 13.
    """
    found = [_coincidences(case) for case in cases]
    compared = [(matrix, lines) for matrix, lines in found if lines]
    lines = sum(count for _matrix, count in compared)
    if not compared:
        return Agreement(None, None, 0, 0)
    matrices = np.array([matrix for matrix, _lines in compared])
    alpha = _alpha(matrices.sum(axis=0)[None])[0]
    if np.isnan(alpha):
        return Agreement(None, None, len(compared), lines)
    return Agreement(float(alpha), _interval(matrices, float(alpha), dice), len(compared), lines)


def _interval(matrices: NDArray[np.float64], alpha: float, dice: np.random.Generator) -> Interval | None:
    if len(matrices) < FEWEST_CASES:
        return None
    drawn = dice.multinomial(len(matrices), np.full(len(matrices), 1 / len(matrices)), size=DRAWS)
    alphas = _alpha(np.tensordot(drawn.astype(np.float64), matrices, axes=1))
    low, high = np.nanpercentile(alphas, (2.5, 97.5))
    return Interval(alpha, min(float(low), alpha), max(float(high), alpha))


def _coincidences(case: Case) -> tuple[NDArray[np.float64], int]:
    """Pairs of levels given to one line, each line weighing as many as it has values; and how many lines compare."""
    matrix, lines = np.zeros((LEVELS, LEVELS)), 0
    for line in case:
        given = np.bincount([level for level in line if level is not None], minlength=LEVELS).astype(np.float64)
        if given.sum() >= 2:
            matrix += (np.outer(given, given) - np.diag(given)) / (given.sum() - 1)
            lines += 1
    return matrix, lines


def _alpha(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each matrix of coincidences, shape (n, levels, levels); NaN where nothing was there to tell apart."""
    margins = matrices.sum(axis=2)
    # Ordinal distance: how many values lie between two levels, counting half of each end's.
    upto = np.cumsum(margins, axis=1)
    middle = upto - margins / 2
    distance = (middle[:, :, None] - middle[:, None, :]) ** 2
    observed = (matrices * distance).sum(axis=(1, 2))
    by_chance = (margins[:, :, None] * margins[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance > 0, 1 - (margins.sum(axis=1) - 1) * observed / by_chance, np.nan)
