"""What would all customers have answered, by those who did? Weighted means of a sample that was drawn by a rule.

Who was asked with probability p stands for 1/p customers (Horvitz and Thompson 1952, J. Am. Stat. Assoc. 47:663-685);
a mean divides by the weights there are (Hájek 1971). How sure it is follows from how much people within one stratum
differ: Taylor's linearisation (Särndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, 5.7), with all that
a stratum holds counted for a part of it too. All of it is exact from cells: answers alike are told by their number,
the sum of their weights and that of their squares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Z95, Interval

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers to one question, cell by cell: those alike, in one stratum.

    `y` what is averaged; `stratum` its number from 0; `n` answers; `w` the sum of their weights, `q` of the squares.
    `sizes` says how many people each stratum of the population holds, where that is known: the finite population
    correction. NaN: not known.
    """

    y: Floats
    stratum: Places
    n: Floats
    w: Floats
    q: Floats
    sizes: Floats | None = None

    @property
    def count(self) -> int:
        return int(self.n.sum())

    @property
    def effective(self) -> float:
        """How many answers of equal weight would tell as much? Kish (1965), Survey Sampling, 11.7."""
        return effective(self.w.sum(), self.q.sum())

    def of(self, y: Floats) -> Sample:
        """The same answers, something else of them averaged."""
        return Sample(y, self.stratum, self.n, self.w, self.q, self.sizes)


def effective(w: float, q: float) -> float:
    """Kish's effective sample size: the square of the sum of weights by the sum of squares."""
    return float(w) ** 2 / float(q) if q > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Means:
    """The weighted mean of each group of a sample, and its variance. NaN where a group has no answers."""

    value: Floats
    variance: Floats
    n: Places
    effective: Floats

    def interval(self, group: int, least: float = -np.inf, most: float = np.inf) -> Interval | None:
        """The 95 % interval of one group, within the ends of its scale; None without answers or without a variance."""
        value, variance = float(self.value[group]), float(self.variance[group])
        if not np.isfinite(value) or not np.isfinite(variance):
            return None
        spread = Z95 * sqrt(max(0.0, variance))
        return Interval(value, max(least, value - spread), min(most, value + spread))


def means(sample: Sample, group: Places | None = None, groups: int = 1) -> Means:
    """The mean of each group (0 … groups-1) with its linearised variance; without groups, of all.

    A group is a part of the sample, not a sample: its strata keep the size they have with all the others in them.
    A stratum with a single answer tells not how people differ in it: its distance from the mean of all stands in.
    """
    g = np.zeros(len(sample.y), np.int64) if group is None else group
    strata = int(sample.stratum.max(initial=-1)) + 1
    w, q, n = (np.bincount(g, each, groups) for each in (sample.w, sample.q, sample.n))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.bincount(g, sample.w * sample.y, groups) / w
        apart = sample.y - value[g]
        place = g * max(strata, 1) + sample.stratum
        squares = np.bincount(place, sample.q * apart**2, groups * max(strata, 1)).reshape(groups, -1)
        sums = np.bincount(place, sample.w * apart, groups * max(strata, 1)).reshape(groups, -1)
        size: Floats = np.bincount(sample.stratum, sample.n, max(strata, 1)).astype(np.float64)
        of_all = squares - np.where(size > 1, sums**2 / np.maximum(size, 1), 0.0)
        widened = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
        variance = (of_all * widened * _left(sample, size)).sum(1) / w**2
        kish = w**2 / q
    variance = np.where(n > 1, np.maximum(variance, 0.0), np.nan)
    return Means(value, variance, n.astype(np.int64), np.where(q > 0, kish, 0.0))


def _left(sample: Sample, size: Floats) -> Floats:
    """Which share of each stratum did not answer? Who asks all of them has nothing left to be unsure of."""
    if sample.sizes is None:
        return np.ones_like(size)
    people = sample.sizes[: len(size)]
    return np.where(np.isfinite(people) & (people > 0), np.clip(1 - size / np.maximum(people, 1e-12), 0, 1), 1.0)


def share(sample: Sample) -> Interval | None:
    """Which weighted share (y is 1 or 0)? Wilson's interval with the effective number of answers; None without any.

    That number is p(1-p) by the variance of p, and Kish's where everybody answers alike, so that 0 and 1 keep an
    interval. Source: Korn and Graubard (1998), Survey Methodology 24:193-201, for Wilson's interval.
    """
    found = means(sample)
    if not found.n[0]:
        return None
    p, variance = min(1.0, max(0.0, float(found.value[0]))), float(found.variance[0])
    if not _left(sample, np.bincount(sample.stratum, sample.n).astype(np.float64))[np.unique(sample.stratum)].any():
        return Interval(p, p, p)  # everybody answered
    many = p * (1 - p) / variance if np.isfinite(variance) and variance > 1e-15 and 0 < p < 1 else sample.effective
    return wilson(p, many)


def wilson(p: float, of: float, z: float = Z95) -> Interval:
    """Wilson's score interval of a share with any effective number of answers, also a broken one."""
    z2 = z * z
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    spread = z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Interval(p, max(0.0, min(centre - spread, p)), min(1.0, max(centre + spread, p)))


def bootstrap(sample: Sample, dice: np.random.Generator, draws: int = DRAWS) -> Floats:
    """The mean, as other samples by the same rule would have told it: each stratum drawn anew, `draws` times.

    One answer less than there are is drawn and counted a little more, else small strata would seem surer than they
    are (Rao and Wu 1988, J. Am. Stat. Assoc. 83:231-241). Answers alike are drawn together: a million take no longer
    than a thousand. Where weights differ among those alike, each counts with their mean. A single answer stays.
    """
    merged = _merged(sample)
    top, bottom = np.zeros(draws), np.zeros(draws)
    each = merged.w / merged.n
    left = _left(merged, np.bincount(merged.stratum, merged.n).astype(np.float64))
    for stratum in np.unique(merged.stratum):
        here = merged.stratum == stratum
        size = int(merged.n[here].sum())
        if size < 2:
            counts, scale = np.tile(merged.n[here], (draws, 1)), 1.0
        else:
            counts, scale = dice.multinomial(size - 1, merged.n[here] / size, draws).astype(float), size / (size - 1)
        # Of whom all were asked, nothing is drawn anew: what varies shrinks as the variance of the mean does.
        counts = merged.n[here] + (counts * scale - merged.n[here]) * sqrt(left[int(stratum)])
        weight = counts * each[here]
        top += weight @ merged.y[here]
        bottom += weight.sum(1)
    return top / np.maximum(bottom, 1e-300)


def percentiles(value: float, drawn: Floats) -> Interval:
    """The middle 95 % of what was drawn, around the estimate."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(value, min(float(low), value), max(float(high), value))


def strata_sizes(known: Mapping[str, int], names: tuple[str, ...]) -> Floats:
    """How many people stand in each stratum, in the order of the names; NaN where nobody counted them."""
    return np.array([known.get(name, np.nan) for name in names], dtype=np.float64)


def _merged(sample: Sample) -> Sample:
    """Cells with the same y in the same stratum as one."""
    keys, place = np.unique(np.stack([sample.stratum.astype(np.float64), sample.y]), axis=1, return_inverse=True)
    place = place.ravel()
    n, w, q = (np.bincount(place, e, keys.shape[1]).astype(np.float64) for e in (sample.n, sample.w, sample.q))
    return Sample(keys[1], keys[0].astype(np.int64), n, w, q, sample.sizes)
