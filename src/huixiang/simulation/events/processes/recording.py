"""What is left of a run in the bank's systems? The events done by its end, and the cases as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.arrivals import Arrivals
from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.events.processes.log import EventLog, running_numbers
from huixiang.simulation.events.processes.routing import FIRST_ARM, SECOND_ARM
from huixiang.simulation.events.processes.run import Run, blocks, run
from huixiang.simulation.events.processes.scores import Thoughts
from huixiang.simulation.events.processes.service import NOBODY
from huixiang.simulation.events.processes.staffing import on_duty
from huixiang.simulation.events.processes.traits import About
from huixiang.simulation.planting import Planting


@dataclass(frozen=True, slots=True)
class Recording:
    """What the systems recorded of a run, for whom its log is too large to be held at once.

    `cases` is a log of all cases without their steps, `ended` the moment at which each came to stand where it does.
    """

    done: Run
    cases: EventLog
    ended: NDArray[np.int64]

    def parts(self) -> Iterator[EventLog]:
        """The log in parts, each with the steps of some cases and the columns of all; at least one part."""
        return (_part(self.done, self.cases, *block) for block in blocks(self.cases.cases))

    def log(self) -> EventLog:
        """The log as a whole."""
        return _part(self.done, self.cases, 0, self.cases.cases)


def simulate(
    bank: Bank,
    planting: Planting,
    process: Process,
    arrivals: Arrivals,
    dice: np.random.Generator,
    about: About | None = None,
) -> EventLog:
    """What do the systems record of these cases? Each goes its drawn way through pools where it waits its turn.

    The order of the cases is free; the log's case index is theirs. What they are `about` is drawn where not given. It
    raises ValueError for a planted effect that names no step of this process, and where the bank is too small to staff
    a pool.
    """
    return recorded(bank, planting, process, arrivals, dice, about).log()


def recorded(
    bank: Bank,
    planting: Planting,
    process: Process,
    arrivals: Arrivals,
    dice: np.random.Generator,
    about: About | None = None,
) -> Recording:
    """The same as `simulate`, as a recording that can be read part by part."""
    done = run(bank, planting, process, arrivals, dice, about)
    done.let_go()
    cases = _cases(done)
    thoughts = Thoughts(planting, cases)
    for low, high in blocks(cases.cases):
        thoughts.add(_part(done, cases, low, high))
    scores = thoughts.scores(bank, done.staffing.almanac.office(), dice.spawn(1)[0])
    return Recording(done, replace(cases, score=scores), thoughts.ended)


def _cases(done: Run) -> EventLog:
    """The cases of a run as they stand at its end, without their steps, before anybody has thought: scores are NaN."""
    floor, drawn, number = done.floor, done.traits, done.routes.number
    last = done.tasks.first[1:] - 1
    closed = (floor.starts[last] >= 0) & (floor.ends[last] <= done.end)
    few, many = np.empty(0, np.int8), np.empty(0, np.int32)
    return EventLog(
        process=done.process,
        first_day=done.bank.scenario.first_day,
        case=many,
        activity=few,
        ready=many,
        starts=many,
        ends=many,
        resource=many,
        outlet=done.arrivals.outlet,
        customer=done.arrivals.customer,
        arrived=done.arrivals.moment,
        outcome=np.where(closed, done.routes.outcome, np.int8(0)).astype(np.int8),
        score=np.full(number, np.nan, np.float32),
        rounds=done.routes.rounds,
        product=drawn.product,
        channel=drawn.channel,
        amount=drawn.amount,
        number=running_numbers(done.bank.scenario.first_day, done.arrivals.moment),
    )


def _part(done: Run, cases: EventLog, low: int, high: int) -> EventLog:
    """The same log with the steps of the cases from `low` up to `high`."""
    first = done.tasks.first[low : high + 1]
    rows = slice(first[0], first[-1])
    starts, ends = done.floor.starts[rows], done.floor.ends[rows]
    slot, follow = done.tasks.slot[rows], done.tasks.follow[rows]
    order = _in_time(starts, follow)
    order = order[((starts >= 0) & (ends <= done.end))[order]]
    slot, case = slot[order], np.repeat(np.arange(low, high, dtype=np.int32), np.diff(first))[order]
    codes = [step.code for step in done.process.steps()]
    activity = np.array([codes.index(one.step.code) for one in done.slots], dtype=np.int8)
    ready = _ready(ends, follow, first[:-1] - first[0], done.arrivals.moment[low:high])
    resource = _resources(done, slot, done.arrivals.outlet[case], done.floor.resource[rows][order], starts[order])
    return replace(
        cases, case=case, activity=activity[slot], ready=ready[order], starts=starts[order], ends=ends[order],
        resource=resource,
    )  # fmt: skip


def _resources(
    done: Run,
    slot: NDArray[np.int8],
    outlet: NDArray[np.int32],
    resource: NDArray[np.int32],
    starts: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Who did these tasks? Nobody of the bank where the system or the customer did; else who was on duty."""
    staffed = np.array([done.process.staffed(one.step) for one in done.slots])
    resource = np.where(staffed[slot], resource, np.int32(NOBODY))
    for pool in done.process.pools:
        of_pool = np.array([one.step.pool == pool.code for one in done.slots])
        rows = np.flatnonzero(of_pool[slot] & (resource >= 0))
        resource[rows] = on_duty(done.bank, pool, resource[rows], outlet[rows], starts[rows])
    return resource


def _in_time(starts: NDArray[np.int32], follow: NDArray[np.int8]) -> NDArray[np.int32]:
    """The tasks by case and start: in the order of the way, but of two side by side the second may begin first."""
    order = np.arange(len(starts), dtype=np.int32)
    ahead = np.flatnonzero((follow[:-1] == FIRST_ARM) & (starts[1:] < starts[:-1]))
    order[ahead], order[ahead + 1] = ahead + 1, ahead
    return order


def _ready(
    ends: NDArray[np.int32], follow: NDArray[np.int8], begins: NDArray[np.int64], arrived: NDArray[np.int64]
) -> NDArray[np.int32]:
    """When could each task have begun? When those before it had ended: of two side by side, the later one."""
    ready = np.empty(len(ends), np.int32)
    ready[1:] = ends[:-1]
    first, second = np.flatnonzero(follow == FIRST_ARM), np.flatnonzero(follow == SECOND_ARM)
    ready[second] = ends[first - 1]
    ready[second + 1] = np.maximum(ends[first], ends[second])
    ready[begins] = arrived
    return ready
