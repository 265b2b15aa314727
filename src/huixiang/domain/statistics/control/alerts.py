"""Is that more than chance, and since when? One alert a shift, and few false ones in a quiet year.

Sums of 1, 7 and 28 days are held against what was usual, with all that is unsure of it. Classic rules (Western
Electric, Nelson) raise, together, a false alarm on a quiet chart every three months: nobody reads such alerts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.statistics.control.charts import Chart
from huixiang.domain.statistics.control.series import Floats, Kind
from huixiang.domain.statistics.intervals import Z95, Interval
from huixiang.domain.statistics.tails import at_least

CAP = 3.0  # deviations beyond which one day adds no more to a sum: a week is not moved by one day
BEYOND = 1.4  # times the furthest day of the past: a tail's weight is poorly known just where one day is judged
MANY = 25  # expected in a sum: from here on it is near enough to normal for its days to be capped
CALM = 0.05
WEEK = 7
APART = 2  # days learned for each degree of freedom: of ranks neither level nor spread is known by a model
REACH = 91  # days back in which a shift is looked for; who lasts longer is the new level
NEARLY = 6.0  # twice the log likelihood below the best; how often that holds the true day: benchmarks.control


@dataclass(frozen=True, slots=True)
class Watch:
    """How often may a quiet chart raise a false alarm in a year of daily looks? And over which days are sums taken?

    `false_a_year` is held where days vary as the model says; half of 5 %, as real days have heavier tails than a model,
    and with those of `benchmarks.control` it is about 5 %.
    """

    false_a_year: float = 0.025
    windows: tuple[int, ...] = (1, 7, 28)

    @property
    def level(self) -> float:
        """The p below which one look at one window is an alert, both sides together (Bonferroni)."""
        return self.false_a_year / 365 / len(self.windows)


@dataclass(frozen=True, slots=True)
class Alert:
    """A shift. `since` with the earliest and latest day that fit nearly as well; `window`: how many days were summed.

    `p`: how often chance alone would give as much in one look. `size`: as a factor of what is usual, with its interval;
    of LEVELS the difference.
    """

    raised_on: date
    is_up: bool
    window: int
    p: float
    since: date
    since_earliest: date
    since_latest: date
    size: Interval
    ended_on: date | None = None


def alerts(
    chart: Chart, start: int, end: int, watch: Watch | None = None, told_until: date | None = None
) -> list[Alert]:
    """All shifts that a daily look from day `start` to before day `end` would have raised, the first first.

    One that goes on raises no more; it ends when its last seven days by themselves are calm, or after 91 days as the
    new level, from which a chart is to be learned anew. What happened up to `told_until` was told before: only sums
    that begin after it count.
    """
    rule, found, after = watch or Watch(), list[Alert](), -1
    sums = {window: Sums.of(chart, window) for window in {*rule.windows, WEEK}}
    order = np.flatnonzero(chart.series.told[:end])
    if told_until:
        after = int(np.searchsorted(order, chart.series.index(told_until), side="right")) - 1
    open_one: Alert | None = None
    for at in range(int(np.searchsorted(order, start)), len(order)):
        day = int(order[at])
        if open_one and _is_over(sums[WEEK], at, open_one, chart):
            found[-1] = replace(open_one, ended_on=chart.series.day(day))
            if (chart.series.day(day) - open_one.since).days >= REACH:
                break  # a new level: what comes after is for a chart that has learned it
            open_one, after = None, at
        elif open_one is None and (seen := _seen(sums, at, after, rule)):
            open_one = _alert(chart, order[: at + 1], *seen)
            found.append(open_one)
    return found


def ended_on(chart: Chart, alert: Alert, end: int) -> date | None:
    """On which day before `end` was an alert that was raised earlier over? None: it goes on."""
    week, order = Sums.of(chart, WEEK), np.flatnonzero(chart.series.told[:end])
    begin = int(np.searchsorted(order, chart.series.index(alert.raised_on), side="right"))
    over = (at for at in range(begin, len(order)) if _is_over(week, at, alert, chart))
    last = next(over, None)
    return None if last is None else chart.series.day(int(order[last]))


def _seen(sums: Mapping[int, Sums], at: int, after: int, rule: Watch) -> tuple[int, float, bool] | None:
    """The window that surprises most, how much, and upwards or not; None where none does.

    What was told already, before `after`, is not told again by a longer sum.
    """
    looks = [(each, sums[each].up[at], sums[each].down[at]) for each in rule.windows if at - after >= each <= at + 1]
    window, up, down = min(looks, key=lambda look: min(look[1:]), default=(0, 1.0, 1.0))
    p = 2 * min(up, down)
    return (window, float(p), bool(up < down)) if p <= rule.level else None


@dataclass(frozen=True, slots=True)
class Sums:
    """For each day with a value, in order: how often would chance alone give the last days a sum as high, and as low?

    `first` is the day on which each sum begins. Where fewer days are behind it, nothing surprises.
    """

    up: Floats
    down: Floats
    first: NDArray[np.int64]

    @classmethod
    def of(cls, chart: Chart, window: int) -> Sums:
        order = np.flatnonzero(chart.series.told)
        tail = _counted if chart.series.is_counted else _valued
        tail = tail if chart.ranked is None else _ranked
        up, down = tail(chart, order, window)
        up[: window - 1] = down[: window - 1] = 1.0
        return cls(up, down, order[np.maximum(np.arange(len(order)) - window + 1, 0)])


def _valued(chart: Chart, order: NDArray[np.int64], window: int) -> tuple[Floats, Floats]:
    z, doubt = chart.distances[order], _doubts(chart, order, window)
    return _of_one_day(chart, z / np.sqrt(1 + doubt)) if window == 1 else _of_days(chart, z, doubt, window)


def _counted(chart: Chart, order: NDArray[np.int64], window: int) -> tuple[Floats, Floats]:
    count, mean, own = (
        _rolled(each[order], window) for each in (chart.series.values, chart.usual.mean, chart.usual.spread)
    )
    variance = chart.factor * (own * _leant(chart, window) / window + _doubts(chart, order, window))
    up, down = at_least(count, mean, variance), 1 - at_least(count + 1, mean, variance)
    if window == 1:
        tails = _of_one_day(chart, (count - mean) / np.sqrt(variance))
    else:
        doubt = _doubts(chart, order, window) * window / np.maximum(own, 1e-12)
        capped = _of_days(chart, chart.distances[order], doubt, window)
        tails = np.where(mean >= MANY, capped[0], 0.0), np.where(mean >= MANY, capped[1], 0.0)
    return np.maximum(up, tails[0]), np.maximum(down, tails[1])


def _ranked(chart: Chart, order: NDArray[np.int64], window: int) -> tuple[Floats, Floats]:
    """By ranks: a burst more is no shift, many are. A single day tells nothing: its like may come any day."""
    if window == 1:
        return np.ones(len(order)), np.ones(len(order))
    doubt = _doubts(chart, order, window) * window / np.maximum(_rolled(chart.usual.spread[order], window), 1e-12)
    return _of_days(chart, chart.scores[order], doubt, window)


def _of_one_day(chart: Chart, z: Floats) -> tuple[Floats, Floats]:
    """By a t with the past's tails; what is not clearly further than the past itself was is no surprise."""
    wide = z * sqrt(chart.tail / (chart.tail - 2))  # a t of this tail with the deviation one
    up, down = scipy.special.stdtr(chart.tail, -wide), scipy.special.stdtr(chart.tail, wide)
    low, high = chart.furthest
    return np.where(z > BEYOND * high, up, 1.0), np.where(z < BEYOND * low, down, 1.0)


