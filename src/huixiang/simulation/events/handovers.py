"""Who stays on the line until the next has been told? Hand-overs with an introduction, where the agent has the time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INTRODUCES = 0.6  # share of the hand-overs in which nobody else rings before the next agent has answered
TELLS, LISTENS = (8, 25), 5  # seconds it takes to tell the next; what is left of the second talk at least
A_DAY = 200_000  # more seconds than any call of a day reaches


def introduced(
    handed: tuple[NDArray[np.integer], NDArray[np.integer]],
    table: tuple[NDArray[np.integer], ...],
    dice: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Which hand-overs are attended, and until when does the first agent stay on? Seconds of the day, for each of them.

    `handed` are the rows of the first and of the second parts; `table` gives day, agent (-1: none), ring, answer, end
    of all rows. An agent stays until the second has heard the matter, if his own telephone does not ring before.
    """
    first, second = handed
    day, agent, rings, answered, ended = table
    until = answered[second] + dice.integers(*TELLS, len(second), endpoint=True)
    busy = np.flatnonzero(agent >= 0)
    everybody = int(agent.max(initial=0)) + 1

    def key(rows: NDArray[np.integer]) -> NDArray[np.int64]:
        return np.asarray((day[rows].astype(np.int64) * everybody + agent[rows]) * A_DAY + rings[rows])

    moments = np.sort(key(busy))
    own = key(first)
    following = np.append(moments, np.iinfo(np.int64).max)[np.searchsorted(moments, own, side="right")]
    free = own - rings[first] + until <= following  # the next ring of whoever comes behind in the list is far away
    stays = free & (agent[second] >= 0) & (until <= ended[second] - LISTENS) & (dice.random(len(first)) < INTRODUCES)
    return stays, np.where(stays, until, ended[first]).astype(np.int32)
