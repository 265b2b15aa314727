"""What is left of a run in the bank's systems? The events done by its end, and the cases as they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.arrivals import Arrivals
from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.events.processes.log import EventLog
from huixiang.simulation.events.processes.routing import FIRST_ARM, SECOND_ARM
from huixiang.simulation.events.processes.run import Run, run
from huixiang.simulation.events.processes.scores import scores
from huixiang.simulation.events.processes.service import NOBODY
from huixiang.simulation.events.processes.staffing import on_duty
from huixiang.simulation.events.processes.traits import About
from huixiang.simulation.planting import Planting


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
    done = run(bank, planting, process, arrivals, dice, about)
    done.let_go()
    log, office = record(done), done.staffing.almanac.office()
    del done  # as large as the log
    feelings = dice.spawn(1)[0]
    return replace(log, score=scores(bank, planting, log, office, feelings))


def record(done: Run) -> EventLog:
    """The log of a run, before anybody has thought about it: all scores are NaN."""
    floor, tasks, drawn = done.floor, done.tasks, done.traits
    codes = [step.code for step in done.process.steps()]
    activity = np.array([codes.index(slot.step.code) for slot in done.slots], dtype=np.int8)
    staffed = np.array([done.process.staffed(slot.step) for slot in done.slots])
    ended = (floor.starts >= 0) & (floor.ends <= done.end)
    order = _in_time(done)
    order = order[ended[order]]
    number = done.routes.number
    resource = floor.resource[order]
    resource[~staffed[tasks.slot[order]]] = NOBODY
    case = np.repeat(np.arange(number, dtype=np.int32), np.diff(tasks.first))[order]
    for pool in done.process.pools:
        of_pool = np.array([slot.step.pool == pool.code for slot in done.slots])
        rows = np.flatnonzero(of_pool[tasks.slot[order]] & (resource >= 0))
        where = done.arrivals.outlet[case[rows]]
        resource[rows] = on_duty(done.bank, pool, resource[rows], where, floor.starts[order][rows])
    return EventLog(
        process=done.process,
        first_day=done.bank.scenario.first_day,
        case=case,
        activity=activity[tasks.slot[order]],
        ready=_ready(done)[order],
        starts=floor.starts[order],
        ends=floor.ends[order],
        resource=resource,
        outlet=done.arrivals.outlet,
        customer=done.arrivals.customer,
        arrived=done.arrivals.moment,
        outcome=np.where(ended[tasks.first[1:] - 1], done.routes.outcome, np.int8(0)).astype(np.int8),
        score=np.full(number, np.nan, np.float32),
        rounds=done.routes.rounds,
        product=drawn.product,
        channel=drawn.channel,
        amount=drawn.amount,
    )


def _in_time(done: Run) -> NDArray[np.int32]:
    """The tasks by case and start: in the order of the way, but of two side by side the second may begin first."""
    starts, follow = done.floor.starts, done.tasks.follow
    order = np.arange(len(starts), dtype=np.int32)
    ahead = np.flatnonzero((follow[:-1] == FIRST_ARM) & (starts[1:] < starts[:-1]))
    order[ahead], order[ahead + 1] = ahead + 1, ahead
    return order


def _ready(done: Run) -> NDArray[np.int32]:
    """When could each task have begun? When those before it had ended: of two side by side, the later one."""
    follow, ends = done.tasks.follow, done.floor.ends
    ready = np.empty(len(ends), np.int32)
    ready[1:] = ends[:-1]
    first, second = np.flatnonzero(follow == FIRST_ARM), np.flatnonzero(follow == SECOND_ARM)
    ready[second] = ends[first - 1]
    ready[second + 1] = np.maximum(ends[first], ends[second])
    ready[done.tasks.first[:-1]] = done.arrivals.moment
    return ready
