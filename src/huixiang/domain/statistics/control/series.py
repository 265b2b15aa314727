"""What is charted? One figure day by day, and what kind of day each was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import pi

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
YEAR = 365.25
FEWEST_FOR_A_SEASON = 300  # days: a shorter past has not seen the year turn


class Kind(StrEnum):
    """How does the figure vary?"""

    TIMES = "times"  # a daily value that is stretched, never below 0, as p90 of waiting: XmR of its logarithm
    LEVELS = "levels"  # a daily value that is moved, as a score: XmR
    SHARES = "shares"  # so many of so many, as late of all: Laney's p'
    RATES = "rates"  # so many for so much, as complaints a thousand visits: Laney's u'


@dataclass(frozen=True, slots=True)
class Series:
    """Values of consecutive days from `first` on; NaN where there is none (closed, or too few to tell).

    `of`: the denominators of SHARES and RATES, 0 on a closed day. `breaks`: days of other habits, as public holidays
    on which an outlet is open, and make-up workdays.
    """

    first: date
    values: Floats
    kind: Kind
    of: Floats | None = None
    breaks: Collection[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if self.is_counted and (self.of is None or self.of.shape != self.values.shape):
            raise ValueError(f"{self.kind} need a denominator for each of the {len(self.values)} days")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_counted(self) -> bool:
        return self.kind in {Kind.SHARES, Kind.RATES}

    @property
    def told(self) -> NDArray[np.bool_]:
        """On which days is there a value?"""
        known: NDArray[np.bool_] = np.isfinite(self.values)
        if self.of is not None and self.is_counted:
            known &= self.of > 0
        if self.kind is Kind.TIMES:
            known &= self.values > 0
        return known

    def day(self, index: int) -> date:
        return self.first + timedelta(days=index)

    def index(self, day: date) -> int:
        return (day - self.first).days


def habits(series: Series, past: int) -> tuple[Floats, Floats]:
    """The columns by which a usual day is told, (days, columns), and how firmly each is held at 0 beforehand.

    Level, weekday, days of other habits, and two yearly waves where the past is long enough. A column with few days
    behind it stays near 0: a standard deviation of 0.5 on the logarithmic scale for a weekday, 0.2 for a wave.
    """
    days = [series.day(index) for index in range(len(series))]
    weekdays = np.array([day.weekday() for day in days])
    columns = [np.ones(len(days))]
    columns += [(weekdays == each) - 1 / 7 for each in range(7)]
    columns.append(np.array([day in series.breaks for day in days], dtype=np.float64))
    held = [0.0] + [1 / 0.5**2] * 8
    if past >= FEWEST_FOR_A_SEASON:
        turn = 2 * pi * np.array([day.timetuple().tm_yday for day in days]) / YEAR
        columns += [wave(times * turn) for times in (1, 2) for wave in (np.sin, np.cos)]
        held += [1 / 0.2**2] * 4
    return np.column_stack(columns).astype(np.float64), np.array(held)
