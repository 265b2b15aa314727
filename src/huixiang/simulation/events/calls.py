"""Who called the hotline, waited how long, and was it solved? One table of calls a month, with who was on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.attempts import (
    Attempts,
    Owed,
    Scene,
    first_calls,
    redials,
    scene,
    settled,
    with_repeats,
)
from huixiang.simulation.events.handovers import introduced
from huixiang.simulation.events.rosters import CLOSES, OPENS, Pods, Roster, counters, pods, roster
from huixiang.simulation.events.topics import COMPLAINT, ORDINARY, SENIOR
from huixiang.simulation.planting import Planting
from huixiang.simulation.queueing import Counters, serve

REDIALS = 0.55  # share of those who gave up that try again the same day
NO_ANSWER, NO_ANSWER_SECONDS = 0.008, 15  # now and then an agent lets it ring out before taking the call
CALLS_A_DAY = 100_000_000  # room for the ids of one day


@dataclass(frozen=True, slots=True)
class Calls:
    """One row a call, or the part of one that a lane handled; sorted by day and moment of entry.

    `call` is its id, `day` counts from the history's first, moments are seconds after that day's midnight (above 86,400
    past the next). A call handed on ends here, with `transferred_to` a lane (else -1); its second part is a row of its
    own, whose `continues` is the id of the first. Where the agent `introduces` the caller to the next, the first part
    ends when that is done, else before the second begins. Agents are staff indices, -1 where the caller gave up, who
    then left at `answered`; `rang` is when the agent's telephone began to ring. `solved`, `repeat_of` (id of the call
    that did not help, -1: none, possibly in the month before) and `score` (0..10) are truths which no system records.
    The roster's days count from the history's first too.
    """

    call: NDArray[np.int64]
    day: NDArray[np.int32]
    topic: NDArray[np.int8]
    lane: NDArray[np.int8]
    customer: NDArray[np.int32]
    entered: NDArray[np.int32]
    rang: NDArray[np.int32]
    answered: NDArray[np.int32]
    ended: NDArray[np.int32]
    agent: NDArray[np.int32]
    transferred_to: NDArray[np.int8]
    introduces: NDArray[np.bool_]
    continues: NDArray[np.int64]
    solved: NDArray[np.bool_]
    repeat_of: NDArray[np.int64]
    score: NDArray[np.float32]
    roster: Roster
    pods: Pods
    owed: Owed

    def __len__(self) -> int:
        return len(self.call)

    @property
    def abandoned(self) -> NDArray[np.bool_]:
        """Who gave up before anybody answered?"""
        return self.agent < 0

    @property
    def wait_seconds(self) -> NDArray[np.int32]:
        """How long did each wait, until answered or gone?"""
        return self.answered - self.entered


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the attempts, first parts and then second parts; `first` is each second part's row."""

    attempts: Attempts
    starts: NDArray[np.int32]
    answered: NDArray[np.int32]
    ended: NDArray[np.int32]
    agent: NDArray[np.int64]
    first: NDArray[np.int64]


def calls(
    bank: Bank,
    planting: Planting,
    month: str,
    days: Sequence[date],
    factors: NDArray[np.float64],
    owed: Owed | None = None,
) -> Calls:
    """All calls of a month. `factors` is the demand of each of `days`, `owed` the month before's.

    Without `owed` the month begins without anybody who calls again because of the last.
    """
    here = scene(bank, planting, month, days)
    wanted, later = with_repeats(here, first_calls(here, planting, factors), owed)
    teams = pods(bank)
    duty = roster(bank, teams, here.days_before, factors, here.dice)
    seats = counters(bank, teams, duty, len(days))
    # A first round tells who gives up; in the second these redial too. A caller's patience is the same in both.
    once = _hold(here, wanted, teams, seats)
    number = len(wanted)
    again = redials(here, wanted, once.agent[:number] < 0, once.answered[:number], REDIALS)
    return _table(here, _hold(here, wanted.then(again), teams, seats), (duty, teams, later))


def _hold(here: Scene, attempts: Attempts, teams: Pods, seats: tuple[Counters, NDArray[np.int64]]) -> Held:
    """The first line answers, then the specialists with those handed on to them: nobody hands a call back."""
    count, dice = len(attempts), here.bank.dice.of("calls held", here.days_before)
    pod = _pods(attempts, teams, dice)
    starts, answered, ended = (np.empty(count, dtype=np.int32) for _ in range(3))
    agent = np.full(count, -1, dtype=np.int64)
    ring = dice.integers(1, 6, count, dtype=np.int32)
    ring += np.where(dice.random(count, dtype=np.float32) < NO_ANSWER, NO_ANSWER_SECONDS, 0).astype(np.int32)

    def answer(rows: NDArray[np.int64], all_of: Attempts, where: NDArray[np.int64]) -> None:
        queue = all_of.day[rows].astype(np.int64) * len(teams.size) + where[rows]
        rows = rows[np.argsort(queue * 200_000 + all_of.second[rows], kind="stable")]
        queue = (all_of.day[rows].astype(np.int64) * len(teams.size) + where[rows]).astype(np.int32)
        served = serve(
            queue, all_of.second[rows], all_of.handling[rows] + 2 * ring[rows], all_of.patience[rows], seats[0]
        )
        taken = served.counter >= 0
        starts[rows] = served.starts
        answered[rows] = np.where(taken, np.minimum(served.starts + ring[rows], served.ends - 1), served.starts)
        ended[rows] = served.ends
        agent[rows] = np.where(taken, seats[1][queue, served.counter], -1)

    front = teams.front[pod]
    answer(np.flatnonzero(front), attempts, pod)
    first = np.flatnonzero(front & (attempts.moves >= 0) & (agent >= 0))
    second = _second_parts(here, attempts.of(first), ended[first])
    both = attempts.then(second)
    pod = np.concatenate([pod, _pods(second, teams, dice)])
    more = len(second)
    starts, answered, ended = (np.concatenate([a, np.zeros(more, np.int32)]) for a in (starts, answered, ended))
    agent, ring = (
        np.concatenate([agent, np.full(more, -1)]),
        np.concatenate([ring, dice.integers(1, 6, more, dtype=np.int32)]),
    )
    answer(np.flatnonzero(~teams.front[pod]), both, pod)
    return Held(both, starts, answered, ended, agent, first)


