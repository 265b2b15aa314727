"""How many agents sit there, and who? Shifts from the expected load, filled from the roll so that everybody rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import CALL_PEAKS, SLOT, shape
from huixiang.simulation.events.topics import CARD, COMPLAINTS, LANES, ORDINARY, SENIOR
from huixiang.simulation.queueing import NEVER, Counters

SHARE_SERVED, WITHIN_SECONDS = 0.80, 20  # the plan: four calls in five answered within 20 seconds
SMALL_ROLL = 60  # with fewer agents the lanes share them two by two
MOST_IN_A_POD = 64  # the queue kernel numbers counters in a byte, and scans them all for every call
PLAN_ERROR = 0.06  # spread of the logarithm of the planner's error
GOES_ON = 14  # days
OVERTIME = 1200  # seconds in which those still waiting at the close are served
# What the planner knows from past months: talk time by lane, its share of all, and seconds a call with all its parts.
WORK, SECONDS = np.array([0.457, 0.221, 0.177, 0.146]), 215.0
OPENS, CLOSES = 8 * 3600, 22 * 3600  # of the specialists; at night everything comes to the first line


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift: hours of work, and the hours at which its groups go to eat."""

    name: str
    starts: float
    ends: float
    meals: tuple[float, ...]
    at_night: bool = False  # worked by the first line alone


# The order matters: agents move on from one shift to the next over the days, as ergonomists advise (forward rotation).
SHIFTS = (
    Shift("夜班", 0.0, 7.5, (3.0, 4.0), at_night=True),
    Shift("早班", 7.0, 15.5, (11.0, 11.75, 12.5)),
    Shift("中班", 9.0, 17.5, (11.75, 12.5, 13.25)),
    Shift("晚班", 14.0, 22.5, (16.5, 17.25, 18.0)),
    Shift("后夜班", 15.5, 24.0, (16.5, 17.25), at_night=True),
)
NIGHT, EARLY, MIDDLE, LATE, EVENING = range(5)
MEAL = 0.75  # hours


