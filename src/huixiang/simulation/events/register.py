"""Which complaints reach the register, and what does it say of them? With those kept off it, and those recoded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.grievances import Grievances
from huixiang.simulation.events.processes import PROCESSES, Arrivals, EventLog, simulate
from huixiang.simulation.moments import DAY
from huixiang.simulation.planting import Planting

TARGET_DAYS = 5  # the bank's own target for a reply, inside the legal fifteen


@dataclass(frozen=True, slots=True)
class Register:
    """The complaints that were entered, in order of arrival: `made` and the log of their handling, row by row.

    `recoded` are those turned into enquiries on the last day of the target, `kept_off` the complaints that were never
    entered: two truths that no system records.
    """

    made: Grievances
    log: EventLog
    recoded: NDArray[np.bool_]
    kept_off: Grievances

    def __len__(self) -> int:
        return len(self.made)


def keep(bank: Bank, planting: Planting, made: Grievances) -> Register:
    """Enter the complaints and handle them. What would be made after the history's end is not there yet."""
    days = bank.scenario.days()
    made = _rows(made, made.day < len(days))
    dice = bank.dice.of("register")
    shares = _in_force(planting, "off_register", bank, made)
    off = dice.random(len(made)) < shares
    entered = _rows(made, ~off)
    moment = entered.day.astype(np.int64) * DAY + entered.second
    arrivals = Arrivals(moment, entered.outlet, entered.customer)
    log = simulate(bank, planting, PROCESSES["complaint"], arrivals, bank.dice.of("cases", "complaint"))
    deadline = moment + TARGET_DAYS * DAY
    late = (moments_of(log, "answer") > deadline) & (ended(log) > deadline) & (deadline < len(days) * DAY)
    recoded = late & (dice.random(len(entered)) < _in_force(planting, "recoding", bank, entered))
    return Register(entered, log, recoded, _rows(made, off))


def moments_of(log: EventLog, step: str) -> NDArray[np.int64]:
    """When was this step last done in each case? Seconds; beyond all time where it is not done yet."""
    rows = np.flatnonzero(log.activity == log.step(step))
    done = np.full(log.cases, np.iinfo(np.int64).max)
    done[log.case[rows]] = log.ends[rows]  # rows are in order of time: the last one stays
    return done


def ended(log: EventLog) -> NDArray[np.int64]:
    """When did each case come to its end, by whatever way? Seconds; beyond all time where it is still open."""
    last = np.zeros(log.cases, dtype=np.int64)
    np.maximum.at(last, log.case, log.ends)
    return np.where(log.outcome > 0, last, np.iinfo(np.int64).max)


def _in_force(planting: Planting, kind: str, bank: Bank, made: Grievances) -> NDArray[np.float64]:
    """The planted size at each complaint's outlet on its day."""
    sizes = np.zeros(len(made))
    for effect, outlets in planting.of(kind):
        first = (effect.start - bank.scenario.first_day) // timedelta(days=1)
        last = (effect.end - bank.scenario.first_day) // timedelta(days=1)
        there = np.isin(made.outlet, outlets) & (made.day >= first) & (made.day <= last)
        sizes[there] = np.maximum(sizes[there], effect.size)
    return sizes


def _rows(made: Grievances, which: NDArray[np.bool_]) -> Grievances:
    return Grievances(*(getattr(made, name)[which] for name in Grievances.__slots__))
