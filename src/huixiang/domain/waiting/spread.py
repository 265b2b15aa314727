"""How long did so many wait? Counts by seconds, or by steps of four per cent where there are many; a sum adds them.

docs/methods/waiting.md defines each measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics import Interval, share
from huixiang.domain.statistics.survival import Reached, quantile_counted
from huixiang.domain.waiting.ranks import ranks

STEP = 1.04
LOG_STEP = log(STEP)
SMALL = 100  # tickets of a branch's day below which each second is kept as it is
FEW = 30  # below so many nothing is concluded
LIMITS = (600, 1_200, 1_800)  # seconds for which what exceeds them is counted exactly
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A percentile in seconds. `low` and `high` bound it with 95 %; None where too few can say."""

    value: float
    low: float | None
    high: float | None
    of: int

    @property
    def is_few(self) -> bool:
        return self.of < FEW or self.low is None or self.high is None


def seconds_of(steps: Numbers, is_exact: Numbers) -> NDArray[np.float64]:
    """What stands for a count: its second, or the middle of its step, off by two per cent of a second more at most."""
    return np.where(is_exact, steps, np.exp((np.asarray(steps) + 0.5) * LOG_STEP) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Of each length, the shortest first: how many ended by being called, and how many by leaving."""

    seconds: NDArray[np.float64]
    called: NDArray[np.int64]
    left: NDArray[np.int64]

    @classmethod
    def of(cls, steps: Numbers, is_exact: Numbers, called: Numbers, left: Numbers) -> Spread:
        seconds = seconds_of(np.asarray(steps), np.asarray(is_exact))
        order = np.argsort(seconds, kind="stable")
        return cls(seconds[order], np.asarray(called, np.int64)[order], np.asarray(left, np.int64)[order])

    @classmethod
    def together(cls, spreads: Iterable[Spread]) -> Spread:
        """All of them as one."""
        listed = list(spreads)
        columns = [
            np.concatenate([getattr(each, name) for each in listed]) if listed else np.zeros(0)
            for name in ("seconds", "called", "left")
        ]
        order = np.argsort(columns[0], kind="stable")
        return cls(columns[0][order], columns[1][order].astype(np.int64), columns[2][order].astype(np.int64))

    @property
    def served(self) -> int:
        return int(self.called.sum())

    @property
    def abandoned(self) -> int:
        return int(self.left.sum())

    @property
    def all(self) -> int:
        return self.served + self.abandoned

    @property
    def abandonment(self) -> Interval | None:
        """Which share left before being called?"""
        return share(self.abandoned, self.all)

    def quantile(self, part: float) -> Quantile | None:
        """How long did this part of the called wait at most? None where nobody was called."""
        reached = self.called.cumsum()
        if not len(reached) or not (count := int(reached[-1])):
            return None
        value, low, high = ranks(count, part)
        told = self.seconds[reached.searchsorted((value, low or 1, high or 1))].tolist()
        return Quantile(told[0], None if low is None else told[1], None if high is None else told[2], count)

    def until_called(self, part: float) -> Reached | None:
        """By when would this part have been called, had nobody left? Kaplan-Meier: who left waited at least so long."""
        return quantile_counted(self.seconds, self.called, self.left, part) if self.all else None

    def over(self, limit_seconds: int) -> Interval | None:
        """Which share waited longer?"""
        return share(*self.longer(limit_seconds))

    def longer(self, limit_seconds: int) -> tuple[int, int]:
        """So many waited longer, of so many of whom it can be told: not of who left sooner, who might have or not."""
        longer = self.seconds > limit_seconds
        left = int(self.left[longer].sum())
        return int(self.called[longer].sum()) + left, self.served + left
