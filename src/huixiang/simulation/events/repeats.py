"""Who complains a second time? Of the same matter, by another way, before or after the reply; or of another matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.causes import BUSINESS_OF_CAUSE, TRANSFER, WAITING
from huixiang.simulation.events.grievances import BRANCH, SUPERVISOR, Grievances, entered_when

AGAIN = 0.09  # of complaints somebody complains again within weeks
SAME_MATTER = 0.65  # of those: of the same matter; the rest complain of something else
PATIENCE_DAYS = 6.0  # until then, on average
LATEST_DAYS = 25  # after that it has a story of its own
OF_ALL = TRANSFER + 1  # causes; those after it are of one group of customers each
FIRST = -1  # a complaint that repeats none


@dataclass(frozen=True, slots=True)
class Heard:
    """All complaints in order of time; `repeats` is the row of the complaint that each one repeats, FIRST for none."""

    made: Grievances
    repeats: NDArray[np.int64]


def with_second_ones(bank: Bank, made: Grievances, dice: np.random.Generator) -> Heard:
    """The complaints, sorted by time, with those that people make once more. Nobody repeats what was said twice."""
    rows = np.flatnonzero(dice.random(len(made)) < AGAIN)
    again, is_same = _second(bank, made, rows, dice)
    there = again.day < len(bank.scenario.days())
    every = {name: np.concatenate([getattr(made, name), getattr(again, name)[there]]) for name in Grievances.__slots__}
    of = np.concatenate([np.full(len(made), FIRST), np.where(is_same, rows, FIRST)[there]])
    order = np.lexsort((every["customer"], every["second"], every["day"]))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Heard(
        Grievances(**{name: column[order] for name, column in every.items()}),
        np.where(of[order] >= 0, place[of[order]], FIRST),
    )


def _second(
    bank: Bank, made: Grievances, rows: NDArray[np.int64], dice: np.random.Generator
) -> tuple[Grievances, NDArray[np.bool_]]:
    """By the outlet, the app or the supervisor: whoever telephones again is a call of its own, see `of_calls`."""
    count = len(rows)
    is_same = dice.random(count) < SAME_MATTER
    other = (made.cause[rows] + 1 + dice.integers(0, OF_ALL - 1, count)) % OF_ALL
    other = np.where(other == WAITING, (WAITING + 1 + (made.cause[rows] == WAITING + 1)) % OF_ALL, other)
    cause = np.where(is_same, made.cause[rows], other).astype(np.int8)
    business = np.where(is_same, made.business[rows], BUSINESS_OF_CAUSE[cause]).astype(np.int8)
    source = dice.integers(BRANCH, SUPERVISOR + 1, count)
    waited = np.where(is_same, made.minutes[rows], 0).astype(np.int32)
    passed = 1 + np.minimum(dice.exponential(PATIENCE_DAYS, count), LATEST_DAYS).astype(np.int64)
    clock = dice.integers(9 * 3600, 20 * 3600, count)
    day, second = entered_when(bank, (source, made.outlet[rows]), (made.day[rows] + passed, clock), dice)
    again = Grievances(
        made.outlet[rows], made.customer[rows], cause, business, source.astype(np.int8),
        day.astype(np.int32), second.astype(np.int32), waited, np.full(count, -1, np.int64),
    )  # fmt: skip
    return again, is_same
