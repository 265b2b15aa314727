"""What would a changed rule do to the cases there were, before it takes effect? Each case by both packs, one at a time.

The events stay as they were: people would have worked otherwise under another limit. So this tells which cases the new
rule judges otherwise, not how many will be late under it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from itertools import accumulate

from huixiang.domain.complaints.clocks import Clocks, Reading, State
from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.hours import CHINA, DAY

LATE = {State.OVERDUE, State.MET_LATE}


@dataclass(frozen=True, slots=True)
class Told:
    """One case as it was: its number, the rule it began under, and its events, the receipt first."""

    number: str
    rule: str
    events: Sequence[Event]


class Change(StrEnum):
    """What becomes of one clock of a case?"""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    ADDED = "added"  # only the new pack has this clock under this rule
    DROPPED = "dropped"
    UNTOLD = "untold"  # of one of both nobody can tell a date: it waits or stands still


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock by both packs. `days` later it is due, below 0 earlier; None where there is nothing to compare.

    `turned` where it is late by one pack and not by the other; `warnings` are codes that only the new pack gives.
    """

    case: str
    clock: str
    change: Change
    days: float | None
    old: Reading | None
    new: Reading | None
    warnings: tuple[str, ...]

    @property
    def turned(self) -> bool:
        return self.old is not None and self.new is not None and is_late(self.old) != is_late(self.new)


def is_late(reading: Reading) -> bool:
    """To the unmoved date, as the work is measured."""
    return reading.state in LATE


def replay(case: Told, old: Clocks, new: Clocks, at: int) -> list[Moved] | None:
    """Every clock of a case by both packs; None where one of them has not the rule the case began under."""
    if old.pack.rule(case.rule) is None or new.pack.rule(case.rule) is None:
        return None
    before, after = (
        {each.limit.code: each for each in clocks.read(case.rule, case.events, at)} for clocks in (old, new)
    )
    return [_moved(case.number, code, before.get(code), after.get(code)) for code in before | after]


@dataclass(slots=True)
class Tally:
    """One clock over all cases. `shifts` counts the cases by whole days the date moved, rounded away from 0."""

    changes: Counter[Change] = field(default_factory=Counter)
    shifts: Counter[int] = field(default_factory=Counter)
    late_before: int = 0
    late_after: int = 0
    newly_late: int = 0
    no_longer_late: int = 0
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, moved: Moved) -> None:
        self.changes[moved.change] += 1
        if moved.days is not None:
            self.shifts[_whole(moved.days)] += 1
        before, after = (each is not None and is_late(each) for each in (moved.old, moved.new))
        self.late_before += before
        self.late_after += after
        self.newly_late += moved.turned and after
        self.no_longer_late += moved.turned and before
        self.warnings.update(moved.warnings)

    def shift(self, part: float) -> int | None:
        """By how many days does this part of the clocks move at most? 0.5 is the median; None where none compares."""
        if not self.shifts:
            return None
        days = sorted(self.shifts)
        wanted = part * self.shifts.total()
        return next(day for day, seen in zip(days, accumulate(self.shifts[day] for day in days), strict=True)
                    if seen >= wanted)  # fmt: skip


@dataclass(slots=True)
class Replay:
    """What came of all cases: a tally for each clock, and how many cases both packs could judge.

    `no_rule` counts, by rule, the cases that one of the packs does not know; they are in no tally.
    """

    cases: int = 0
    turned_cases: int = 0
    no_rule: Counter[str] = field(default_factory=Counter)
    clocks: dict[str, Tally] = field(default_factory=dict)

    def through(self, cases: Iterable[Told], old: Clocks, new: Clocks, at: int) -> Iterator[Moved]:
        """Count all, and hand on each clock whose verdict turns or that the new pack warns of. Keeps no case."""
        for case in cases:
            found = replay(case, old, new, at)
            if found is None:
                self.no_rule[case.rule] += 1
                continue
            self.cases += 1
            self.turned_cases += any(each.turned for each in found)
            for moved in found:
                self.clocks.setdefault(moved.clock, Tally()).add(moved)
                if moved.turned or moved.warnings:
                    yield moved

    def late(self) -> Mapping[str, tuple[int, int]]:
        """How many are late by the old pack and by the new, for each clock?"""
        return {code: (tally.late_before, tally.late_after) for code, tally in self.clocks.items()}


def _moved(case: str, clock: str, old: Reading | None, new: Reading | None) -> Moved:
    change, days = Change.UNTOLD, None
    known = {each.code for each in old.warned} if old else set()
    warnings = tuple(each.code for each in new.warned if each.code not in known) if new else ()
    if old is None or new is None:
        change = Change.ADDED if old is None else Change.DROPPED
    elif old.due is not None and new.due is not None:
        days = _days(old.due, new.due)
        change = Change.SAME if days == 0 else Change.EARLIER if days < 0 else Change.LATER
    return Moved(case, clock, change, days, old, new, warnings)


def _days(old: date | datetime, new: date | datetime) -> float:
    """A limit of days lasts to the end of its day, should the other be one of hours."""
    if isinstance(old, datetime) or isinstance(new, datetime):
        return (_end(new) - _end(old)).total_seconds() / DAY
    return (new - old).days


def _end(due: date | datetime) -> datetime:
    return due if isinstance(due, datetime) else datetime.combine(due, time.max, CHINA).replace(microsecond=0)


def _whole(days: float) -> int:
    whole = int(days)
    return whole if whole == days else whole + (1 if days > 0 else -1)