def _pods(attempts: Attempts, teams: Pods, dice: np.random.Generator) -> NDArray[np.int64]:
    """Which pod takes each? By lane; at night the first line takes everything."""
    luck, pod = dice.random(len(attempts)), np.empty(len(attempts), dtype=np.int64)
    night = (attempts.second < OPENS) | (attempts.second >= CLOSES)
    front = (attempts.lane == ORDINARY) | (attempts.lane == SENIOR)
    lane = np.where(night & ~front, ORDINARY, attempts.lane)
    for one in np.unique(lane).tolist():
        choices, rows = teams.choices(one), np.flatnonzero(lane == one)
        pod[rows] = choices[(luck[rows] * len(choices)).astype(np.int64)]
    return pod


def _second_parts(here: Scene, first: Attempts, ended: NDArray[np.int32]) -> Attempts:
    """The same person on the next lane's line, who now tells it all again."""
    new = settled(here, first.day, ended + 1, first.topic, first.customer)
    none = np.full(len(first), -1, dtype=np.int8)
    return replace(new, lane=first.moves, moves=none, solvable=first.solvable)


def _table(here: Scene, held: Held, rest: tuple[Roster, Pods, Owed]) -> Calls:
    """The rows in order of day and entry, with ids, and every repeat linked to the call that did not help."""
    every, count = held.attempts, len(held.attempts) - len(held.first)
    day = every.day + here.days_before
    order = np.argsort(day.astype(np.int64) * 200_000 + every.second, kind="stable")
    begins = np.searchsorted(day[order], np.arange(here.days_before, here.days_before + len(here.days)))
    ids = np.empty(len(every), dtype=np.int64)
    ids[order] = day[order].astype(np.int64) * CALLS_A_DAY + np.arange(len(every)) - begins[every.day[order]] + 1
    answered = held.agent >= 0
    moved = np.full(len(every), -1, dtype=np.int8)
    moved[held.first] = every.moves[held.first]
    introduces, ended = np.zeros(len(every), dtype=bool), held.ended.copy()
    introduces[held.first], ended[held.first] = introduced(
        (held.first, np.arange(count, len(every))),
        (every.day, held.agent, held.starts, held.answered, held.ended),
        here.bank.dice.of("calls introduced", here.days_before),
    )
    continues = np.full(len(every), -1, dtype=np.int64)
    continues[count:] = ids[held.first]
    helped = answered & every.solvable & (moved < 0)
    helped_at_last = helped.copy()
    helped_at_last[held.first] = helped[count:]
    # Whoever gave up in the first round but was helped in the second calls about something new.
    linked = (every.repeats >= 0) & ~helped_at_last[every.repeats]
    repeat_of = np.where(linked, ids[np.maximum(every.repeats, 0)], every.owed_to)
    score = _scores(here, held, helped, moved)
    duty, teams, later = rest
    duty = replace(duty, day=duty.day + np.int32(here.days_before))
    return Calls(
        call=ids[order], day=day[order], topic=every.topic[order], lane=every.lane[order],
        customer=every.customer[order], entered=every.second[order], rang=held.starts[order],
        answered=held.answered[order], ended=ended[order], agent=held.agent[order].astype(np.int32),
        transferred_to=moved[order], introduces=introduces[order], continues=continues[order], solved=helped[order],
        repeat_of=repeat_of[order], score=score[order], roster=duty, pods=teams,
        owed=replace(later, call=ids[later.call]),
    )  # fmt: skip


def _scores(here: Scene, held: Held, helped: NDArray[np.bool_], moved: NDArray[np.int8]) -> NDArray[np.float32]:
    """What does each think of it, 0..10? Waiting, the agent's warmth, whether it helped, the person's nature."""
    every, people, count = held.attempts, here.bank.customers, len(held.attempts)
    dice = here.bank.dice.of("calls scored", here.days_before)
    wait = ((held.answered - every.second) / np.float32(60)).astype(np.float32)
    score = np.float32(8.9) + np.float32(0.5) * dice.standard_normal(count, dtype=np.float32)
    score -= np.float32(0.5) * np.maximum(wait - np.float32(0.33), 0)
    score += np.where(held.agent >= 0, here.bank.staff.warmth[held.agent], -2.5).astype(np.float32)
    score -= np.where(helped, 0.0, np.where(moved >= 0, 0.7, 2.2)).astype(np.float32)
    score -= np.float32(0.15) * np.minimum(people.complains[every.customer], 8) + np.where(
        every.topic == COMPLAINT, 1.0, 0.0
    )
    clipped: NDArray[np.float32] = np.clip(score, 0, 10).astype(np.float32)
    return clipped
