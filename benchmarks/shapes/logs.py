"""Which calls, tickets and cases are compared? Two real logs and one year of a quiet made-up bank, as plain columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.events.calls import Calls, calls
from huixiang.simulation.events.processes import PROCESSES, case_arrivals, simulate
from huixiang.simulation.events.training import enrol, gain_by
from huixiang.simulation.events.visits import Month, visits
from huixiang.simulation.holidays import mainland
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import named

DAY = 86_400
CALL_FILE, LOAN_FILE = "anonymous_bank_callcenter_1999_january.parquet", "bpic2012_bankloan.parquet"
SUNDAY_TO_THURSDAY = (6, 0, 1, 2, 3)  # the working week in Israel
ENDS = ("A_DECLINED", "A_CANCELLED", "A_APPROVED", "A_REGISTERED", "A_ACTIVATED")
# The rule of the data's .ref.json: who reached the queue or an agent was offered, and arrived when the queue began.
REAL_CALLS = """
select date_diff('day', date '1999-01-01', date) as day, isodow(date) - 1 as weekday, q_time as wait, ser_time as talk,
       outcome <> 'AGENT' as gone, dense_rank() over (order by type) - 1 as kind,
       case when q_start_s > 0 then q_start_s else vru_exit_s end as second
from read_parquet(?) where outcome <> 'PHANTOM' and (q_time > 0 or outcome = 'AGENT') order by day, second, call_id
"""
REAL_LOANS = """
select dense_rank() over (order by case_id) - 1 as number, activity, lifecycle,
       epoch(ts at time zone 'Europe/Amsterdam') as moment
from read_parquet(?) order by case_id, ts, eid
"""


@dataclass(frozen=True)
class Arrivals:
    """One row somebody who calls or comes. `ordinary`: on an ordinary working day; `place` is 0 or an outlet."""

    day: NDArray[np.int64]
    weekday: NDArray[np.int64]
    second: NDArray[np.int64]
    place: NDArray[np.int64]
    wait: NDArray[np.float64]
    talk: NDArray[np.float64]  # seconds of service, NaN for who left
    gone: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]
    kind: NDArray[np.int64]


@dataclass(frozen=True)
class Cases:
    """One row an activity done, by case and moment of its end; local seconds since 1970. `done`, by case: it has ended.

    `worked` are the seconds between start and end where people of the bank worked, else NaN.
    """

    case: NDArray[np.int64]
    activity: NDArray[np.str_]
    begins: NDArray[np.float64]
    ends: NDArray[np.float64]
    worked: NDArray[np.float64]
    done: NDArray[np.bool_]

    @property
    def span(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """First and last moment of each case."""
        first, last = np.full(len(self.done), np.inf), np.full(len(self.done), -np.inf)
        np.minimum.at(first, self.case, self.begins)
        np.maximum.at(last, self.case, self.ends)
        return first, last

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """On which weekday did each case begin? Monday is 0; the first day of 1970 was a Thursday."""
        return ((self.span[0] // DAY).astype(int) + 3) % 7


def real_calls(folder: Path) -> Arrivals | None:
    """The calls of a small Israeli bank in January 1999; None where the file is not there."""
    if not (folder / CALL_FILE).exists():
        return None
    rows = duckdb.execute(REAL_CALLS, [str(folder / CALL_FILE)]).fetchnumpy()
    day, weekday, gone = rows["day"].astype(int), rows["weekday"].astype(int), rows["gone"].astype(bool)
    talk = np.where(gone, np.nan, rows["talk"].astype(float))
    return Arrivals(
        day, weekday, rows["second"].astype(int), np.zeros(len(day), dtype=int), rows["wait"].astype(float), talk, gone,
        np.isin(weekday, SUNDAY_TO_THURSDAY), rows["kind"].astype(int),
    )  # fmt: skip


def real_loans(folder: Path) -> Cases | None:
    """The applications of BPI Challenge 2012, as completed activities; None where the file is not there."""
    if not (folder / LOAN_FILE).exists():
        return None
    rows = duckdb.execute(REAL_LOANS, [str(folder / LOAN_FILE)]).fetchnumpy()
    case, activity, moment = rows["number"].astype(int), rows["activity"].astype(str), rows["moment"].astype(float)
    complete = rows["lifecycle"].astype(str) == "COMPLETE"
    begins, worked = _begun(case, activity, rows["lifecycle"].astype(str), moment)
    done = np.zeros(case.max() + 1, dtype=bool)
    done[case[np.isin(activity, ENDS)]] = True
    return Cases(case[complete], activity[complete], begins[complete], moment[complete], worked[complete], done)


def _begun(
    case: NDArray[np.int64], activity: NDArray[np.str_], lifecycle: NDArray[np.str_], moment: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When did each work item begin? At the first START of its case and activity not yet closed by a COMPLETE."""
    begins, worked, waiting = moment.copy(), np.full(len(case), np.nan), dict[tuple[int, str], float]()
    for row in np.flatnonzero(np.char.startswith(activity, "W_")).tolist():
        key = (int(case[row]), str(activity[row]))
        if lifecycle[row] == "START":
            waiting.setdefault(key, float(moment[row]))
        elif lifecycle[row] == "COMPLETE" and key in waiting:
            begins[row] = waiting.pop(key)
            worked[row] = moment[row] - begins[row]
    return begins, worked


