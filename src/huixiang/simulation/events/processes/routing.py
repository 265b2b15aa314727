"""Which way does each case take? Branches, rework and exits are drawn before anybody works: no queue changes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.events.processes.definition import AnyOrder, Both, Check, Do, Exit, Loop, Part, Process, Step

Cases = NDArray[np.bool_]
NO_CASES: Cases = np.zeros(0, dtype=bool)
LAST, NEXT, FORK, FIRST_ARM, SECOND_ARM, GO_ON = range(6)  # what follows a task within its case


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in the unrolled process: its step, and which cases come by. `arm` is 1 or 2 of a parallel pair."""

    step: Step
    cases: Cases
    arm: int = 0


@dataclass(slots=True)
class Routes:
    """The way of every case: slots in the order in which they are passed, the outcome, and how often it went back."""

    process: Process
    product: NDArray[np.int8]
    slots: list[Slot] = field(default_factory=list)
    alive: Cases = field(init=False)
    outcome: NDArray[np.int8] = field(init=False)
    rounds: NDArray[np.int8] = field(init=False)

    def __post_init__(self) -> None:
        self.alive = np.ones(self.number, dtype=bool)
        self.outcome = np.ones(self.number, dtype=np.int8)
        self.rounds = np.zeros(self.number, dtype=np.int8)

    @property
    def number(self) -> int:
        """How many cases are there?"""
        return len(self.product)

    def let_go(self) -> None:
        """Forget who comes by where, once the tasks are there: many slots have much memory."""
        self.slots = [replace(slot, cases=NO_CASES) for slot in self.slots]

    def take(self, part: Part, checked: NDArray[np.float32], dice: np.random.Generator) -> None:
        """Lead the cases through one part of the flow. `checked` is each case's chance of a needless check."""
        match part:
            case Do():
                self._pass(part.step, self.alive & self._for(part, dice))
            case AnyOrder():
                self._any_order(part, dice)
            case Both(first, second):
                self.slots += [Slot(first, self.alive, 1), Slot(second, self.alive, 2)]
            case Check(step):
                self._pass(step, self.alive & (dice.random(self.number, dtype=np.float32) < checked))
            case Exit(outcome, share, notice):
                self._leave(outcome, notice, self.alive & self._chance(share, dice))
            case Loop():
                self._loop(part, dice)

    def _loop(self, part: Loop, dice: np.random.Generator) -> None:
        self._pass(part.review, self.alive)
        back = self.alive
        for _ in range(part.rounds):
            back = back & self._chance(part.share, dice)
            gone = back & self._chance(part.lost, dice)
            self._leave(part.outcome, part.leave, gone)
            back = back & ~gone
            if part.rework:
                self.rounds[back] += 1
            if part.notice:
                self._pass(part.notice.step, back & self._for(part.notice, dice))
            self._pass(part.back, back)
            self._pass(part.review, back)

    def _any_order(self, part: AnyOrder, dice: np.random.Generator) -> None:
        """A slot for each step at each place, since slots are passed in one order by all."""
        done = [self.alive & self._for(one, dice) for one in part.steps]
        luck = dice.standard_normal((len(done), self.number), dtype=np.float32) * np.float32(part.disorder)
        order = np.argsort(luck + np.arange(len(done), dtype=np.float32)[:, None], axis=0, kind="stable").astype(
            np.int8
        )
        for coming in order:
            for place, one in enumerate(part.steps):
                self._pass(one.step, done[place] & (coming == place))

    def _for(self, part: Do, dice: np.random.Generator) -> Cases:
        """For which cases is it done? Nothing is drawn for what all of them need."""
        names = [one.name for one in self.process.products]
        wanted = [name in part.only for name in names] if part.only else [True] * len(names)
        concerned = np.array(wanted)[self.product]
        return concerned & self._chance(part.share, dice) if part.share < 1 else concerned

    def _pass(self, step: Step, cases: Cases) -> None:
        self.slots.append(Slot(step, cases))

    def _leave(self, outcome: str, notice: Step | None, cases: Cases) -> None:
        self.outcome[cases] = [one.code for one in self.process.outcomes].index(outcome)
        if notice:
            self._pass(notice, cases)
        self.alive = self.alive & ~cases

    def _chance(self, share: float, dice: np.random.Generator) -> Cases:
        return dice.random(self.number, dtype=np.float32) < share


def route(
    process: Process, product: NDArray[np.int8], checked: NDArray[np.float32], dice: np.random.Generator
) -> Routes:
    """The way of each case. What is planted changes no other draw, so a quiet bank is comparable case by case."""
    routes = Routes(process, product)
    for part in process.flow:
        routes.take(part, checked, dice)
    return routes


@dataclass(frozen=True, slots=True)
class Tasks:
    """Every step of every case: one row a task, case by case in the order of its way.

    `first[c]` is where case c begins (one more entry than cases); `handling` in seconds of a middling person;
    `slot` indexes the unrolled way, `follow` says what comes after it, `pool` whose queue it joins.
    """

    first: NDArray[np.int64]
    slot: NDArray[np.int8]
    follow: NDArray[np.int8]
    handling: NDArray[np.int32]
    pool: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.slot)


def unroll(
    routes: Routes, work: NDArray[np.float32], pools: list[NDArray[np.int32]], dice: np.random.Generator
) -> Tasks:
    """The tasks of these ways. `work` is each case's factor on people's work, `pools[slot]` each case's pool there.

    Handling times are drawn for all cases at every slot, whether they come by or not: the draws of one step then stay
    what they are when another is planted.
    """
    counts = np.zeros(routes.number, dtype=np.int32)
    for slot in routes.slots:
        counts += slot.cases
    first = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    total = int(first[-1])
    tasks = Tasks(
        first,
        slot=np.empty(total, np.int8),
        follow=np.full(total, NEXT, np.int8),
        handling=np.empty(total, np.int32),
        pool=np.empty(total, np.int32),
    )
    place = first[:-1].copy()
    for number, slot in enumerate(routes.slots):
        cases = np.flatnonzero(slot.cases)
        luck = dice.standard_normal(routes.number, dtype=np.float32)[cases]
        at = place[cases]
        place[cases] += 1
        people = routes.process.staffed(slot.step)
        took = exact.exp(luck * np.float32(slot.step.spread)) * np.float32(slot.step.minutes * 60)
        took = np.minimum(took, np.float32(slot.step.longest * 60))
        tasks.handling[at] = took * work[cases] if people else took
        tasks.slot[at] = number
        tasks.pool[at] = pools[number][cases]
        if slot.step.together:
            tasks.follow[at - 1] = GO_ON
        if slot.arm:
            tasks.follow[at] = FIRST_ARM if slot.arm == 1 else SECOND_ARM
        if slot.arm == 1:
            tasks.follow[at - 1] = FORK
    tasks.follow[first[1:] - 1] = LAST
    return tasks
