"""Who wants to call, when and about what? First calls as they fall, and those who must call again within a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import HEARS, NEEDS
from huixiang.simulation.bank.groups import OTHER_LANGUAGE
from huixiang.simulation.demand import CALL_PEAKS, SLOT, arrivals, shape
from huixiang.simulation.events.topics import (
    CALLS_A_FAILURE,
    CARD,
    COMPLAINT,
    COMPLAINTS,
    FEES,
    LOGIN,
    ORDINARY,
    PERSON,
    SENIOR,
    SENIOR_FROM,
    SOLVED_WHEN_BROKEN,
    TOPICS,
    column,
)
from huixiang.simulation.planting import Planting

FIRST_CALLS = 0.86  # of all calls; the rest are people who call again
OUTLETS_A_GROUP = 60  # callers of one part of the country come in bursts together
CALLS_AGAIN = 0.68  # of those whom a call did not help
TURNS_INTO_A_COMPLAINT = 0.10
DAYS_BETWEEN = np.cumsum((0.30, 0.20, 0.15, 0.12, 0.10, 0.07, 0.06))  # one day later, two …, seven
GENERATIONS = 3
PATIENCE_SECONDS, PATIENCE_SPREAD, LONGEST_WAIT = 300.0, 1.6, 600
TRANSFERRED, TO_CARD = 0.11, 0.7  # of the first line's calls; of those, to the card lane and not to complaints
TRANSFERS_FROM, TRANSFERS_UNTIL = 8 * 3600, 21 * 3600  # the specialists go home at 22:00
CARD_NEED = NEEDS.index("信用卡")


@dataclass(frozen=True, slots=True)
class Attempts:
    """One row a person dialling. `day` counts from the month's first, `second` from midnight.

    `solvable`: one answered call is enough. `moves` is the lane an agent will hand the call to, -1: none. `repeats` is
    the row of the call that did not help, -1: none; `owed_to` is its id where that call was in an earlier month.
    """

    day: NDArray[np.int32]
    second: NDArray[np.int32]
    topic: NDArray[np.int8]
    customer: NDArray[np.int32]
    lane: NDArray[np.int8]
    handling: NDArray[np.int32]
    patience: NDArray[np.int32]
    solvable: NDArray[np.bool_]
    moves: NDArray[np.int8]
    repeats: NDArray[np.int64]
    owed_to: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.day)

    def of(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Attempts:
        """These rows alone."""
        return Attempts(*(getattr(self, field.name)[rows] for field in fields(self)))

    def then(self, more: Attempts) -> Attempts:
        """These, and more behind them."""
        return Attempts(*(np.concatenate([getattr(self, f.name), getattr(more, f.name)]) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Owed:
    """Calls that will come after the month because one in it did not help; `day` counts from the history's first."""

    day: NDArray[np.int32]
    second: NDArray[np.int32]
    topic: NDArray[np.int8]
    customer: NDArray[np.int32]
    call: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the callers of a month are drawn from."""

    bank: Bank
    days: Sequence[date]
    broken: NDArray[np.float64]  # share of log-ins failing, by day
    dice: np.random.Generator

    @property
    def days_before(self) -> int:
        """Days of the history before this month."""
        return (self.days[0] - self.bank.scenario.first_day).days


def scene(bank: Bank, planting: Planting, month: str, days: Sequence[date]) -> Scene:
    """The scene of this month."""
    broken = np.array([planting.size("broken_release", day) for day in days])
    return Scene(bank, days, broken, bank.dice.of("calls", month))


def first_calls(scene: Scene, planting: Planting, factors: NDArray[np.float64]) -> Attempts:
    """The calls of people who have not called about it before."""
    network, people, days = scene.bank.network, scene.bank.customers, len(scene.days)
    begins = np.arange(0, len(network), OUTLETS_A_GROUP)
    ends = np.minimum(begins + OUTLETS_A_GROUP, len(network))
    by_topic = np.tile(column("share") / column("share").sum(), (days, 1)).astype(np.float64)
    by_topic[:, LOGIN] *= 1 + CALLS_A_FAILURE * scene.broken
    by_topic[:, FEES] *= [planting.size("fee_change", day, rest=1.0) for day in scene.days]
    a_day = scene.bank.scenario.calls_a_day * FIRST_CALLS * (ends - begins)
    expected = (a_day[:, None] * (factors * by_topic.sum(axis=1))[None, :]).ravel()
    never = np.zeros(len(expected), dtype=np.int64)
    row, second = arrivals(expected, never, never + 86_400, shape(CALL_PEAKS), scene.dice)
    group, day = np.divmod(row, days)
    topic = _topics(scene, by_topic, day)
    low, last = people.first[begins[group]], ends[group] - 1
    high = people.first[last] + people.number[last]
    customer = _customers(scene, topic, (low, high))
    return settled(scene, day.astype(np.int32), second, topic.astype(np.int8), customer)


def _topics(scene: Scene, by_topic: NDArray[np.float64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is each about? Drawn after the moment: whatever makes people call at once makes them call about anything."""
    shares = np.cumsum(by_topic / by_topic.sum(axis=1, keepdims=True), axis=1)
    edges = (np.arange(len(shares))[:, None] + shares).ravel()  # the days one behind the other
    place = np.searchsorted(edges, day + scene.dice.random(len(day)), side="right")
    return np.asarray(np.clip(place - day * len(TOPICS), 0, len(TOPICS) - 1), dtype=np.int64)


