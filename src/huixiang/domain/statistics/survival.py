"""How long does it take, when some are not done yet? Times with open cases counted in: Kaplan-Meier, Aalen-Johansen.

An open case is no missing value: it says that it took at least so long. Who leaves it out reports only the quick ones.
All assumes that whether a case is still open when we look tells nothing about how long it would take in the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from huixiang.domain.statistics.intervals import Z95, Interval

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
_NEAR = 1e-9  # products of many shares miss a half by less


@dataclass(frozen=True, slots=True)
class Reached:
    """By when was a share over? None is "not reached": so many have not ended, or not surely, as long as we looked."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """The share still open after each of `times`, at which something ended, with its 95 % interval.

    `at_risk` were open just before; `ended` ended then. Where nobody is left (share 0) there is no interval: NaN.
    `lengths` are those of all cases, the shortest first.
    """

    times: Floats
    at_risk: Counts
    ended: Counts
    share: Floats
    low: Floats
    high: Floats
    lengths: Floats

    @property
    def longest(self) -> float:
        """Up to when was anybody watched?"""
        return float(self.lengths[-1]) if self.lengths.size else 0.0

    def still_open(self, time: float) -> Interval | None:
        """Which share takes longer than `time`? None where nobody was watched so long, or no interval can be given."""
        if not 0 <= time <= self.longest and not (self.share.size and self.share[-1] == 0):
            return None
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return Interval(1.0, 1.0, 1.0) if self.lengths.size else None
        if np.isnan(self.low[place]):
            return None
        return Interval(float(self.share[place]), float(self.low[place]), float(self.high[place]))

    def watched(self, time: float) -> int:
        """How many cases were watched for so long and still open just before? Few of them carry little."""
        return int(self.lengths.size - np.searchsorted(self.lengths, time, side="left"))

    def quantile(self, part: float) -> Reached:
        """By when had this part ended? 0.5 is the median. Ends are those times at which it is not refuted.

        Source: Brookmeyer and Crowley (1982), Biometrics 38:29-41, with log(-log) as the interval of the curve.
        """
        if not 0 < part < 1:
            raise ValueError(f"a quantile lies between 0 and 1, not at {part}")
        low = np.nan_to_num(self.low, nan=0.0)
        high = np.nan_to_num(self.high, nan=1.0)  # that all have ended says nothing of those not seen
        return Reached(*(self._first(each, 1 - part) for each in (self.share, low, high)))

    def _first(self, curve: Floats, share: float) -> float | None:
        below = np.flatnonzero(curve <= share + _NEAR)
        return float(self.times[below[0]]) if below.size else None

    def restricted_mean(self, until: float) -> Interval | None:
        """How long does it take on average, counting no case beyond `until`? None where nobody was watched so long.

        The area under the curve. Source: Klein and Moeschberger (2003), Survival Analysis, 2nd ed., section 4.5.
        """
        known = self.longest >= until or (self.share.size and self.share[-1] == 0)
        if until <= 0 or not known:
            return None
        before = self.times < until
        edges = np.concatenate(([0.0], self.times[before], [until]))
        areas = np.diff(edges) * np.concatenate(([1.0], self.share[before]))
        after = np.cumsum(areas[::-1])[::-1][1:]  # from each time to the end
        weights = _greenwood(self.ended[before], self.at_risk[before])
        value, spread = float(areas.sum()), Z95 * float(np.sqrt((after**2 * weights).sum()))
        return Interval(value, max(0.0, value - spread), min(until, value + spread))


def survival(durations: ArrayLike, ended: ArrayLike) -> Survival:
    """What share takes longer than each time? `ended` is False for a case that is still open after `duration`.

    Durations in any unit, none below 0. Of one length, those that ended come before those still open. Intervals:
    Greenwood's variance on the log(-log) scale, so that none leaves 0 to 1.
    Sources: Kaplan and Meier (1958), J. Am. Stat. Assoc. 53:457-481; Kalbfleisch and Prentice (2002), section 1.4.
    """
    lengths, over = _checked(durations, ended)
    ordered = np.sort(lengths)
    times, counts, at_risk = _counted(lengths[over], ordered)
    share: Floats = np.cumprod(1 - counts / at_risk, dtype=np.float64)
    low, high = _log_log(share, np.cumsum(_greenwood(counts, at_risk)) * share**2)
    return Survival(times, at_risk, counts, share, low, high, ordered)


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """The share that had ended in one way by each of `times`, with its 95 % interval, other ways being ends too."""

    times: Floats
    share: Floats
    low: Floats
    high: Floats


def incidence(durations: ArrayLike, ends: ArrayLike, way: int) -> Incidence:
    """Which share ended in this way by each time, when another way of ending comes first for some?

    `ends` holds 0 for a case still open, else the number of the way. A withdrawn complaint can no longer be answered:
    who treats it as still open tells of a bank in which nobody withdraws. Variance by the delta method, interval on
    the log(-log) scale of the rest; with one way alone it is one minus Kaplan-Meier, interval and all.
    Sources: Aalen and Johansen (1978), Scand. J. Stat. 5:141-150; Marubini and Valsecchi (1995), section 10.2;
    Choudhury (2002), Statistics in Medicine 21:1129-1144.
    """
    given = np.asarray(ends)
    lengths, over = _checked(durations, given != 0)
    times, all_, at_risk = _counted(lengths[over], np.sort(lengths))
    which, numbers = np.unique(lengths[given == way], return_counts=True)
    mine = np.zeros(times.size)
    mine[np.searchsorted(times, which)] = numbers
    before = np.concatenate(([1.0], np.cumprod(1 - all_ / at_risk)))[:-1]
    share = np.cumsum(before * mine / at_risk)
    weight = _greenwood(all_, at_risk)
    joint = before * mine / at_risk**2
    own = np.cumsum(before**2 * mine * (at_risk - mine) / at_risk.astype(np.float64) ** 3)
    later = share**2 * np.cumsum(weight) - 2 * share * np.cumsum(weight * share) + np.cumsum(weight * share**2)
    crossed = share * np.cumsum(joint) - np.cumsum(joint * share)
    low, high = _log_log(1 - share, np.maximum(later + own - 2 * crossed, 0.0))
    return Incidence(times, share, 1 - high, 1 - low)


def _checked(durations: ArrayLike, ended: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    lengths, over = np.asarray(durations, dtype=np.float64), np.asarray(ended, dtype=np.bool_)
    if lengths.ndim != 1 or lengths.shape != over.shape:
        raise ValueError(f"durations and ends are lists of one length, not {lengths.shape} and {over.shape}")
    if lengths.size and not (np.isfinite(lengths).all() and lengths.min() >= 0):
        raise ValueError("a duration is a number from 0 on")
    return lengths, over


def _counted(ended: Floats, ordered: Floats) -> tuple[Floats, Counts, Counts]:
    """Times at which something ended, how many ended then, and how many were open just before."""
    times, counts = np.unique(ended, return_counts=True)
    at_risk = ordered.size - np.searchsorted(ordered, times, side="left")
    return times, counts.astype(np.int64), at_risk.astype(np.int64)


def _greenwood(ended: Counts, at_risk: Counts) -> Floats:
    """What each time adds to the relative variance; 0 with the last case, after which the curve is 0 and stays."""
    left = (at_risk - ended).astype(np.float64)
    return np.where(left > 0, ended / (at_risk * np.maximum(left, 1.0)), 0.0)


def _log_log(share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = Z95 * np.sqrt(variance) / (share * np.abs(np.log(share)))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    # Nothing has ended in this way so far: sure by the formula, unknown in truth.
    known = (share > 0) & (share < 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def quantile_counted(times: ArrayLike, ended: ArrayLike, watched: ArrayLike, part: float) -> Reached:
    """As `survival(…).quantile(part)`, of counts: at each of `times`, in ascending order, so many ended, and so many
    were still open when last seen.
    """
    at, over, still = (np.asarray(each) for each in (times, ended, watched))
    left = np.cumsum((over + still)[::-1])[::-1]
    some = over > 0
    counts, at_risk = over[some].astype(np.int64), left[some].astype(np.int64)
    share: Floats = np.cumprod(1 - counts / at_risk, dtype=np.float64)
    low, high = _log_log(share, np.cumsum(_greenwood(counts, at_risk)) * share**2)
    return Survival(at[some].astype(np.float64), at_risk, counts, share, low, high, np.sort(at)).quantile(part)
