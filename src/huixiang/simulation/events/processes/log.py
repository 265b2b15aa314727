"""What did the process systems record? Every step of every case with two moments, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.moments import DAY


@dataclass(frozen=True, slots=True)
class EventLog:
    """One row a step done, sorted by case, then start; seconds count from the history's first midnight, local time.

    `activity` indexes `process.steps()`; `ready` is when the step could have begun, `starts` when it did, `ends` when
    it was done; `resource` is an index into the staff, -1 for the system and the customer. What was not done by the
    end of the history is not there.

    A log too large to be held at once comes in parts: each has the steps of some cases, whole ones, and all columns of
    cases. These, from `outlet` on, have one row a case, in the order in which the cases were given: `outcome` indexes
    `process.outcomes` (0: still open), `score` (0..10, NaN while open) is what the customer thinks of it and no system
    records, `rounds` how often it went back, `amount` in yuan (0: none), `number` counts the cases of a year by
    arrival.
    """

    process: Process
    first_day: date
    case: NDArray[np.int32]
    activity: NDArray[np.int8]
    ready: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    resource: NDArray[np.int32]
    outlet: NDArray[np.int32]
    customer: NDArray[np.int32]
    arrived: NDArray[np.int64]
    outcome: NDArray[np.int8]
    score: NDArray[np.float32]
    rounds: NDArray[np.int8]
    product: NDArray[np.int8]
    channel: NDArray[np.int8]
    amount: NDArray[np.int32]
    number: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.case)

    @property
    def cases(self) -> int:
        """How many cases are there?"""
        return len(self.outlet)

    @property
    def activities(self) -> tuple[str, ...]:
        """The names of the activities, as the bank says them."""
        return tuple(step.name for step in self.process.steps())

    def step(self, code: str) -> int:
        """Which activity is the step of this code? Raises ValueError naming the steps there are."""
        codes = [step.code for step in self.process.steps()]
        if code not in codes:
            raise ValueError(f"the process {self.process.code} has no step {code!r}; it has {', '.join(codes)}")
        return codes.index(code)

    def case_ids(self, cases: NDArray[np.integer] | slice = slice(None)) -> list[str]:
        """How does the process system number these cases? LN-2025-000123: prefix, year, running number by arrival."""
        pairs = zip(_years(self.first_day, self.arrived[cases]).tolist(), self.number[cases].tolist(), strict=True)
        return [f"{self.process.prefix}-{year}-{number:06d}" for year, number in pairs]


def running_numbers(first_day: date, arrived: NDArray[np.int64]) -> NDArray[np.int32]:
    """The which case of its year is each, by arrival?"""
    order = np.argsort(arrived, kind="stable")
    years = _years(first_day, arrived[order])
    number = np.empty(len(arrived), np.int32)
    number[order] = np.arange(1, len(arrived) + 1, dtype=np.int32) - np.searchsorted(years, years)
    return number


def _years(first_day: date, arrived: NDArray[np.int64]) -> NDArray[np.int64]:
    """In which year did they arrive? By the days, of which there are few."""
    days = np.datetime64(first_day) + np.arange(int(arrived.max(initial=0)) // DAY + 1)
    return (days.astype("datetime64[Y]").astype(np.int64) + 1970)[arrived // DAY]