def _of_days(chart: Chart, z: Floats, doubt: Floats, window: int) -> tuple[Floats, Floats]:
    """Of a sum in which no day stands for more than three deviations; of ranks by a Student's t."""
    wide = _rolled(np.clip(z, -CAP, CAP), window) / np.sqrt(_leant(chart, window) + doubt)
    freedom = np.inf if chart.ranked is None else len(chart.ranked) / APART
    return scipy.special.stdtr(freedom, -wide), scipy.special.stdtr(freedom, wide)


def _rolled(values: Floats, window: int) -> Floats:
    """Sums of the last `window` values, of fewer at the start."""
    ends = np.cumsum(values, axis=0)
    found = ends.copy()
    found[window:] -= ends[:-window]
    return found


def _leant(chart: Chart, days: int) -> float:
    """The variance of a sum of so many days, in days: more than `days` where each leans on the one before."""
    apart = np.arange(1, days)
    return days + 2 * float(((days - apart) * chart.leaning**apart).sum())


def _doubts(chart: Chart, order: NDArray[np.int64], window: int) -> Floats:
    """What the doubt about the usual adds to a sum's variance, by the model alone; more where days lean."""
    slopes = _rolled(chart.usual.slopes[order], window)
    found: Floats = np.einsum("di,ij,dj->d", slopes, chart.usual.doubt, slopes)
    return found * (1 + chart.leaning) / (1 - chart.leaning)


def _is_over(week: Sums, at: int, alert: Alert, chart: Chart) -> bool:
    series = chart.series
    if (series.day(int(np.flatnonzero(series.told)[at])) - alert.since).days >= REACH:
        return True
    p = week.up[at] if alert.is_up else week.down[at]
    return bool(p > CALM and series.day(int(week.first[at])) > alert.raised_on)


def _alert(chart: Chart, order: NDArray[np.int64], window: int, p: float, is_up: bool) -> Alert:
    series, days = chart.series, order[-REACH:]
    began, earliest, latest = _since(chart, days, is_up)
    since, first, last = (series.day(int(days[each])) for each in (began, earliest, latest))
    return Alert(series.day(int(order[-1])), is_up, window, p, since, first, last, _size(chart, days[began:]))


def _since(chart: Chart, days: NDArray[np.int64], is_up: bool) -> tuple[int, int, int]:
    """The most likely first day of a step, and the first and last that fit nearly as well.

    Source: Hinkley (1970), Biometrika 57:1-17, for a known level before.
    """
    z = np.clip(chart.scores[days], -CAP, CAP) * (1 if is_up else -1)
    behind = np.cumsum(z[::-1])[::-1]  # the sum from each day on
    gains = np.where(behind > 0, behind**2 / np.arange(len(days), 0, -1), 0.0) / _leant(chart, 7) * 7
    best = int(gains.argmax())
    near = np.flatnonzero(gains >= gains[best] - NEARLY)
    return best, int(near[0]), int(near[-1])


def _size(chart: Chart, days: NDArray[np.int64]) -> Interval:
    """By how much has it moved? A factor with its interval, of LEVELS the difference."""
    window, usual = len(days), chart.usual
    doubt = float(_doubts(chart, days, window)[-1])
    if chart.series.is_counted:
        count, mean, own = (float(each[days].sum()) for each in (chart.series.values, usual.mean, usual.spread))
        out = Z95 * sqrt(chart.factor * (own * _leant(chart, window) / window + doubt))
        return Interval(count / mean, max(0.0, count - out) / mean, (count + out) / mean)
    away = float(np.mean(chart.distances[days])) * sqrt(chart.factor)
    out = Z95 * sqrt(chart.factor * (_leant(chart, window) + doubt)) / window
    ends = away, away - out, away + out
    return Interval(*(float(np.exp(end)) for end in ends)) if chart.series.kind is Kind.TIMES else Interval(*ends)
