"""How many come, and when? By hour, weekday, payday, holiday and season, with days that resemble the day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import Calendar, DayKind
from huixiang.simulation import exact
from huixiang.simulation.holidays import holiday_run

SLOT = 600  # seconds: the grain of the shape of a day, and of its bursts
SLOTS = 86_400 // SLOT
WEEKDAYS = (1.18, 1.02, 0.95, 0.97, 1.08, 0.72, 0.55)  # Monday is the busiest day of a branch
PAYDAYS, PAYDAY = (10, 15, 25), 1.28  # wages on the 10th and 15th, pensions around the 25th
SEASON = (1.10, 1.12, 1.02, 0.98, 0.97, 1.0, 1.0, 0.96, 1.0, 0.96, 1.0, 1.12)  # before the new year, and at its end
FEASTS = {"春节", "国庆节"}  # for their whole run of days off every outlet stays shut
DAY_NOISE, DAY_MEMORY = 0.10, 0.45  # spread of the logarithm, correlation with the day before
# Bursts: spread of the logarithm of the rate within a day, and its correlation with ten minutes before. After half an
# hour less than half of a burst is left, after an hour a fifth: as in the calls of a real bank's centre.
BURST_SPREAD, BURST_MEMORY = 0.34, 0.77
GROUPS_A_DAY, GROUP = 0.04, (6, 20)  # a bus, a site's workers: they come to an outlet within the same ten minutes


@dataclass(frozen=True, slots=True)
class DayShape:
    """What share of a day's arrivals falls into each ten minutes: `weights` of shape (144,), or a row a day; sum 1."""

    weights: NDArray[np.float64]


def shape(peaks: Sequence[tuple[float, float, float]], opens: float = 0.0, closes: float = 24.0) -> DayShape:
    """A day of bell-shaped peaks (hour, width in hours, weight) between two hours."""
    hours = (np.arange(SLOTS) + 0.5) * SLOT / 3600
    weights = sum(w * exact.exp(-0.5 * ((hours - at) / width) ** 2) for at, width, w in peaks) + np.full(SLOTS, 0.02)
    weights = np.where((hours >= opens) & (hours < closes), weights, 0.0)
    return DayShape(weights / weights.sum())


BRANCH_PEAKS = ((10.2, 1.0, 1.0), (15.0, 1.3, 0.72), (12.5, 0.8, 0.30))
PAYDAY_PEAKS = ((9.5, 0.8, 1.0), (10.6, 1.0, 0.6), (15.0, 1.3, 0.62), (12.5, 0.8, 0.26))  # wages are fetched early
CALL_PEAKS = ((10.3, 1.3, 1.0), (15.3, 1.8, 0.85), (20.0, 1.5, 0.42))
SCREEN_PEAKS = ((8.3, 0.8, 0.5), (12.4, 1.0, 0.7), (17.0, 2.0, 0.6), (21.0, 1.6, 1.0))


def branch_days(days: Sequence[date], row: NDArray[np.integer]) -> DayShape:
    """The shape of each row's day at a counter; `row` counts `days`. Wages and pensions bring people in the morning."""
    usual, early = shape(BRANCH_PEAKS).weights, shape(PAYDAY_PEAKS).weights
    return DayShape(np.stack([early if day.day in PAYDAYS else usual for day in days])[row])


def day_factors(
    days: Sequence[date], calendar: Calendar, dice: np.random.Generator, *, counters: bool
) -> NDArray[np.float64]:
    """Demand on each day against an ordinary one. `counters`: people go to a branch, else they call or tap.

    The logarithm of the noise is an autoregression of order one, so that a busy day is followed by busy days.
    """
    noise = dice.normal(0.0, DAY_NOISE * np.sqrt(1 - DAY_MEMORY**2), len(days))
    level, factors = dice.normal(0.0, DAY_NOISE), np.empty(len(days))
    for n, day in enumerate(days):
        level = DAY_MEMORY * level + noise[n]
        factors[n] = _expected(day, calendar, counters) * exact.exp(level - DAY_NOISE**2 / 2)
    return factors


def _expected(day: date, calendar: Calendar, counters: bool) -> float:
    kind = calendar.kind(day)
    weekday = 0.9 if kind is DayKind.MAKE_UP else WEEKDAYS[day.weekday()]
    factor = (weekday if counters else 1 + (weekday - 1) * 0.4) * SEASON[day.month - 1]
    if kind is DayKind.HOLIDAY:
        return factor * (0.35 if counters else 0.75)
    if calendar.kind(day - timedelta(days=1)) is DayKind.HOLIDAY:
        factor *= 1.35  # the first day after a holiday
    return factor * (PAYDAY if day.day in PAYDAYS else 1.0)


def open_outlets(day: date, calendar: Calendar, weekends: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which outlets open on this day? All on workdays; those with weekend service on others, but not on feast days."""
    if calendar.is_workday(day):
        return np.ones(len(weekends), dtype=bool)
    return np.zeros(len(weekends), dtype=bool) if FEASTS & set(holiday_run(day, calendar)) else weekends.copy()


def arrivals(
    expected: NDArray[np.float64],
    opens: NDArray[np.int64],
    closes: NDArray[np.int64],
    day: DayShape,
    dice: np.random.Generator,
    *,
    groups: float = 0.0,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Who comes when: for each row (an outlet on a day) the seconds after midnight at which somebody arrives.

    `expected` is the mean of each row, `opens` and `closes` its doors in seconds; `groups` a row come on top. Returns
    `(row, second)`, sorted by row, within it in no order. A Cox process: the rate is the day's shape times noise that
    remembers itself, so that arrivals come in bursts of minutes to an hour, and not as a Poisson process does.
    """
    starts = np.arange(SLOTS) * SLOT
    inside = (starts[None, :] + SLOT > opens[:, None]) & (starts[None, :] < closes[:, None])
    weights = np.where(inside, np.atleast_2d(day.weights).astype(np.float32), np.float32(0))
    rate = weights * (expected / np.maximum(weights.sum(axis=1), 1e-9)).astype(np.float32)[:, None]
    columns = np.flatnonzero(inside.any(axis=0))
    counts = dice.poisson(rate[:, columns] * _bursts(len(expected), len(columns), dice))
    if groups:
        row = np.flatnonzero(dice.random(len(expected)) < groups)
        slot = dice.integers(0, len(columns), len(row))
        open_then = inside[row, columns[slot]]
        counts[row[open_then], slot[open_then]] += dice.integers(*GROUP, int(open_then.sum()), endpoint=True)
    cell = np.repeat(np.arange(counts.size, dtype=np.int64), counts.ravel())
    row, slot = np.divmod(cell, len(columns))
    second = starts[columns][slot] + dice.integers(0, SLOT, len(cell), dtype=np.int32)
    second = np.clip(second, opens[row], closes[row] - 1)
    return row.astype(np.int32), second.astype(np.int32)


def _bursts(rows: int, slots: int, dice: np.random.Generator) -> NDArray[np.float32]:
    """By how much is each slot of each row busier than usual? Mean 1; the logarithm an autoregression of order one."""
    noise = dice.standard_normal((slots, rows), dtype=np.float32)
    noise *= np.float32(BURST_SPREAD)
    fresh = np.float32(np.sqrt(1 - BURST_MEMORY**2))
    for slot in range(1, slots):
        noise[slot] = np.float32(BURST_MEMORY) * noise[slot - 1] + fresh * noise[slot]
    return np.asarray(exact.exp(noise - np.float32(BURST_SPREAD**2 / 2)).T)
