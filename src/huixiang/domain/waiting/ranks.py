"""Between which two of the sorted waits does the true percentile lie? Order statistics: no shape is assumed."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Z95

EXACTLY = 2_000  # above it the binomial is as good as normal: its ranks differ by one at most
SURE = 0.025  # on each side
_LOG_FACTORIALS = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, EXACTLY + 1)))))


class Ranks(NamedTuple):
    """Places from 1 in the sorted values; `low` and `high` are None where so few values cannot bound it."""

    value: int
    low: int | None
    high: int | None


@lru_cache(maxsize=65_536)
def ranks(count: int, part: float) -> Ranks:
    """Which of `count` sorted values is the percentile `part`, and which bound it with 95 %?

    The percentile is the smallest value that at least this part does not exceed. How many of the values lie below the
    true one is binomial, whatever their distribution. Source: David and Nagaraja (2003), Order Statistics, section 7.1.

    >>> ranks(100, 0.5), ranks(10, 0.9)
    (Ranks(value=50, low=40, high=61), Ranks(value=9, low=7, high=None))
    """
    if count < 1 or not 0 < part < 1:
        raise ValueError(f"no percentile {part} of {count} values")
    value = ceil(count * part - 1e-9)
    if count > EXACTLY:
        middle, spread = count * part, Z95 * sqrt(count * part * (1 - part))
        low, high = floor(middle - spread), ceil(middle + spread) + 1
    else:
        below = np.cumsum(_binomial(count, part))  # P(B <= k)
        low = int(np.searchsorted(below, SURE, side="right"))
        high = int(np.searchsorted(below, 1 - SURE, side="left")) + 1
    return Ranks(max(1, value), low if low >= 1 else None, high if high <= count else None)


def _binomial(count: int, part: float) -> NDArray[np.float64]:
    k, of = np.arange(count + 1), _LOG_FACTORIALS
    return np.asarray(np.exp(of[count] - of[k] - of[count - k] + k * log(part) + (count - k) * log(1 - part)))
