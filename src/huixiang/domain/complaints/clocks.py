"""By when must what be done? Each clock of a case, reckoned from its events alone.

Nothing here is stored: a case that is paused, opened again, merged, split or handed over has the clocks its events
give it. Conventions. A limit of days counts from the day after the start. A day on which the clock stood still at
midnight does not count, so a pause that ends on the day it began moves nothing. A limit of hours counts the seconds in
which the unit that has the case was open. What is due on a holiday is worked to that day all the same; the later day
that the law may allow is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from huixiang.domain.calendar import Calendar
from huixiang.domain.complaints.counting import Counting
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import OFFICE, Days, OpenHours, Opening, time_of
from huixiang.domain.complaints.merging import Line, absorbed
from huixiang.domain.complaints.rules import Limit, Pack, Trust, Unit
from huixiang.domain.complaints.running import Run, Warned, run


class State(StrEnum):
    """Where does a clock stand?"""

    WAITING = "waiting"  # what starts it has not happened
    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"  # still to be done, and late
    MET = "met"
    MET_LATE = "met_late"
    ENDED = "ended"  # the complaint was withdrawn


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock at one moment. `due` is a day, of a limit of hours a moment; None while nobody can tell.

    `legal_latest` is `due` moved past holidays where the pack says so; the bank's own standards are not moved.
    `elapsed` and `paused` are days or hours of the clock's own unit. `due_if_resumed` is told of a clock that stands
    still. `case` names the merged case whose earlier deadline this is. `official` is False where no notice of holidays
    is known for a year it touches.
    """

    limit: Limit
    amount: int
    state: State
    started_at: datetime | None
    met_at: datetime | None
    due: date | datetime | None
    legal_latest: date | datetime | None
    legally_late: bool
    elapsed: float
    paused: float
    due_if_resumed: date | datetime | None
    case: str
    official: bool
    warned: tuple[Warned, ...]


class Clocks:
    """The clocks of one pack by one calendar and the opening hours of the units; made once, asked many times."""

    def __init__(
        self,
        pack: Pack,
        calendar: Calendar,
        openings: Mapping[str, Opening] | None = None,
        hours: Mapping[str, OpenHours] | None = None,
    ) -> None:
        """`hours`: of the units, made when they are first asked for, where a bank has many."""
        self.pack = pack
        self._days, office = Days(calendar), OpenHours(OFFICE, calendar)
        if hours is None:
            hours = {unit: OpenHours(opening, calendar) for unit, opening in (openings or {}).items()}
        self._counting = {unit: Counting(unit, self._days, hours, office) for unit in Unit}

    def read(self, rule: str, events: Sequence[Event], at: int) -> list[Reading]:
        """Where does each clock of a case stand at a moment? `events` begin with its receipt; later ones are ignored.

        Raises ValueError where the pack has no such rule or the first event is no receipt.
        """
        if self.pack.rule(rule) is None:
            raise ValueError(f"{self.pack.code} has no rule {rule}")
        if not events or events[0].kind != "received":
            raise ValueError("the events of a case begin with its receipt")
        past = [event for event in events if event.at <= at]
        lines = [Line("", rule, (), past), *absorbed(past, rule)]
        return [self._first(clock, lines, at) for clock in self.pack.clocks if rule in clock.limits]

    def _first(self, clock: Limit, lines: Sequence[Line], at: int) -> Reading:
        """Of a case and those merged into it, the line that is due first: a merger never buys time."""
        counting = self._counting[clock.unit]

        def lapsed(begun: Run, then: int) -> bool:
            due = counting.due(begun)
            return due is not None and counting.over(then, due)

        found = []
        for line in lines:
            if line.case and not line.hands_on(clock, self.pack, lapsed):
                continue
            its = run(clock, self.pack, line.rule, [*line.before, *line.since], lapsed)
            found.append((counting.due(its), line.case, its))
        due, case, chosen = min(found, key=lambda each: (each[0] is None, each[0] or 0))
        return self._reading(chosen, clock, due, case, at)

    def _reading(self, run: Run, clock: Limit, due: int | None, case: str, at: int) -> Reading:
        counting, stopped = self._counting[clock.unit], run.stopped()
        until = at if stopped is None else stopped
        elapsed, paused = counting.elapsed(run, until)
        law = clock.trust is not Trust.OWN
        rolls = law and self.pack.rolls_past_holidays and clock.unit is not Unit.BUSINESS_HOURS
        latest = self._days.workday_from(due) if rolls and due is not None else due
        late = due is not None and counting.over(until, due)
        told = [_told(clock.unit, each) for each in (due, latest, _if_resumed(counting, run, at))]
        started = None if run.start is None else time_of(run.start)
        return Reading(
            limit=clock,
            amount=run.amount,
            state=_state(run, late=late),
            started_at=started,
            met_at=None if run.met is None else time_of(run.met),
            due=told[0],
            legal_latest=told[1],
            legally_late=law and latest is not None and run.ended is None and counting.over(until, latest),
            elapsed=elapsed,
            paused=paused,
            due_if_resumed=told[2],
            case=case,
            official={each.year for each in (started, told[1]) if each} <= self._days.calendar.years,
            warned=tuple(run.warned),
        )


def _state(run: Run, *, late: bool) -> State:
    if run.ended is not None:
        return State.ENDED
    if run.met is not None:
        return State.MET_LATE if late else State.MET
    if run.start is None:
        return State.WAITING
    if late:
        return State.OVERDUE
    return State.RUNNING if run.still_since is None else State.PAUSED


def _if_resumed(counting: Counting, run: Run, at: int) -> int | None:
    """When would it be due if a clock that stands still went on now?"""
    if run.still_since is None:
        return None
    return counting.due(replace(run, still_since=None, pauses=[*run.pauses, (run.still_since, at)]))


def _told(unit: Unit, place: int | None) -> date | datetime | None:
    if place is None:
        return None
    return time_of(place) if unit is Unit.BUSINESS_HOURS else date.fromordinal(place)
