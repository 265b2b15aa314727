"""Who sits in which pool? As many people as the expected work asks for, roughly: banks staff to the work they know."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank, duty
from huixiang.simulation.bank.staff import AGENT, BACK_OFFICE, HEAD, LINE_SHIFTS, LOBBY, TELLER
from huixiang.simulation.bank.units import OUTLETS_A_REGION, OUTLETS_A_SUB_BRANCH
from huixiang.simulation.events.processes.clocks import Almanac, Clock
from huixiang.simulation.events.processes.definition import HEAD_OFFICE, OUTLET, REGION, SUB_BRANCH, Pool, Process
from huixiang.simulation.moments import DAY

BUSY_LEAST, BUSY_MOST = 0.62, 0.80  # how busy people are meant to be; each pool somewhere between
# Nobody works in two processes, or he would be in two places at once: neither at a counter nor on the hotline either.
# Shares of the back office and of the places on the service line, from and up to.
PARTS = {
    BACK_OFFICE: {"loan": (0.0, 0.55), "account": (0.55, 0.75), "complaint": (0.75, 1.0)},
    AGENT: {"activation": (0.0, 0.5), "complaint": (0.5, 1.0)},
}


@dataclass(frozen=True, slots=True)
class Room:
    """One pool at one place: its clock and its people, as indices of the staff."""

    clock: Clock
    people: list[int]
    pool: Pool


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody sent to help, on this share of the days."""

    person: int
    share: float

    def comes(self, day: int) -> bool:
        """Is he there on this day? Days of help are spread evenly."""
        return int((day + 1) * self.share) > int(day * self.share)


@dataclass(slots=True)
class Reserve:
    """Who of head office and the regions is still free for this process? For agents: whose place on the line."""

    bank: Bank
    process: str
    posts: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        staff, self.posts = self.bank.staff, {}
        for post, everybody in ((BACK_OFFICE, staff.of_post(BACK_OFFICE)), (AGENT, staff.line[::LINE_SHIFTS])):
            low, high = (round(share * len(everybody)) for share in PARTS[post].get(self.process, (0.0, 0.0)))
            self.posts[post] = everybody[low:high].tolist()

    def take(self, post: str) -> int | None:
        """The next person for a pool; None when nobody is left."""
        return self.posts[post].pop(0) if self.posts[post] else None


def on_the_spot(bank: Bank, pool: Pool, place: int) -> list[int]:
    """Who of this outlet or sub-branch may do it, in the order in which they are asked?"""
    staff = bank.staff
    outlet = place * OUTLETS_A_SUB_BRANCH if pool.level == SUB_BRANCH else place
    first, rotating, tellers = (int(part[outlet]) for part in (staff.first_teller, staff.rotating, staff.tellers))
    if pool.level == SUB_BRANCH:
        return list(range(first + rotating, first + tellers))
    if pool.post == TELLER:
        network = bank.network
        counters = int(network.ordinary[outlet] + network.priority[outlet] + network.corporate[outlet])
        return list(range(first + counters, first + int(staff.seats[outlet])))
    return [first + tellers + {LOBBY: 0, HEAD: 1}[pool.post]]


def on_duty(
    bank: Bank, pool: Pool, resource: NDArray[np.int32], outlet: NDArray[np.int32], moment: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Who had at these moments the places that stand for people at the account desk and on the service line?"""
    staff = bank.staff
    if pool.level == OUTLET and pool.post == TELLER:
        seat = resource - staff.first_teller[outlet]
        return duty.teller_at(staff, outlet, seat, moment // DAY).astype(np.int32)
    if pool.post == AGENT:
        return duty.on_the_line(resource, moment).astype(np.int32)
    return resource


def places(bank: Bank, pool: Pool, outlet: NDArray[np.int32]) -> NDArray[np.int32]:
    """At which place of the pool does the work of these outlets arrive?"""
    return (outlet // _outlets_a_place(bank, pool)).astype(np.int32)


def place_count(bank: Bank, pool: Pool) -> int:
    """How many places has this pool?"""
    return -(-len(bank.network) // _outlets_a_place(bank, pool))


def _outlets_a_place(bank: Bank, pool: Pool) -> int:
    return {
        OUTLET: 1,
        SUB_BRANCH: OUTLETS_A_SUB_BRANCH,
        REGION: OUTLETS_A_REGION,
        HEAD_OFFICE: len(bank.network),
    }[pool.level]


@dataclass(slots=True)
class Staffing:
    """Staffs the rooms of a process and finds help. `aim` draws how busy each room is meant to be."""

    bank: Bank
    process: Process
    almanac: Almanac
    aim: np.random.Generator
    reserve: Reserve = field(init=False)
    rooms: list[Room] = field(default_factory=list, init=False)
    helpers: dict[int, list[int]] = field(default_factory=dict, init=False)  # by room, the same in all periods

    def __post_init__(self) -> None:
        self.reserve = Reserve(self.bank, self.process.code)

    def staff(self, seconds: NDArray[np.float64], span: tuple[int, int]) -> None:
        """Fill all rooms for this much work of middling people (`seconds` by room) between two moments."""
        spots = [(pool, place) for pool in self.process.pools for place in range(place_count(self.bank, pool))]
        # One for each before a second for any: where people are few, no room may stay empty.
        firsts = [self._next(pool, place, 0) if pool.post else None for pool, place in spots]
        for (pool, place), first, work in zip(spots, firsts, seconds.tolist(), strict=True):
            clocks, busy = self.almanac.shifts(pool.hours, place), float(self.aim.uniform(BUSY_LEAST, BUSY_MOST))
            if not pool.post:
                self.rooms.append(Room(clocks[-1], [], pool))
                continue
            if first is None:
                raise ValueError(f"no {pool.post} is left for {pool.name} {place + 1}: give the scenario more branches")
            people = self._enough(pool, place, [first], work / max(busy * clocks[-1].between(*span), 1))
            long = [clock for clock in clocks if work <= busy * self._strength(people) * clock.between(*span)]
            self.rooms.append(Room((long or clocks[-1:])[0], people, pool))

    def help(self, number: int, seconds: float, span: tuple[int, int]) -> list[Helper]:
        """Who must come to this room for so many seconds of work of middling people between two moments?

        The last of them comes on some days only: a whole person more might make the queue shorter than it ever was.
        """
        room = self.rooms[number]
        if not room.people:
            return []
        already = self.helpers.get(number, [])
        place = number - next(n for n, other in enumerate(self.rooms) if other.pool == room.pool)
        wanted = seconds / max(room.clock.between(*span), 1)
        sent = self._enough(room.pool, place, room.people + already, wanted)[len(room.people) :]
        self.helpers[number] = sent
        missing, found = wanted - self._strength(room.people), []
        for person in sent:
            worth = self._strength([person])
            if missing > 0:
                found.append(Helper(person, min(1.0, missing / worth)))
            missing -= worth
        return found

    def _enough(self, pool: Pool, place: int, people: list[int], wanted: float) -> list[int]:
        """These people and as many more, as long as there are any, as are worth so many middling ones."""
        while wanted > self._strength(people):
            person = self._next(pool, place, len(people))
            if person is None:
                break
            people = [*people, person]
        return people

    def _next(self, pool: Pool, place: int, asked: int) -> int | None:
        if pool.level in {REGION, HEAD_OFFICE}:
            return self.reserve.take(pool.post)
        there = on_the_spot(self.bank, pool, place)
        return there[asked] if asked < len(there) else None

    def _strength(self, people: list[int]) -> float:
        """How many middling people are these worth?"""
        return float((1 / self.bank.staff.skill[people]).sum())
