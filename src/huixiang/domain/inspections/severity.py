"""Who scores harshly, who leniently? From cases that several looked at apart: docs/methods/inspection-calibration.md.

score = case − severity of the inspector + chance. Only differences within a case speak: that somebody meets poor units
makes nobody harsh. Severities are drawn towards 0, the more the less is known of somebody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Z95, Interval

FEWEST_CASES, FEWEST_OWN = 10, 3  # cases that several scored, in all and of one inspector, below which nothing is told
# How far inspectors may lie apart, as a multiple of chance: any of these is as likely before a case is seen.
RATIOS = np.linspace(0.0, 3.0, 61)
Scores = Mapping[str, float]  # inspector → points in per cent, of one case


@dataclass(frozen=True, slots=True)
class Severity:
    """How many percentage points lower than the mean of those compared? `told` None: too few cases of several."""

    cases: int
    told: Interval | None

    @property
    def is_proven(self) -> bool:
        """Is it surely harsh, or surely lenient?"""
        return self.told is not None and (self.told.low > 0 or self.told.high < 0)


@dataclass(frozen=True, slots=True)
class Severities:
    """`cases` that several scored; `chance`: the spread of one score beside severity, in points; None: not told."""

    by: Mapping[str, Severity]
    cases: int
    chance: float | None


def severities(cases: Sequence[Scores]) -> Severities:
    """Each inspector's severity with its 95 % interval; of too few shared cases nothing is concluded."""
    shared = [case for case in cases if len(case) > 1]
    own = Counter(number for case in shared for number in case)
    people = sorted({number for case in cases for number in case})
    if len(shared) < FEWEST_CASES:
        return Severities({each: Severity(own[each], None) for each in people}, len(shared), None)
    known = sorted(own)
    mean, variance, chance = _posterior(*_contrasts(shared, known))
    found = {
        number: _interval(mean[place], variance[place])
        for place, number in enumerate(known)
        if own[number] >= FEWEST_OWN
    }
    return Severities({each: Severity(own[each], found.get(each)) for each in people}, len(shared), chance)


def adjusted(score: float, severity: Severity | None) -> float | None:
    """The score as a colleague of middling severity would have given it; None where the severity is not told."""
    if severity is None or severity.told is None:
        return None
    return min(100.0, max(0.0, score + severity.told.value))


def _interval(mean: float, variance: float) -> Interval:
    reach = Z95 * float(np.sqrt(variance))
    return Interval(float(mean), float(mean) - reach, float(mean) + reach)


def _contrasts(shared: Sequence[Scores], known: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Differences within each case, freed of the case itself, and which severities each holds."""
    place = {number: n for n, number in enumerate(known)}
    scores, design = [], []
    for case in shared:
        basis = _within(len(case))
        who = np.zeros((len(case), len(known)))
        for row, number in enumerate(case):
            who[row, place[number]] = -1.0  # the harsher, the fewer points
        scores.append(basis @ np.array(list(case.values())))
        design.append(basis @ who)
    return np.concatenate(scores), np.concatenate(design)


def _within(count: int) -> NDArray[np.float64]:
    """Rows that are orthogonal to a constant, of length one each (Helmert): what is the case's own falls out."""
    rows = np.zeros((count - 1, count))
    for n in range(1, count):
        rows[n - 1, :n], rows[n - 1, n] = 1.0, -float(n)
        rows[n - 1] /= np.sqrt(n * (n + 1))
    return rows


def _posterior(
    scores: NDArray[np.float64], design: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Mean and variance of each severity, over all ratios of the two spreads, each weighed by how well it fits.

    With severity ~ N(0, r² s²), chance ~ N(0, s²) and 1/s² before s: given r, severities follow Student's t with as
    many degrees of freedom as there are contrasts. Source: Gelman et al. (2013), Bayesian Data Analysis, ch. 5.
    """
    values, vectors = np.linalg.eigh(design.T @ design)
    # Against the mean of the people compared: all of them a point harsher would look just the same.
    beside = vectors - vectors.mean(axis=0)
    pulled = vectors.T @ (design.T @ scores)
    many, total = len(scores), float(scores @ scores)
    weights, means, variances, chances = [], [], [], []
    for ratio in RATIOS**2:
        shrunk = ratio / (1 + ratio * values)
        left = max(total - float(shrunk @ pulled**2), 1e-9)
        weights.append(-0.5 * (np.log1p(ratio * np.maximum(values, 0)).sum() + many * np.log(left)))
        chances.append(left / max(many - 2, 1))
        means.append(beside @ (shrunk * pulled))
        variances.append((beside**2 @ shrunk) * chances[-1])
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    each, mean = np.array(means), weight @ np.array(means)
    variance = weight @ (np.array(variances) + (each - mean) ** 2)
    return mean, variance, float(np.sqrt(weight @ np.array(chances)))
