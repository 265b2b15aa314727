"""When do people work? Clocks that stand still at night, at lunch and on days off, so that queues need not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank
from huixiang.simulation.demand import open_outlets
from huixiang.simulation.events.processes.definition import BACKING, OFFICE, OFFICE_DAY, SERVICE_LINE
from huixiang.simulation.moments import DAY

DAYS_BEYOND = 400  # what is begun on the last day may end long after it
Spans = tuple[tuple[int, int], ...]  # minutes after midnight
LUNCH = (720, 780)
AFTER_CLOSING = 120  # minutes in which those still inside are served
# Where there is little of a task, people do it in the last hours of the day only: that is how banks staff it.
OFFICE_SHIFTS: tuple[Spans, ...] = (
    ((930, 1050),),
    ((870, 1050),),
    ((810, 1050),),
    ((660, 720), (810, 1050)),
    ((600, 720), (810, 1050)),
    ((510, 720), (810, 1050)),
)
LINE_SHIFT: Spans = ((480, 1320),)
BACKING_SHIFT: Spans = ((510, 1110),)
AWAKE: Spans = ((420, 1380),)


@dataclass(frozen=True, slots=True)
class Clock:
    """Working time of one calendar, in minutes.

    `before[m]` counts the working minutes before minute m of the history, `minute_of[k]` is the minute of the history
    in which working minute k lies; so minute m is worked exactly if `minute_of[before[m]] == m`.
    """

    before: NDArray[np.int32]
    minute_of: NDArray[np.int32]

    def worked(self, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many working seconds lie before these moments?"""
        minute, rest = np.divmod(seconds, 60)
        done = self.before[minute]
        return done.astype(np.int64) * 60 + np.where(self.minute_of.take(done, mode="clip") == minute, rest, 0)

    def moment(self, worked: NDArray[np.int64]) -> NDArray[np.int64]:
        """At which moment are so many seconds worked?"""
        minute, rest = np.divmod(worked, 60)
        return self.minute_of[minute].astype(np.int64) * 60 + rest

    def between(self, start: int, end: int) -> int:
        """How many working seconds lie between two moments?"""
        low, high = self.worked(np.array([start, end], dtype=np.int64))
        return int(high - low)


def clock(open_days: NDArray[np.bool_], spans: Spans) -> Clock:
    """The clock of these days (one flag a day) and spans of the day."""
    day = np.zeros(1440, dtype=bool)
    for start, end in spans:
        day[start:end] = True
    worked = (open_days[:, None] & day).ravel()
    return Clock(
        np.concatenate([[0], np.cumsum(worked, dtype=np.int32)]).astype(np.int32),
        np.flatnonzero(worked).astype(np.int32),
    )


@dataclass(slots=True)
class Almanac:
    """All clocks that a bank needs for its history, each made once."""

    bank: Bank
    workdays: NDArray[np.bool_] = field(init=False)
    weekend_service: NDArray[np.bool_] = field(init=False)
    made: dict[tuple[str, Spans], Clock] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        first, history, calendar = self.bank.scenario.first_day, len(self.bank.scenario.days()), mainland()
        days = [first + timedelta(n) for n in range(history + DAYS_BEYOND)]
        self.workdays = np.array([calendar.is_workday(day) for day in days])
        self.weekend_service = np.array([open_outlets(day, calendar, np.array([True]))[0] for day in days])

    def shifts(self, hours: str, outlet: int = 0) -> Sequence[Clock]:
        """The clocks that people of these hours may have, the shortest day first."""
        offices = {
            OFFICE: ("workdays", OFFICE_SHIFTS),
            OFFICE_DAY: ("workdays", OFFICE_SHIFTS[-1:]),
            BACKING: ("weekends", (BACKING_SHIFT,)),
            SERVICE_LINE: ("daily", (LINE_SHIFT,)),
        }
        if hours in offices:
            kind, shifts = offices[hours]
            return [self._clock(kind, spans) for spans in shifts]
        network = self.bank.network
        opens, closes = int(network.opens[outlet]) // 60, int(network.closes[outlet]) // 60 + AFTER_CLOSING
        kind = "weekends" if network.weekends[outlet] else "workdays"
        return [self._clock(kind, ((opens, LUNCH[0]), (LUNCH[1], closes)))]

    def put_off(self) -> list[int]:
        """By day: from which midnight on may be done what is done on workdays alone? 0: on this day."""
        days = np.arange(len(self.workdays))
        ahead = np.where(self.workdays, days, len(days))
        following = np.minimum.accumulate(ahead[::-1])[::-1]
        return list(np.where(self.workdays, 0, following * DAY).tolist())

    def office(self) -> Clock:
        """The clock of a whole office day."""
        return self.shifts(OFFICE)[-1]

    def awake(self) -> Clock:
        """The clock of customers, who do nothing at night."""
        return self._clock("daily", AWAKE)

    def _clock(self, kind: str, spans: Spans) -> Clock:
        if (kind, spans) not in self.made:
            daily = np.ones_like(self.workdays)
            days = {"workdays": self.workdays, "weekends": self.weekend_service, "daily": daily}
            self.made[kind, spans] = clock(days[kind], spans)
        return self.made[kind, spans]
