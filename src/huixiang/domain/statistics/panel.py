"""What is counted? Daily counts of topics in units, with each day's volume, and what kind of day it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

A_YEAR = 365.25
A_QUARTER = 91
# How far, as standard deviation of the logarithm, a share is believed to go before it is looked at: by weekday, on
# holidays, with the year (first and second wave), and from quarter to quarter. Set by hand; data overrule them.
WEEKDAY, HOLIDAY, WAVES, DRIFT = 0.3, 0.4, (0.2, 0.1), 0.08


@dataclass(frozen=True)
class Panel:
    """Counts of each topic in each unit by day, with the volume they are a part of.

    `keys[i]` is (topic, unit) of row i. `counts[i, t]` voices on the topic on day `first + t`; `volumes[i, t]` all
    voices of that unit on that day, or any other measure of how much could be said (customers served, log-ins). A day
    without volume says nothing. Copies should be left out: one angry text posted forty times is one voice.
    `holidays` are days off besides plain weekends, `make_up` weekend days that are worked.
    """

    keys: tuple[tuple[str, str], ...]
    first: date
    counts: Floats
    volumes: Floats
    holidays: frozenset[date] = field(default=frozenset())
    make_up: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if self.counts.shape != self.volumes.shape or len(self.keys) != len(self.counts):
            shapes = f"{len(self.keys)} keys, counts {self.counts.shape}, volumes {self.volumes.shape}"
            raise ValueError(f"{shapes}: one row a key and one column a day are needed in both")
        if (self.counts < 0).any() or (self.volumes < 0).any():
            raise ValueError("counts and volumes are never negative")

    @property
    def length(self) -> int:
        return int(self.counts.shape[1])

    def day(self, index: int) -> date:
        return self.first + timedelta(days=index)

    def index(self, day: date) -> int:
        return (day - self.first).days


@dataclass(frozen=True)
class Design:
    """What is known of each day, as columns; `precision` is one over each column's variance beforehand."""

    columns: Floats  # days x columns
    precision: Floats
    is_slow: NDArray[np.bool_]  # columns that change over weeks and months: level, season, drift


def design(panel: Panel, start: int, end: int, bends: NDArray[np.int64]) -> Design:
    """The columns of days start..end-1.

    Drift is a line that bends at `bends`, a quarter apart, and goes on level after the last quarter: no rise of the
    past is promised to go on.
    """
    index = np.arange(start, end)
    days = [panel.day(int(t)) for t in index]
    off = np.array([day in panel.holidays for day in days])
    plain = ~off & ~np.array([day in panel.make_up for day in days])
    week = np.array([day.weekday() for day in days])
    weekdays = [((week == n) & plain).astype(float) for n in range(7)]
    angle = 2 * np.pi * np.array([day.timetuple().tm_yday for day in days]) / A_YEAR
    waves = [wave(k * angle) for k in (1, 2) for wave in (np.sin, np.cos)]
    drifts = [np.clip((index - bend) / A_QUARTER, 0.0, 1.0) for bend in bends]
    columns = [np.ones(len(index)), *weekdays, off.astype(float), *waves, *drifts]
    spreads = [WEEKDAY] * 7 + [HOLIDAY] + [WAVES[0]] * 2 + [WAVES[1]] * 2 + [DRIFT] * len(drifts)
    precision = np.concatenate([[0.0], 1.0 / np.square(spreads)])
    is_slow = np.array([True] + [False] * 8 + [True] * (4 + len(drifts)))
    return Design(np.column_stack(columns), precision, is_slow)
