"""Which branches differ, and which only seem to? Many are compared at once, of different sizes and customers.

Three cautions stand beside each figure. Among fifty branches two or three stand out by chance alone: who is called
different is so by the false discovery rate. Small branches stand at both ends of every ranking: the shrunken value
draws each towards all of them, the more the less is known of it. And a branch with other customers has other answers:
the standardised value tells what it would have with the tiers of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from huixiang.domain.statistics import Interval, benjamini_hochberg
from huixiang.domain.surveys.scores import FEWEST, Scale, by_group
from huixiang.domain.surveys.small_cells import hidden
from huixiang.domain.surveys.weighting import Floats, Means, Places, Sample, means

CALLED = 0.05  # the share of those called different that may be so by chance


@dataclass(frozen=True, slots=True)
class Compared:
    """One group beside all others. None: hidden, or not to be told.

    `shrunken`: the empirical Bayes estimate. `standardised`: with the mix of all. `q`: at which false discovery rate
    it differs from the others.
    """

    name: str
    n: int | None
    score: Interval | None = None
    shrunken: float | None = None
    standardised: float | None = None
    q: float | None = None

    @property
    def is_hidden(self) -> bool:
        return self.n is None

    @property
    def differs(self) -> bool:
        return self.q is not None and self.q <= CALLED


@dataclass(frozen=True, slots=True)
class Mix:
    """By what do the customers of groups differ? The class of each cell, and how many classes there are."""

    place: Places
    classes: int


def compared(
    scale: Scale,
    points: Sample,
    group: Places,
    names: Sequence[str],
    mix: Mix | None = None,
    fewest: int = FEWEST,
) -> list[Compared]:
    """Each group's score with its interval, and the three cautions; groups in the order of their names."""
    found = by_group(scale, points, group, len(names))
    out = hidden([int(n) for n in found.n], fewest)
    shown = np.array([place not in out and bool(found.n[place]) for place in range(len(names))])
    q = _differences(scale, points, group, shown)
    shrunken = shrunk(found.value, found.variance, shown)
    level = standardised(scale, points, group, len(names), mix) if mix else None

    def one(place: int) -> Compared:
        if not shown[place]:
            return Compared(names[place], None)
        has_level = level is not None and np.isfinite(level[place])
        return Compared(
            names[place],
            int(found.n[place]),
            found.interval(place, *scale.ends),
            float(shrunken[place]),
            float(level[place]) if level is not None and has_level else None,
            float(q[place]) if np.isfinite(q[place]) else None,
        )

    return [one(place) for place in range(len(names)) if found.n[place]]


def shrunk(value: Floats, variance: Floats, shown: np.ndarray) -> Floats:
    """Each value drawn towards the mean of all by how unsure it is: value·B + mean·(1-B), B = tau² / (tau² + variance).

    tau², by how much groups truly differ: DerSimonian and Laird (1986), Controlled Clinical Trials 7:177-188. The
    estimate: Morris (1983), J. Am. Stat. Assoc. 78:47-55.
    """
    found = np.full(len(value), np.nan)
    use = shown & np.isfinite(variance) & (variance > 0)
    if use.sum() < 3:
        return np.where(shown, value, np.nan)
    v, weight = value[use], 1 / variance[use]
    mean = (weight * v).sum() / weight.sum()
    excess = (weight * (v - mean) ** 2).sum() - (len(v) - 1)
    tau2 = max(0.0, excess / (weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (variance[use] + tau2)
    mean = (weight * v).sum() / weight.sum()
    part = tau2 / (tau2 + variance[use])
    found[shown] = value[shown]
    found[use] = part * v + (1 - part) * mean
    return found


def standardised(scale: Scale, points: Sample, group: Places, groups: int, mix: Mix) -> Floats:
    """What would each group have with the mix of all? NaN where one of its classes has fewer than FEWEST answers.

    Direct standardisation: the group's means by class, weighted as the classes of all are.
    """
    inside = means(points.of(scale.headline(points.y)), group * mix.classes + mix.place, groups * mix.classes)
    value, n = inside.value.reshape(groups, -1), inside.n.reshape(groups, -1)
    whole = np.bincount(mix.place, points.w, mix.classes)
    there = whole > 0
    with np.errstate(invalid="ignore"):
        level = (np.where(there, value, 0.0) * whole).sum(1) / whole.sum()
    enough = (n[:, there] >= FEWEST).all(1) & (there.sum() > 1)
    return np.where(enough, level, np.nan)


def _differences(scale: Scale, points: Sample, group: Places, shown: np.ndarray) -> Floats:
    """The q value of each group shown against all the others together."""
    p = np.full(len(shown), np.nan)
    if shown.sum() < 2:
        return p
    for place in np.flatnonzero(shown):
        pair: Means = by_group(scale, points, (group == place).astype(np.int64), 2)
        spread = float(pair.variance.sum())
        if pair.n.min() > 1 and spread > 0:
            p[place] = 2 * scipy.special.ndtr(-abs(float(pair.value[1] - pair.value[0])) / np.sqrt(spread))
    told = np.isfinite(p)
    p[told] = benjamini_hochberg(p[told])
    return p