def settled(
    scene: Scene,
    day: NDArray[np.int32],
    second: NDArray[np.int32],
    topic: NDArray[np.int8],
    customer: NDArray[np.int32],
) -> Attempts:
    """All that is decided about a call before anybody answers it."""
    dice, people, count = scene.dice, scene.bank.customers, len(day)
    age = scene.days[0].year - people.born[customer]
    lane = column("lane").astype(np.int8)[topic]
    lane = np.where((age >= SENIOR_FROM) & (lane == ORDINARY), SENIOR, lane).astype(np.int8)
    luck = dice.random((3, count), dtype=np.float32)
    front = ((lane == ORDINARY) | (lane == SENIOR)) & (second >= TRANSFERS_FROM) & (second < TRANSFERS_UNTIL)
    moved = front & (luck[0] < np.where(topic == PERSON, np.float32(0.5), np.float32(TRANSFERRED)))
    moves = np.where(moved, np.where(luck[1] < TO_CARD, CARD, COMPLAINTS), -1).astype(np.int8)
    talk = exact.log(column("seconds"))[topic] + column("spread")[topic] * dice.standard_normal(count, dtype=np.float32)
    talk += np.where(age >= SENIOR_FROM, np.float32(0.2), np.float32(0)) - np.where(
        moved, np.float32(0.9), np.float32(0)
    )
    patience = (
        exact.exp(dice.standard_normal(count, dtype=np.float32) * np.float32(PATIENCE_SPREAD))
        * people.patience[customer]
    )
    solved = column("solved")[topic] * np.where((topic == LOGIN) & (scene.broken[day] > 0), SOLVED_WHEN_BROKEN, 1.0)
    nobody = np.full(count, -1, dtype=np.int64)
    return Attempts(
        day=day, second=second.astype(np.int32), topic=topic, customer=customer, lane=lane,
        handling=np.clip(exact.exp(talk), 10, 2400).astype(np.int32),
        patience=np.clip(patience * np.float32(PATIENCE_SECONDS), 4, LONGEST_WAIT).astype(np.int32),
        solvable=luck[2] < solved, moves=moves, repeats=nobody, owed_to=nobody.copy(),
    )  # fmt: skip


