"""How busy is everybody? The table by which a scenario's staffing is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huixiang.simulation.events.processes.run import Run


@dataclass(frozen=True, slots=True)
class Busy:
    """One pool: at how many places, with how many people, and what share of their working time they were busy."""

    pool: str
    places: int
    people: int
    middling: float  # the place in the middle
    busiest: float


def busy(done: Run) -> list[Busy]:
    """How busy were the people of each pool between the first and last arrival? What helpers did counts too."""
    tasks, floor, (start, end) = done.tasks, done.floor, done.span
    rooms, found = done.staffing.rooms, []
    begun = (floor.starts >= start) & (floor.starts < end)
    factor = np.array([*done.bank.staff.skill.tolist(), 1.0])
    work = np.bincount(tasks.pool[begun], (tasks.handling * factor[floor.resource])[begun], len(rooms) + 2)
    for pool in done.process.pools:
        numbers = [n for n, room in enumerate(rooms) if room.pool == pool and room.people]
        shares = [work[n] / max(1, rooms[n].clock.between(start, end) * len(rooms[n].people)) for n in numbers]
        if numbers:
            people = sum(len(rooms[n].people) for n in numbers)
            found.append(Busy(pool.name, len(numbers), people, float(np.median(shares)), max(shares)))
    return found