def made_up(branches: int, months: int) -> tuple[Arrivals, Arrivals, Cases]:
    """Calls, tickets and loan cases of a bank in which nothing is planted."""
    bank = found(named("quiet").sized(branches=branches, months=months))
    days = bank.scenario.days()
    remote, counters = (
        day_factors(days, mainland(), bank.dice.of("days", name), counters=name == "counters")
        for name in ("remote", "counters")
    )
    return _hotline(bank, remote), _branches(bank, counters), _loans(bank, counters)


def _hotline(bank: Bank, factors: NDArray[np.float64]) -> Arrivals:
    planting, before, parts = plant(bank), None, list[Calls]()
    for name, days in bank.scenario.by_month():
        index = _index(bank, days)
        before = calls(bank, planting, name, days, factors[index], before.owed if before else None)
        parts.append(before)

    def of(name: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(part, name) for part in parts]).astype(np.int64)

    once = of("continues") < 0  # a call handed on waits twice; the real log has no second parts
    day, second, gone = of("day")[once], of("entered")[once], of("agent")[once] < 0
    talk = np.where(gone, np.nan, (of("ended") - of("answered"))[once])
    wait = (of("rang") - of("entered"))[once].astype(float)  # the real wait ends when an agent is found, too
    weekday, ordinary = _calendar(bank, day)
    return Arrivals(day, weekday, second, np.zeros(len(day), dtype=int), wait, talk, gone, ordinary, of("topic")[once])


def _branches(bank: Bank, factors: NDArray[np.float64]) -> Arrivals:
    planting, parts = plant(bank), []
    courses = enrol(bank, planting)
    for name, days in bank.scenario.by_month():
        index = _index(bank, days)
        month = Month(name, days, factors[index], gain_by(bank, courses, index))
        parts += list(visits(bank, planting, month))

    def of(name: str) -> NDArray[np.int64]:
        return np.concatenate([getattr(part, name) for part in parts]).astype(np.int64)

    order = np.lexsort((of("arrived"), of("day")))
    day, gone = of("day")[order], of("counter")[order] < 0
    talk = np.where(gone, np.nan, (of("ended") - of("called"))[order])
    wait = (of("called") - of("arrived"))[order].astype(float)
    weekday, ordinary = _calendar(bank, day)
    return Arrivals(
        day, weekday, of("arrived")[order], of("outlet")[order], wait, talk, gone, ordinary, of("service")[order]
    )


def _loans(bank: Bank, factors: NDArray[np.float64]) -> Cases:
    process, days = PROCESSES["loan"], bank.scenario.days()
    arrivals = case_arrivals(bank, process, days, factors, bank.dice.of("arrivals", "loan"))
    log = simulate(bank, plant(bank), process, arrivals, bank.dice.of("cases", "loan"))
    order = np.lexsort((log.ends, log.case))
    staffed = np.array([process.staffed(step) for step in process.steps()])[log.activity]
    midnight = float(np.datetime64(bank.scenario.first_day, "s").astype(np.int64))
    begins, ends = midnight + log.starts, midnight + log.ends
    began = np.bincount(log.case, minlength=log.cases) > 0  # others have no event before the history ends
    number = np.cumsum(began) - 1
    return Cases(
        number[log.case[order]], np.array(log.activities)[log.activity[order]], begins[order], ends[order],
        np.where(staffed, ends - begins, np.nan)[order], (log.outcome > 0)[began],
    )  # fmt: skip


def _index(bank: Bank, days: list) -> NDArray[np.int64]:  # type: ignore[type-arg]
    return np.array([(day - bank.scenario.first_day).days for day in days])


def _calendar(bank: Bank, day: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Weekday, and whether it is worked, of each of these days."""
    days = bank.scenario.days()
    weekday, worked = np.array([one.weekday() for one in days]), np.array([mainland().is_workday(one) for one in days])
    return weekday[day], worked[day]
