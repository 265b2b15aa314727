"""How long does a complaint take from receipt to answer (处理时长), those still open counted in?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import DAY
from huixiang.domain.statistics.survival import Incidence, Survival, incidence, survival


class End(IntEnum):
    """How did it end, if it did?"""

    OPEN = 0
    ANSWERED = 1  # decided, and the complainant told
    WITHDRAWN = 2


@dataclass(frozen=True, slots=True)
class Handled:
    """Days from receipt to the end that still holds, or so far; parts of days count."""

    days: float
    end: End


def handled(events: Sequence[Event], at: int) -> Handled | None:
    """How long has it taken at a moment? A case opened again is open from its receipt on; None before the receipt.

    Events begin with the receipt, in the order of time.
    """
    over, end, told = at, End.OPEN, set[str]()
    past = [event for event in events if event.at <= at]
    for event in past:
        if event.kind == "reopened":
            over, end, told = at, End.OPEN, set()
        if end is not End.OPEN:
            continue
        if event.kind in {"decided", "notified"}:
            told.add(event.kind)
        if event.kind == "withdrawn" or len(told) == 2:
            over, end = event.at, End.WITHDRAWN if event.kind == "withdrawn" else End.ANSWERED
    return Handled((over - past[0].at) / DAY, end) if past else None


@dataclass(frozen=True, slots=True)
class HandlingTimes:
    """The share not yet answered by each day, withdrawn cases left out once they are; and, beside it, of all cases
    the shares that were answered and that were withdrawn by each day."""

    waiting: Survival
    answered: Incidence
    withdrawn: Incidence


def handling_times(cases: Iterable[Handled]) -> HandlingTimes:
    """The distribution over all these cases. `waiting` is told if nobody withdrew; the other two as it was."""
    pairs = np.array([(case.days, case.end) for case in cases], dtype=np.float64).reshape(-1, 2)
    days, ends = pairs[:, 0], pairs[:, 1].astype(np.int64)
    return HandlingTimes(
        survival(days, ends == End.ANSWERED), incidence(days, ends, End.ANSWERED), incidence(days, ends, End.WITHDRAWN)
    )
