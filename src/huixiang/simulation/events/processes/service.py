"""Who does which task when? All queues of a process in one pass through time: waiting comes from contention alone.

The pools are shared by steps, rounds of rework and cases of all ages, and feed each other; so nothing can be settled
before what happened earlier, and numpy cannot step through the pools as it does through a branch's counters. A plain
loop over a heap can: some 2 µs a task, and the memory of the tasks alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush, heapreplace

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.events.processes.clocks import Clock
from huixiang.simulation.events.processes.routing import FIRST_ARM, FORK, GO_ON, NEXT, Tasks

TASK_BITS, PERSON_BITS = 27, 24  # moment and task in one integer, which a heap compares quicker than a pair
TASK, PERSON = (1 << TASK_BITS) - 1, (1 << PERSON_BITS) - 1
NOBODY = -1
MINUTES = 1440  # of a day
FOREVER = 1 << 62
Table = Sequence[int] | memoryview


@dataclass(frozen=True, slots=True)
class Queue:
    """One pool at work: its clock, and when (on that clock) each person is free; `free` is None where nobody queues.

    `put_off` is None but for those who come on workdays alone: by day the midnight to which they are put off; 0: none.
    """

    before: Table
    minute_of: Table
    free: list[int] | None
    put_off: Sequence[int] | None = None

    def on_workdays(self, put_off: Sequence[int]) -> Queue:
        """The same people as those see them who come on workdays alone."""
        return replace(self, put_off=put_off)


def queue(clock: Clock | None, people: Sequence[int] | None) -> Queue:
    """A queue of these people; without a clock it works day and night, without people nobody waits."""
    if clock is None:
        return Queue(range(FOREVER >> 8), range(FOREVER >> 8), None)
    free = None if people is None else sorted(people)
    return Queue(clock.before.data, clock.minute_of.data, free)


@dataclass(slots=True)
class Floor:
    """All queues of a process and the tasks in them. `starts` and `ends` are -1 for what was never begun.

    Between two calls of `work_until` the caller may change `factor` (on handling, by slot), `period` (seconds of
    working time between two batches, 0: none, by slot) and who works.
    """

    tasks: Tasks
    queues: list[Queue]
    pace: list[float]  # by person, one more (1.0) at the end, which NOBODY picks
    arrivals: Iterator[int]  # moment << TASK_BITS | first task, rising
    factor: list[float] = field(default_factory=list)
    period: list[int] = field(default_factory=list)
    starts: NDArray[np.int32] = field(init=False)  # four bytes hold 68 years of seconds
    ends: NDArray[np.int32] = field(init=False)
    resource: NDArray[np.int32] = field(init=False)
    heap: list[int] = field(init=False)
    coming: int = field(init=False)
    arms: dict[int, int] = field(default_factory=dict, init=False)  # by the task where two meet: the end of the first
    away: dict[int, int] = field(default_factory=dict, init=False)  # by helper: when he is free, on his room's clock

    def __post_init__(self) -> None:
        count = len(self.tasks)
        if count > TASK:
            raise ValueError(f"{count} tasks are more than the {TASK} that one run holds; give it fewer cases")
        self.starts, self.ends = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
        self.resource = np.full(count, NOBODY, np.int32)
        self.coming = next(self.arrivals, FOREVER)
        self.heap = [self.coming, FOREVER]

    def join(self, number: int, people: Sequence[int], moment: int) -> None:
        """Send these people to help in a queue from this moment on, or from when they end what they have in hand."""
        room = self.queues[number]
        assert room.free is not None
        now = _worked(room, moment)
        room.free.extend(max(now, self.away.pop(person, 0)) << PERSON_BITS | person for person in people)
        heapify(room.free)

    def leave(self, number: int, people: Sequence[int]) -> None:
        """Call them back: they end what they have in hand and begin nothing more."""
        room = self.queues[number]
        assert room.free is not None
        self.away |= {entry & PERSON: entry >> PERSON_BITS for entry in room.free if entry & PERSON in people}
        room.free[:] = [entry for entry in room.free if entry & PERSON not in people]
        heapify(room.free)

    def work_until(self, moment: int) -> None:
        """Do all that becomes ready before this moment: first come, first served, by who is idle for longest."""
        heap, queues, pace, factor, period = self.heap, self.queues, self.pace, self.factor, self.period
        tasks = self.tasks
        slot, follow, handling, pool = tasks.slot.data, tasks.follow.data, tasks.handling.data, tasks.pool.data
        starts, ends, resource = self.starts.data, self.ends.data, self.resource.data
        limit = moment << TASK_BITS
        while heap[0] < limit:
            item = heappop(heap)
            if item == self.coming:
                self.coming = next(self.arrivals, FOREVER)
                heappush(heap, self.coming)
            task, now = item & TASK, item >> TASK_BITS
            room = queues[pool[task]]
            before, minute_of, free = room.before, room.minute_of, room.free
            done = before[now // 60]
            at = done * 60 + (now % 60 if minute_of[done] == now // 60 else 0)
            if (period[slot[task]] or room.put_off) and (then := self._waits(room, task, at)):
                heappush(heap, then << TASK_BITS | task)
                continue
            who = NOBODY
            if free:
                who = free[0] & PERSON
                at = max(at, free[0] >> PERSON_BITS)
            speed = pace[who]
            while True:
                starts[task] = minute_of[at // 60] * 60 + at % 60
                at += int(handling[task] * factor[slot[task]] * speed)
                end = ends[task] = minute_of[at // 60] * 60 + at % 60 + 1
                at += 1  # at least a second; and what ends with the shift ends then, not when the next one begins
                resource[task] = who
                after = follow[task]
                if after != GO_ON:
                    break
                task += 1
            if free:
                heapreplace(free, at << PERSON_BITS | who)
            if after == NEXT:
                heappush(heap, end << TASK_BITS | (task + 1))
            elif after:
                self._branch(task, end, after)

    def _waits(self, room: Queue, task: int, at: int) -> int:
        """Until which moment must it wait, for a batch or a workday, whoever is free? 0: it need not."""
        period = self.period[self.tasks.slot[task]]
        if period and at % period:
            return _next_batch(room, at, period)
        if room.put_off is None:
            return 0
        free, who = divmod(room.free[0], 1 << PERSON_BITS) if room.free else (0, NOBODY)
        begins = max(at, free)
        ends = begins + self._takes(task, self.pace[who])
        days = (room.minute_of[moment // 60] // MINUTES for moment in (begins, ends))
        return next((room.put_off[day] for day in days if room.put_off[day]), 0)

    def _takes(self, task: int, speed: float) -> int:
        """How many working seconds until this and all that goes on from it is done?"""
        tasks, seconds = self.tasks, 0
        while True:
            seconds += int(tasks.handling[task] * self.factor[tasks.slot[task]] * speed)
            if tasks.follow[task] != GO_ON:
                return seconds
            seconds, task = seconds + 1, task + 1

    def _branch(self, task: int, end: int, after: int) -> None:
        """Two steps begin side by side, or one of two has ended."""
        if after == FORK:
            heappush(self.heap, end << TASK_BITS | (task + 1))
            heappush(self.heap, end << TASK_BITS | (task + 2))
            return
        meeting = task + (2 if after == FIRST_ARM else 1)
        other = self.arms.pop(meeting, None)
        if other is None:
            self.arms[meeting] = end
        else:
            heappush(self.heap, max(end, other) << TASK_BITS | meeting)


def _worked(room: Queue, moment: int) -> int:
    done = room.before[moment // 60]
    return done * 60 + (moment % 60 if room.minute_of[done] == moment // 60 else 0)


def _next_batch(room: Queue, at: int, period: int) -> int:
    """The moment of the first batch after this working second."""
    batch = -(-at // period) * period
    return room.minute_of[batch // 60] * 60 + batch % 60
