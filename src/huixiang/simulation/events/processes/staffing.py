"""Who sits in which pool? As many people as the expected work asks for, roughly: banks staff to the work they know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.staff import AGENT, BACK_OFFICE, HEAD, LOBBY, TELLER
from huixiang.simulation.bank.units import OUTLETS_A_REGION, OUTLETS_A_SUB_BRANCH
from huixiang.simulation.events.processes.clocks import Almanac, Clock
from huixiang.simulation.events.processes.definition import HEAD_OFFICE, OUTLET, REGION, SUB_BRANCH, Pool, Process

BUSY_LEAST, BUSY_MOST = 0.62, 0.80  # how busy people are meant to be; each pool somewhere between
# Nobody works in two processes, or he would be in two places at once. Shares of those of a post, from and up to.
PARTS = {
    BACK_OFFICE: {"loan": (0.0, 0.5), "account": (0.5, 0.75), "complaint": (0.75, 1.0)},
    AGENT: {"activation": (0.5, 0.75), "complaint": (0.75, 1.0)},
}
SECONDED = {"loan": (0, 1, 2, 3), "account": (4, 5), "complaint": (6,), "activation": (7,)}  # outlet number modulo 8


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
    """Who is still free for this process? The post's own people first, then tellers on secondment (借调)."""

    bank: Bank
    process: str
    posts: dict[str, list[int]] = field(init=False)
    tellers: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        staff, self.posts, self.tellers = self.bank.staff, {}, defaultdict(list)
        for post, parts in PARTS.items():
            everybody = staff.of_post(post)
            low, high = (round(share * len(everybody)) for share in parts.get(self.process, (0.0, 0.0)))
            self.posts[post] = everybody[low:high].tolist()
        for outlet in range(len(self.bank.network)):
            if outlet % 8 in SECONDED[self.process]:
                # The last but one: the first ones open accounts, the last one does loans.
                spare = int(staff.first_teller[outlet] + staff.tellers[outlet] - 2)
                self.tellers[outlet // OUTLETS_A_REGION].append(spare)

    def take(self, post: str, region: int | None) -> int | None:
        """The next person for a pool of this region (None: head office); None when nobody is left."""
        if self.posts[post]:
            return self.posts[post].pop(0)
        for place in sorted(self.tellers, key=lambda place: place != region):  # one's own region first
            if self.tellers[place]:
                return self.tellers[place].pop(0)
        return None


def on_the_spot(bank: Bank, pool: Pool, place: int) -> list[int]:
    """Who of this outlet or sub-branch may do it, in the order in which they are asked?"""
    staff = bank.staff
    if pool.level == SUB_BRANCH:
        outlets = range(place * OUTLETS_A_SUB_BRANCH, min((place + 1) * OUTLETS_A_SUB_BRANCH, len(bank.network)))
        return [int(staff.first_teller[outlet] + staff.tellers[outlet] - 1) for outlet in outlets]
    first, tellers = int(staff.first_teller[place]), int(staff.tellers[place])
    if pool.post == TELLER:
        return list(range(first, first + tellers - 2))
    return [first + tellers + {LOBBY: 0, HEAD: 1}[pool.post]]


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
            return self.reserve.take(pool.post, place if pool.level == REGION else None)
        there = on_the_spot(self.bank, pool, place)
        return there[asked] if asked < len(there) else None

    def _strength(self, people: list[int]) -> float:
        """How many middling people are these worth?"""
        return float((1 / self.bank.staff.skill[people]).sum())
