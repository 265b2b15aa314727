"""Which complaints took longer than the law's first limit, who allowed it, and when was the customer told?

The measures of 2020 (银保监会令2020年第3号): 15 days where facts are clear, 30 where the case is complex, and after
approval by the superior unit or head office, and telling the complainant, another 30.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.simulation.events.processes.clocks import Clock
from huixiang.simulation.moments import DAY

LIMIT_DAYS, LIMIT_COMPLEX_DAYS, LIMIT_MOST_DAYS = 15, 30, 60
REGION, HEAD_OFFICE = 1, 2  # who approves: the superior unit for the first extension, head office for the second
NOTICE_AHEAD = (1800, 13 * 3600)  # working seconds before the limit in which an extension is given and told


@dataclass(frozen=True, slots=True)
class Extensions:
    """One row a complaint: the days added in all (0, 15 or 45), who approved the last one, and when it was told.

    `told` in seconds of the history; -1 where nothing was extended.
    """

    days: NDArray[np.int8]
    approved_by: NDArray[np.int8]
    told: NDArray[np.int64]


def extensions(
    arrived: NDArray[np.int64], closed: NDArray[np.int64], office: Clock, end: int, dice: np.random.Generator
) -> Extensions:
    """The extensions of complaints received and closed at these moments; what is open counts until `end`."""
    days, by = np.zeros(len(arrived), np.int8), np.zeros(len(arrived), np.int8)
    told, lasted = np.full(len(arrived), -1, dtype=np.int64), np.minimum(closed, end) - arrived
    ahead = dice.uniform(*NOTICE_AHEAD, len(arrived)).astype(np.int64)
    for limit, until, approver in (
        (LIMIT_DAYS, LIMIT_COMPLEX_DAYS, REGION),
        (LIMIT_COMPLEX_DAYS, LIMIT_MOST_DAYS, HEAD_OFFICE),
    ):
        rows = np.flatnonzero(lasted > limit * DAY)
        days[rows], by[rows] = until - LIMIT_DAYS, approver
        told[rows] = office.moment(office.worked(arrived[rows] + limit * DAY) - ahead[rows])
    return Extensions(days, by, told)
