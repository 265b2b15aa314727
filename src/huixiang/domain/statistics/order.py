"""Below which value do nine in ten lie, and how sure is it? Percentiles of counted whole values, free of any model."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, sqrt

from huixiang.domain.statistics.intervals import Z95, Interval


def percentile(counted: Sequence[tuple[int, int]], part: float, z: float = Z95) -> Interval | None:
    """The value that a part of all does not exceed, with its distribution-free 95 % interval; None where there is none.

    `counted` are values with how often each came, the smallest first. The value is interpolated between order
    statistics; the interval's ends are order statistics, whose ranks are those of a binomial in its normal shape.
    Source: David and Nagaraja (2003), Order Statistics, 7.1.

    >>> percentile([(10, 50), (20, 50)], 0.9)
    Interval(value=20.0, low=20.0, high=20.0)
    """
    of = sum(times for _value, times in counted)
    if not of:
        return None
    place, spread = part * (of - 1), z * sqrt(of * part * (1 - part))
    below, above = _at(counted, floor(place)), _at(counted, ceil(place))
    value = below + (above - below) * (place - floor(place))
    low, high = (_at(counted, rank) for rank in (floor(part * of - spread) - 1, ceil(part * of + spread)))
    return Interval(value, float(min(low, value)), float(max(high, value)))


def _at(counted: Sequence[tuple[int, int]], rank: int) -> int:
    """The value of this rank, from 0; the first or last where there is no such rank."""
    seen = 0
    for value, times in counted:
        seen += times
        if rank < seen:
            return value
    return counted[-1][0]
