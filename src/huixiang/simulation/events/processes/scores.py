"""What does each customer think of the case? How long it took, how often it went back, how it ended, and who he is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.processes.clocks import Clock
from huixiang.simulation.events.processes.log import EventLog
from huixiang.simulation.planting import Planting

CONTENT, LUCK = 8.6, 0.6
A_DOUBLING, SLOWEST = 0.7, 2.5  # points lost each time the duration doubles beyond what is fair, and at most
A_ROUND = 0.35
SLOW_AT = 3.0  # a planted step takes all its points when it lasts three times its median, none up to the median


def scores(
    bank: Bank, planting: Planting, log: EventLog, office: Clock, dice: np.random.Generator
) -> NDArray[np.float32]:
    """The score of each case, 0..10, NaN for those still open."""
    people, customer = bank.customers, log.customer
    score = np.float32(CONTENT) + np.float32(LUCK) * dice.standard_normal(log.cases, dtype=np.float32)
    ended = log.arrived.copy()
    np.maximum.at(ended, log.case, log.ends)
    hours = (office.worked(ended) - office.worked(log.arrived)) / 3600
    slower = np.log2(np.maximum(hours / log.process.expected_hours, 1))
    score -= np.minimum(np.float32(A_DOUBLING) * slower, SLOWEST).astype(np.float32)
    score -= np.float32(A_ROUND) * log.rounds
    score += np.array([outcome.points for outcome in log.process.outcomes], dtype=np.float32)[log.outcome]
    score += np.where(people.tier[customer] >= 2, np.float32(0.3), 0)
    score -= np.float32(0.15) * np.minimum(people.complains[customer], 8)
    score -= _planted(planting, log)
    return np.where(log.outcome > 0, np.clip(score, 0, 10), np.float32(np.nan)).astype(np.float32)


def _planted(planting: Planting, log: EventLog) -> NDArray[np.float32]:
    """The points that a slow step takes: the slowest of its rounds, against the median of its own sojourns."""
    lost = np.zeros(log.cases, dtype=np.float32)
    for effect, _ in planting.of("step_lowers_scores"):
        if effect.process != log.process.code:
            continue
        start = max(0, (effect.start - log.first_day).days) * 86_400
        end = max(0, (effect.end - log.first_day).days + 1) * 86_400
        rows = np.flatnonzero(log.activity == log.step(effect.step))
        if not len(rows):
            continue
        took = log.ends[rows] - log.ready[rows]
        slow = (took / np.median(took) - 1) / (SLOW_AT - 1)
        points = np.where((log.ready[rows] >= start) & (log.ready[rows] < end), np.clip(slow, 0, 1) * effect.size, 0)
        np.maximum.at(lost, log.case[rows], points.astype(np.float32))
    return lost
