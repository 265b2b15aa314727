"""How sure is a share of what comes in swarms? Days, or customers, are drawn together: their own spread tells."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

import numpy as np
import scipy

from huixiang.domain.statistics import Z95, Interval, share

FEWEST = 5  # clusters below which their spread says nothing
TAIL = 0.025


def clustered_share(parts: Sequence[tuple[int, int]]) -> Interval | None:
    """Which share is it over all clusters, each (count, of)? The ratio estimator with the spread between clusters.

    One outage spoils a thousand tries at once: to count them one by one would be too sure. Never narrower than Wilson's
    interval, which alone is told of fewer than five clusters. None where nothing was counted.
    Source: Cochran (1977), Sampling Techniques, section 3.12.
    """
    known = [(count, of) for count, of in parts if of]
    plain = share(sum(count for count, _of in known), sum(of for _count, of in known))
    if plain is None or len(known) < FEWEST:
        return plain
    counts, ofs = (np.array(column, np.float64) for column in zip(*known, strict=True))
    apart = float(((counts - plain.value * ofs) ** 2).sum()) * len(known) / (len(known) - 1)
    half = Z95 * sqrt(apart) / float(ofs.sum())
    low, high = min(plain.low, plain.value - half), max(plain.high, plain.value + half)
    return Interval(plain.value, max(0.0, low), min(1.0, high))


def odds_share(one: tuple[float, float], other: tuple[float, float]) -> Interval | None:
    """Which part of both is the first, each (how many, sum of the squares of each customer's)? On the scale of odds.

    Who comes often comes often again: the squares tell how much each customer's visits hang together. None where
    neither was counted; with one of them 0 the interval is Wilson's. Source: the delta method for log(a/b), a and b
    sums over independent customers; Agresti (2013), Categorical Data Analysis, section 3.1.
    """
    (a, a_squares), (b, b_squares) = one, other
    if a <= 0 or b <= 0:
        return share(round(a), round(a + b)) if a + b > 0 else None
    middle, spread = log(a / b), Z95 * sqrt(a_squares / a**2 + b_squares / b**2)
    return Interval(a / (a + b), *(1 / (1 + exp(-(middle + sign * spread))) for sign in (-1, 1)))


def swarming_sum(sizes: Sequence[float], when_none: float) -> Interval:
    """How much may a sum of incidents' lengths be, had luck been otherwise? They come by themselves, as Poisson's do.

    `when_none`: how long one more would last, where none is known. Source: Fay and Feuer (1997), Statistics in
    Medicine 16:791-801, the gamma interval of a weighted sum of Poisson counts.
    """
    total, squares, longest = sum(sizes), sum(each * each for each in sizes), max(sizes, default=when_none)
    low = squares / total * float(scipy.special.gammaincinv(total * total / squares, TAIL)) if total else 0.0
    above, spread = total + longest, squares + longest * longest
    high = spread / above * float(scipy.special.gammaincinv(above * above / spread, 1 - TAIL))
    return Interval(total, min(low, total), max(high, total))


def mean_of(count: int, total: float, squares: float) -> Interval | None:
    """The mean of so many with its interval, from sums; None of fewer than two."""
    if count < 2:
        return None
    mean = total / count
    half = Z95 * sqrt(max(0.0, squares / count - mean * mean) / (count - 1))
    return Interval(mean, mean - half, mean + half)