@dataclass(frozen=True, slots=True)
class Pods:
    """Which agents serve which lanes? Pod by pod: the lanes, and the first and number of agents on the roll."""

    lanes: tuple[tuple[int, ...], ...]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    agents: NDArray[np.int64]  # the whole roll, as staff indices

    @property
    def front(self) -> NDArray[np.bool_]:
        """Which pods are the first line, from which calls are handed on?"""
        return np.array([ORDINARY in lanes or SENIOR in lanes for lanes in self.lanes])

    def choices(self, lane: int) -> NDArray[np.int64]:
        """The pods that serve this lane."""
        return np.array([n for n, lanes in enumerate(self.lanes) if lane in lanes], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Roster:
    """One row an agent on duty: the month's day, pod, seat, staff index, shift, and hours and meal in seconds."""

    day: NDArray[np.int32]
    pod: NDArray[np.int32]
    seat: NDArray[np.int32]
    agent: NDArray[np.int32]
    shift: NDArray[np.int8]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    pauses: NDArray[np.int32]
    resumes: NDArray[np.int32]


def pods(bank: Bank) -> Pods:
    """The roll parted by the load of each lane; a large roll into pods of at most 64."""
    agents = bank.staff.hotline
    small = len(agents) < SMALL_ROLL
    teams = [(ORDINARY, SENIOR), (CARD, COMPLAINTS)] if small else [(lane,) for lane in range(len(LANES))]
    load = np.array([WORK[list(team)].sum() for team in teams])
    wanted = load + 0.12 * np.sqrt(load)  # small teams need more to spare
    sizes = np.maximum(3, np.floor(wanted / wanted.sum() * len(agents)).astype(int))
    sizes[0] += len(agents) - sizes.sum()
    parts = [(team, part) for team, size in zip(teams, sizes, strict=True) for part in _parts(int(size))]
    size = np.array([part for _, part in parts])
    return Pods(tuple(team for team, _ in parts), np.cumsum(size) - size, size, agents)


def roster(bank: Bank, pods: Pods, days_before: int, factors: NDArray[np.float64], dice: np.random.Generator) -> Roster:
    """Who works when in this month? The planner knows the days' demand but for an error, nothing of what is planted."""
    turned, most = _ring(pods.size, days_before + np.arange(len(factors)))
    counts = _counts(bank, pods, factors * exact.exp(dice.normal(0, PLAN_ERROR, len(factors))), most)
    total = counts.sum(axis=2)
    day, pod, seat = np.nonzero(np.arange(total.max())[None, None, :] < total[:, :, None])
    shift = (seat[:, None] >= np.cumsum(counts, axis=2)[day, pod]).sum(axis=1)
    # Each day everybody moves on by as many places as stay at home, so nobody goes from the evening into the night.
    place = (seat - turned[day, pod]) % pods.size[pod]
    within = seat - (np.cumsum(counts, axis=2) - counts)[day, pod, shift]
    meals = np.array([one.meals + one.meals[: 3 - len(one.meals)] for one in SHIFTS])
    pauses = meals[shift, within % 3] * 3600
    # At night one agent alone takes no pause that a caller would notice: somebody of the security desk steps in.
    resumes = pauses + np.where((shift == NIGHT) & (counts[day, pod, NIGHT] == 1), 0, MEAL * 3600)
    starts, ends = (np.array([getattr(one, key) for one in SHIFTS])[shift] * 3600 for key in ("starts", "ends"))
    agent = pods.agents[pods.first[pod] + place]
    who = (values.astype(np.int32) for values in (day, pod, seat, agent))
    when = (values.astype(np.int32) for values in (starts, ends, pauses, resumes))
    names = ("day", "pod", "seat", "agent", "starts", "ends", "pauses", "resumes")
    return Roster(shift=shift.astype(np.int8), **dict(zip(names, (*who, *when), strict=True)))


def resting(bank: Bank, day: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Who on the roll surely has a day off on these days of the history? Shape (agents, days).

    The same for every load: the last places of a pod's ring are never filled.
    """
    teams = pods(bank)
    pod = np.repeat(np.arange(len(teams.size)), teams.size)
    place = np.arange(len(teams.agents)) - teams.first[pod]
    turned, most = _ring(teams.size, np.asarray(day))
    return np.asarray(((place + turned[:, pod]) % teams.size[pod] >= most[:, pod]).T)


def counters(bank: Bank, pods: Pods, roster: Roster, days: int) -> tuple[Counters, NDArray[np.int64]]:
    """The roster as counters of the queues (day × pod), and which agent sits at each."""
    rows, count = roster.day * len(pods.size) + roster.pod, days * len(pods.size)
    most = int(roster.seat.max()) + 1
    front = pods.front[roster.pod]
    last = np.where(front, roster.shift == EVENING, roster.shift == LATE)
    agent = np.full((count, most), -1, dtype=np.int64)
    agent[rows, roster.seat] = roster.agent

    def filled(values: NDArray[np.int32], rest: int) -> NDArray[np.int32]:
        grid = np.full((count, most), rest, dtype=np.int32)
        grid[rows, roster.seat] = values
        return grid

    pace = np.where(agent >= 0, bank.staff.skill[agent], 1.0).astype(np.float32)
    closes = filled((roster.ends + np.where(last, OVERTIME, 0)).astype(np.int32), 0)
    times = filled(roster.starts, int(NEVER)), closes, filled(roster.pauses, 0), filled(roster.resumes, 0)
    return Counters(*times, pace=pace), agent


def agents_wanted(load: NDArray[np.float64], seconds: float, most: int = MOST_IN_A_POD) -> NDArray[np.int64]:
    """How many agents answer 80 % within 20 seconds at this load in erlangs? Calls last `seconds` on average.

    Erlang's delay formula (1917) by recursion over agents: B(n) = aB(n-1) / (n + aB(n-1)), C = nB / (n - a(1-B)).
    """
    blocked, wanted = np.ones_like(load), np.full(load.shape, most)
    for n in range(1, most + 1):
        blocked = load * blocked / (n + load * blocked)
        spare = n - load
        late = n * blocked / np.maximum(n - load * (1 - blocked), 1e-9) * exact.exp(-spare * WITHIN_SECONDS / seconds)
        fits = (spare > 0) & (1 - late >= SHARE_SERVED)
        wanted = np.where(fits & (wanted == most), n, wanted)
    return wanted


def _counts(bank: Bank, pods: Pods, plan: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Agents by day, pod and shift, no more than `most` by day and pod."""
    a_day = bank.scenario.calls_a_day * len(bank.network)
    half_hours = shape(CALL_PEAKS).weights.reshape(48, 3).sum(axis=1)
    load = a_day * plan[:, None, None] * _shares(pods)[None] * half_hours * SECONDS / (3 * SLOT)
    need = agents_wanted(load, SECONDS).astype(float)
    on, front = _on_duty(), pods.front
    counts = np.zeros((len(plan), len(pods.size), len(SHIFTS)), dtype=np.int64)
    counts[:, front, NIGHT] = need[:, front, :14].max(axis=2)
    counts[:, front, EVENING] = need[:, front, 45:].max(axis=2)
    counts[:, :, EARLY] = need[:, :, 14:18].max(axis=2)
    evening = ((need - _staffed(counts, on))[:, :, 35:45] / on[LATE, 35:45]).max(axis=2)
    counts[:, :, LATE] = np.maximum(1, np.ceil(evening))
    lacking = (need - _staffed(counts, on))[:, :, 18:35] / on[MIDDLE, 18:35]
    counts[:, :, MIDDLE] = np.maximum(0, np.ceil(lacking.max(axis=2)))
    return _capped(counts, most)


def _staffed(counts: NDArray[np.int64], on: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many are at the telephones in each half hour? Shape (days, pods, 48).

    Not by `@`, which rounds as the processor's own kernel does; a rounding up would then be one more agent.
    """
    return np.asarray(sum(counts[:, :, shift, None] * on[shift] for shift in range(len(SHIFTS))))


def _capped(counts: NDArray[np.int64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """No more than the roll can bear: every shift but the night's gives up its share, the fullest first."""
    counts = counts.copy()
    for _ in range(int(np.maximum(counts.sum(axis=2) - most, 0).max(initial=0))):
        over = counts.sum(axis=2) > most
        fullest = counts.argmax(axis=2)
        day, pod = np.nonzero(over)
        counts[day, pod, fullest[day, pod]] -= 1
    return counts


def _on_duty() -> NDArray[np.float64]:
    """Which share of a shift is at the telephone in each half hour? Shape (shifts, 48)."""
    hours = np.arange(48) / 2 + 0.25
    on = np.array([(hours >= one.starts) & (hours < one.ends) for one in SHIFTS], dtype=float)
    for number, one in enumerate(SHIFTS):
        for meal in one.meals:
            on[number] -= ((hours >= meal) & (hours < meal + MEAL)) / len(one.meals)
    return on


def _shares(pods: Pods) -> NDArray[np.float64]:
    """What share of the work comes to each pod in each half hour? Shape (pods, 48): at night all to the first line."""
    hours = np.arange(48) * 1800
    night = (hours < OPENS) | (hours >= CLOSES)
    shares = np.empty((len(pods.size), 48))
    for pod, lanes in enumerate(pods.lanes):
        pool = len(pods.choices(lanes[0]))
        late = sum(WORK) - WORK[SENIOR] if len(lanes) == 1 else 1.0
        at_night = {ORDINARY: late, SENIOR: WORK[SENIOR]}.get(lanes[0], 0.0)
        shares[pod] = np.where(night, at_night, WORK[list(lanes)].sum()) / pool
    return shares


def _parts(size: int) -> list[int]:
    """A team in pods of nearly equal size, each at most 64 on duty."""
    number = -(-size // MOST_IN_A_POD)
    return [size // number + (n < size % number) for n in range(number)]


def _ring(size: NDArray[np.int64], day: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How far has each pod's ring turned by these days, and how many of it may work? Both of shape (days, pods).

    One in seven rests at least: then nobody works more than six in a row. Where that is just one in seven, everybody
    would rest on the same weekday for ever: so now and then, on a day on which twice as many rest, the ring goes on by
    one step more, for those who rest then have had theirs.
    """
    rest, stuck, on = -(-size // 7), size % 7 == 0, day[:, None]
    turned = rest * (on + stuck * (np.maximum(on - 1, 0) // GOES_ON))
    return turned, size - rest - rest * (stuck & (on % GOES_ON == 0))
