"""Which complaints reach the register, and what does it say of them? With those kept off it, and those recoded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.extensions import Extensions, extensions
from huixiang.simulation.events.grievances import Grievances
from huixiang.simulation.events.processes import PROCESSES, About, Arrivals, EventLog, simulate
from huixiang.simulation.events.processes.clocks import Almanac, Clock
from huixiang.simulation.events.processes.service import NOBODY
from huixiang.simulation.events.repeats import FIRST, with_second_ones
from huixiang.simulation.moments import DAY
from huixiang.simulation.planting import Planting

TARGET_DAYS = 5  # the bank's own target for a reply, calendar days from receipt, inside the legal fifteen
LAST_HOURS = 4  # of work before the target: then what is late is recoded
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Register:
    """The complaints that were entered, in order of arrival: `made` and the log of their handling, row by row.

    `contact`, `answered` and `closed` are the moments that the register shows, in seconds, NEVER where there is none.
    `recoded` are those turned into enquiries in the last hours before the target, `kept_off` the complaints that were
    never entered: two truths that no system records.
    """

    made: Grievances
    log: EventLog
    contact: NDArray[np.int64]
    answered: NDArray[np.int64]
    closed: NDArray[np.int64]
    extended: Extensions
    recoded: NDArray[np.bool_]
    kept_off: Grievances
    repeats: NDArray[np.int64]  # the row of the complaint that each one repeats; FIRST: none

    def __len__(self) -> int:
        return len(self.made)


def keep(bank: Bank, planting: Planting, made: Grievances) -> Register:
    """Enter the complaints and handle them. What would be made after the history's end is not there yet."""
    days = bank.scenario.days()
    heard = with_second_ones(bank, _rows(made, made.day < len(days)), bank.dice.of("repeats"))
    made = heard.made
    dice = bank.dice.of("register")
    shares = _in_force(planting, "off_register", bank, made)
    off = dice.random(len(made)) < shares
    entered = _rows(made, ~off)
    repeats = _among(heard.repeats, ~off)
    moment = entered.day.astype(np.int64) * DAY + entered.second
    arrivals = Arrivals(moment, entered.outlet, entered.customer)
    about = About(entered.business, entered.source)
    log = simulate(bank, planting, PROCESSES["complaint"], arrivals, bank.dice.of("cases", "complaint"), about)
    contact, answered, closed = moments_of(log, "contact"), moments_of(log, "answer"), ended(log)
    office, end = Almanac(bank).office(), len(days) * DAY
    last = _last_hours(moment, office, bank.dice.of("recoding"))
    late = (answered > moment + TARGET_DAYS * DAY) & (closed > moment + TARGET_DAYS * DAY) & (last > moment)
    late &= moment + TARGET_DAYS * DAY < end
    recoded = late & (dice.random(len(entered)) < _in_force(planting, "recoding", bank, entered))
    answered, closed = np.where(recoded, last, answered), np.where(recoded, last, closed)
    contact[recoded & (contact > last)] = NEVER  # what is closed as an enquiry has no contact later on
    extended = extensions(moment, closed, office, end, bank.dice.of("extensions"))
    log = _closed_as_enquiries(log, recoded, last)
    return Register(entered, log, contact, answered, closed, extended, recoded, _rows(made, off), repeats)


def _closed_as_enquiries(log: EventLog, recoded: NDArray[np.bool_], last: NDArray[np.int64]) -> EventLog:
    """The same log, in which a recoded case ends there and then: what would have followed was never done."""
    kept = np.flatnonzero(~recoded[log.case] | (log.ends <= last[log.case]))
    closed = np.flatnonzero(recoded).astype(np.int32)
    when, nobody = last[closed].astype(np.int32), np.full(len(closed), NOBODY, np.int32)
    case, starts = (np.concatenate([log.case[kept], closed]), np.concatenate([log.starts[kept], when]))
    order = np.lexsort((starts, case))  # stable: the closing stands behind what ended at the same moment

    def then(column: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column[kept], more.astype(column.dtype)])[order]

    outcomes = [one.code for one in log.process.outcomes]
    close = np.full(len(closed), log.step("close"))
    return replace(
        log, case=case[order], activity=then(log.activity, close), ready=then(log.ready, when), starts=starts[order],
        ends=then(log.ends, when), resource=then(log.resource, nobody),
        outcome=np.where(recoded, outcomes.index("answered"), log.outcome).astype(log.outcome.dtype),
    )  # fmt: skip


def _last_hours(arrived: NDArray[np.int64], office: Clock, dice: np.random.Generator) -> NDArray[np.int64]:
    """A moment in the last working hours before each target; -1 where nobody worked in between."""
    worked = office.worked(arrived + TARGET_DAYS * DAY)
    then = worked - dice.integers(60, LAST_HOURS * 3600, len(arrived))
    known = then > office.worked(arrived)
    return np.where(known, office.moment(np.where(known, then, 0)), -1)


def moments_of(log: EventLog, step: str) -> NDArray[np.int64]:
    """When was this step last done in each case? Seconds; beyond all time where it is not done yet."""
    rows = np.flatnonzero(log.activity == log.step(step))
    done = np.full(log.cases, NEVER)
    done[log.case[rows]] = log.ends[rows]  # rows are in order of time: the last one stays
    return done


def ended(log: EventLog) -> NDArray[np.int64]:
    """When did each case come to its end, by whatever way? Seconds; beyond all time where it is still open."""
    last = np.zeros(log.cases, dtype=np.int64)
    np.maximum.at(last, log.case, log.ends)
    return np.where(log.outcome > 0, last, NEVER)


def _in_force(planting: Planting, kind: str, bank: Bank, made: Grievances) -> NDArray[np.float64]:
    """The planted size at each complaint's outlet on its day."""
    sizes = np.zeros(len(made))
    for effect, outlets in planting.of(kind):
        first = (effect.start - bank.scenario.first_day) // timedelta(days=1)
        last = (effect.end - bank.scenario.first_day) // timedelta(days=1)
        there = np.isin(made.outlet, outlets) & (made.day >= first) & (made.day <= last)
        sizes[there] = np.maximum(sizes[there], effect.size)
    return sizes


def _among(repeats: NDArray[np.int64], which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The same rows counted among those kept; of what is not in the register nobody there repeats anything."""
    place = np.where(which, np.cumsum(which) - 1, FIRST)
    of = repeats[which]
    return np.where(of >= 0, place[of], FIRST)


def _rows(made: Grievances, which: NDArray[np.bool_]) -> Grievances:
    return Grievances(*(getattr(made, name)[which] for name in Grievances.__slots__))
