"""How does a process run through the history? Ways drawn, pools staffed, and the queues worked off period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.arrivals import Arrivals
from huixiang.simulation.events.processes.clocks import DAYS_BEYOND, Almanac
from huixiang.simulation.events.processes.definition import COUNTER, CUSTOMER, SYSTEM, Check, Process
from huixiang.simulation.events.processes.periods import DAY, Period, check_share, periods
from huixiang.simulation.events.processes.routing import Routes, Slot, Tasks, route, unroll
from huixiang.simulation.events.processes.service import TASK_BITS, Floor, queue
from huixiang.simulation.events.processes.staffing import Helper, Staffing, place_count, places
from huixiang.simulation.events.processes.traits import About, Traits, traits
from huixiang.simulation.planting import Planting

CASES_AT_ONCE = 100_000  # some 800,000 tasks: what is made of all tasks is made of so many at once


def blocks(cases: int) -> Iterator[tuple[int, int]]:
    """The cases in blocks, each from one number up to another; at least one block."""
    return pairwise([*range(0, max(cases, 1), CASES_AT_ONCE), cases])


@dataclass(slots=True)
class Run:
    """One process on its way through the history: what was drawn, who works, and what has been done so far."""

    bank: Bank
    process: Process
    arrivals: Arrivals
    traits: Traits
    routes: Routes
    tasks: Tasks
    staffing: Staffing
    floor: Floor = field(init=False)

    @property
    def slots(self) -> list[Slot]:
        """The places of the unrolled process."""
        return self.routes.slots

    @property
    def end(self) -> int:
        """The midnight with which the history ends."""
        return len(self.bank.scenario.days()) * DAY

    @property
    def span(self) -> tuple[int, int]:
        """The midnights before the first and after the last arrival."""
        moments = self.arrivals.moment
        if not len(moments):
            return 0, self.end
        return int(moments.min()) // DAY * DAY, (int(moments.max()) // DAY + 1) * DAY

    def open(self) -> None:
        """Staff the rooms for the work of the whole history, as it would be with nothing planted."""
        needless = {part.step.code for part in self.process.flow if isinstance(part, Check)}
        weight = np.array([slot.step.code not in needless for slot in self.slots], dtype=np.float64)
        self.staffing.staff(self._seconds(weight), self.span)
        queues = [queue(room.clock, room.people or None) for room in self.staffing.rooms]
        queues += [queue(None, None), queue(self.staffing.almanac.awake(), None)]
        put_off = self.staffing.almanac.put_off()
        coming = np.sort(self.arrivals.moment << TASK_BITS | self.tasks.first[:-1])
        self.floor = Floor(
            self.tasks,
            [*queues, *(one.on_workdays(put_off) for one in queues)],
            [*self.bank.staff.skill.tolist(), 1.0],
            iter(coming.data),
        )

    def work(self, planned: list[Period]) -> None:
        """Work through the periods; in those with something planted, send help where work would pile up for good.

        Raises ValueError where people are so few that work piles up beyond the years for which there is a calendar.
        """
        try:
            self._work(planned)
        except IndexError as error:
            raise ValueError(
                f"{self.process.name}: a queue reaches more than {DAYS_BEYOND} days beyond the history; "
                "give the scenario more branches, or the planted effects of this process a smaller size"
            ) from error

    def _work(self, planned: list[Period]) -> None:
        for period in planned:
            self.floor.factor, self.floor.period = period.factor, period.batches
            helping = self._helping(period, period.busiest) if period.busiest else {}
            if not helping:
                self.floor.work_until(period.end)
                continue
            for day in range(period.start // DAY, period.end // DAY):
                today = {room: [one.person for one in helpers if one.comes(day)] for room, helpers in helping.items()}
                for room, people in today.items():
                    self.floor.join(room, people, day * DAY)
                self.floor.work_until((day + 1) * DAY)
                for room, people in today.items():
                    self.floor.leave(room, people)

    def let_go(self) -> None:
        """Forget what only the work needed, a third of the tasks' memory: the log is made of the rest."""
        nothing = np.empty(0, np.int32)
        self.tasks = self.floor.tasks = replace(self.tasks, handling=nothing, pool=nothing)

    def _helping(self, period: Period, busiest: float) -> dict[int, list[Helper]]:
        """Who helps in which room in this period?"""
        moments = self.arrivals.moment
        inside = (moments >= period.start) & (moments < period.end)
        seconds = self._seconds(np.array(period.factor), inside).tolist()
        span = (period.start, period.end)
        helping = {number: self.staffing.help(number, work / busiest, span) for number, work in enumerate(seconds)}
        return {number: helpers for number, helpers in helping.items() if helpers}

    def _seconds(self, weight: NDArray[np.float64], cases: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """The work of middling people by room; `weight` is a factor by slot. Of these cases, else of all."""
        tasks, queues = self.tasks, _queues(self.bank, self.process)
        seconds = np.zeros(queues)
        for low, high in blocks(len(self.arrivals.moment)):
            if cases is not None and not cases[low:high].any():
                continue
            rows = slice(tasks.first[low], tasks.first[high])
            work = tasks.handling[rows] * weight[tasks.slot[rows]]
            if cases is not None:
                work *= np.repeat(cases[low:high], np.diff(tasks.first[low : high + 1]))
            seconds += np.bincount(tasks.pool[rows] % queues, work, queues)
        return seconds[:-2]


def run(
    bank: Bank,
    planting: Planting,
    process: Process,
    arrivals: Arrivals,
    dice: np.random.Generator,
    about: About | None = None,
) -> Run:
    """Lead these cases through the process: all that was done, from which `recording.recorded` reads the log.

    The order of the cases is free; what they are about is drawn where it is not given. Raises ValueError for a planted
    effect that names no step of this process, and where the bank is too small to staff a pool.
    """
    ways, times, aims, nature = dice.spawn(4)
    drawn = traits(process, len(arrivals.moment), nature, about)
    checked = check_share(bank, planting, process)[arrivals.moment // DAY]
    routes = route(process, drawn.product, checked, ways)
    planned = periods(bank, planting, process, [slot.step.code for slot in routes.slots])
    tasks = unroll(routes, drawn.work, _pools(bank, routes, arrivals.outlet), times)
    routes.let_go()
    staffing = Staffing(bank, process, Almanac(bank), aims)
    going = Run(bank, process, arrivals, drawn, routes, tasks, staffing)
    going.open()
    going.work(planned)
    return going


def _queues(bank: Bank, process: Process) -> int:
    """How many queues has the process? Rooms first, then the system, then the customer."""
    return sum(place_count(bank, pool) for pool in process.pools) + 2


def _pools(bank: Bank, routes: Routes, outlet: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Which queue does each case join at each slot? Behind all queues stand the same ones on workdays alone."""
    first, found, queues = 0, {}, _queues(bank, routes.process)
    put_off = np.array([one.workdays for one in routes.process.products])[routes.product] * np.int32(queues)
    for pool in routes.process.pools:
        found[pool.code] = first + places(bank, pool, outlet) + (put_off if pool.hours == COUNTER else 0)
        first += place_count(bank, pool)
    found[SYSTEM], found[CUSTOMER] = np.full(len(outlet), first, dtype=np.int32), first + 1 + put_off
    return [found[slot.step.pool].astype(np.int32, copy=False) for slot in routes.slots]
