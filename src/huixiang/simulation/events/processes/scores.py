"""What does each customer think of the case? How long it took, how often it went back, how it ended, and who he is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation import exact
from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import Effect
from huixiang.simulation.events.processes.clocks import Clock
from huixiang.simulation.events.processes.log import EventLog
from huixiang.simulation.moments import DAY
from huixiang.simulation.planting import Planting

CONTENT, LUCK = 8.6, 0.6
A_DOUBLING, SLOWEST = 0.7, 2.5  # points lost each time the duration doubles beyond what is fair, and at most
A_ROUND = 0.35
SLOW_AT = 3.0  # a planted step takes all its points when it lasts three times its median, none up to the median


@dataclass(slots=True)
class Thoughts:
    """Gathers what the customers lived through, one part of the log after another; in the end it has their scores.

    `cases` is the log without its steps. `ended` is when each case came to stand where it does, `took` how long each
    planted step took, and of which case and when it was ready, by the effect's name.
    """

    planting: Planting
    cases: EventLog
    ended: NDArray[np.int64] = field(init=False)
    took: dict[str, list[tuple[NDArray[np.int32], ...]]] = field(init=False)

    def __post_init__(self) -> None:
        self.ended = self.cases.arrived.copy()
        self.took = {effect.name: [] for effect in self._effects()}

    def add(self, part: EventLog) -> None:
        """The steps of some more cases."""
        np.maximum.at(self.ended, part.case, part.ends)
        for effect in self._effects():
            rows = np.flatnonzero(part.activity == part.step(effect.step))
            columns = (part.case[rows], part.ready[rows], part.ends[rows] - part.ready[rows])
            self.took[effect.name].append(columns)

    def scores(self, bank: Bank, office: Clock, dice: np.random.Generator) -> NDArray[np.float32]:
        """The score of each case, 0..10, NaN for those still open."""
        log = self.cases
        people, customer = bank.customers, log.customer
        score = np.float32(CONTENT) + np.float32(LUCK) * dice.standard_normal(log.cases, dtype=np.float32)
        hours = (office.worked(self.ended) - office.worked(log.arrived)) / 3600
        slower = exact.log(np.maximum(hours / log.process.expected_hours, 1)) / exact.LN2
        score -= np.minimum(np.float32(A_DOUBLING) * slower, SLOWEST).astype(np.float32)
        score -= np.float32(A_ROUND) * log.rounds
        score += np.array([outcome.points for outcome in log.process.outcomes], dtype=np.float32)[log.outcome]
        score += np.where(people.tier[customer] >= 2, np.float32(0.3), 0)
        score -= np.float32(0.15) * np.minimum(people.complains[customer], 8)
        score -= self._planted()
        return np.where(log.outcome > 0, np.clip(score, 0, 10), np.float32(np.nan)).astype(np.float32)

    def _planted(self) -> NDArray[np.float32]:
        """The points that a slow step takes: the slowest of its rounds, against the median of its own sojourns."""
        log, lost = self.cases, np.zeros(self.cases.cases, dtype=np.float32)
        for effect in self._effects():
            case, ready, took = (np.concatenate(column) for column in zip(*self.took[effect.name], strict=True))
            if not len(took):
                continue
            start = max(0, (effect.start - log.first_day).days) * DAY
            end = max(0, (effect.end - log.first_day).days + 1) * DAY
            slow = np.clip((took / np.median(took) - 1) / (SLOW_AT - 1), 0, 1)
            points = np.where((ready >= start) & (ready < end), slow * effect.size, 0)
            np.maximum.at(lost, case, points.astype(np.float32))
        return lost

    def _effects(self) -> list[Effect]:
        of_scores = self.planting.of("step_lowers_scores")
        return [effect for effect, _ in of_scores if effect.process == self.cases.process.code]