def with_repeats(scene: Scene, first: Attempts, owed: Owed | None) -> tuple[Attempts, Owed]:
    """The first calls, those owed from the month before, and whoever must call again; with what is owed afterwards.

    Whether one call is enough is decided before it is answered: so a whole month's repeats are known before anybody
    queues, and every repeat is a real call that takes an agent's time. In what is owed, `call` is a row of attempts.
    """
    every, later = first, list[Owed]()
    if owed is not None:
        came = settled(scene, owed.day - scene.days_before, owed.second, owed.topic, owed.customer)
        inside = (came.day >= 0) & (came.day < len(scene.days))
        came.owed_to[:] = owed.call
        every = every.then(came.of(inside))
    start = 0
    for _ in range(GENERATIONS):
        luck = scene.dice.random(len(every) - start)
        rows = start + np.flatnonzero(~every.solvable[start:] & (luck < CALLS_AGAIN))
        start = len(every)
        again = _again(scene, every, rows)
        inside = again.day < len(scene.days)
        gone = again.of(~inside)
        later.append(Owed(gone.day + scene.days_before, gone.second, gone.topic, gone.customer, gone.repeats))
        every = every.then(again.of(inside))
    return every, Owed(*(np.concatenate([getattr(one, f.name) for one in later]) for f in fields(Owed)))


def redials(
    scene: Scene, attempts: Attempts, gone: NDArray[np.bool_], left: NDArray[np.int32], tries_again: float
) -> Attempts:
    """Who hung up unanswered and tries again the same day? `gone` and `left` by row: given up, and when.

    Those who call on another day anyway do not.
    """
    waits_for_another_day = np.isin(np.arange(len(attempts)), attempts.repeats)
    rows = np.flatnonzero(gone & ~waits_for_another_day & (scene.dice.random(len(attempts)) < tries_again))
    pause = exact.exp(scene.dice.normal(exact.log(25 * 60), 1.0, len(rows))) + 60
    rows, second = rows[left[rows] + pause < 86_000], (left[rows] + pause)
    second = second[second < 86_000].astype(np.int32)
    again = settled(scene, attempts.day[rows], second, attempts.topic[rows], attempts.customer[rows])
    again.repeats[:] = rows
    return again


def _again(scene: Scene, every: Attempts, rows: NDArray[np.int64]) -> Attempts:
    """One more call, one to seven days later, for each of these; `day` may lie after the month."""
    dice, count = scene.dice, len(rows)
    later = np.searchsorted(DAYS_BETWEEN / DAYS_BETWEEN[-1], dice.random(count), side="right") + 1
    slots = np.cumsum(shape(CALL_PEAKS).weights)
    slot = np.searchsorted(slots / slots[-1], dice.random(count), side="right")
    topic = np.where(dice.random(count) < TURNS_INTO_A_COMPLAINT, COMPLAINT, every.topic[rows]).astype(np.int8)
    day = (every.day[rows] + later).astype(np.int32)
    known = np.minimum(day, len(scene.days) - 1)  # the days after the month are drawn anew when they come
    again = settled(scene, known, slot * SLOT + dice.integers(0, SLOT, count), topic, every.customer[rows])
    again.day[:], again.repeats[:] = day, rows
    return again


def _customers(
    scene: Scene, topic: NDArray[np.int64], between: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> NDArray[np.int32]:
    """Two people are drawn for each call, and the one to whom the topic comes nearer calls.

    Who hears ill or speaks another language does not.
    """
    people, (low, high) = scene.bank.customers, between
    a, b = (low + (scene.dice.random((2, len(topic))) * (high - low)).astype(np.int64)).astype(np.int32)
    draws = np.array([("any", "digital", "card", "touchy").index(one.caller) for one in TOPICS])[topic]

    def nearness(who: NDArray[np.int32]) -> NDArray[np.float32]:
        has_card = (people.need[who] == CARD_NEED).astype(np.float32)
        near = np.choose(draws, [-people.digital[who], people.digital[who], has_card, people.complains[who]])
        unheard = (people.impaired[who] == HEARS) | (people.group[who] == OTHER_LANGUAGE)
        return np.where(unheard, np.float32(-9), near)

    chosen: NDArray[np.int32] = np.where(nearness(b) > nearness(a), b, a)
    return chosen
