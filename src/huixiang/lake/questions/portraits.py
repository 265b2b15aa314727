"""How does one need stand, day by day and unit by unit? All that its page shows, in two readings of the voices.

The first one reads only the months that changed since it was asked before: a million texts take a second of a busy
machine, and an import changes the newest of them. What it is a share of, all voices, is counted once for all needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.by_month import ByMonth, Months
from huixiang.lake.questions.evidence import Evidence, condition
from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices, within
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Part:
    """The voices of one day and channel (`day` None: of unknown date), and how many of them speak for a need.

    `negative` and `urgent` are of those that speak for it. `originals` leave out what another voice said before.
    """

    day: date | None
    channel: str
    voices: int
    mine: int
    negative: int
    urgent: int
    originals: int
    my_originals: int


@dataclass(frozen=True, slots=True)
class UnitPart:
    """The voices of one unit ("": of none), and how many of them speak for a need."""

    branch: str
    voices: int
    mine: int


@dataclass(frozen=True, slots=True)
class _Row:
    """What was counted of one day and channel: of all voices, or of those that speak for a need."""

    day: date | None
    channel: str
    voices: int
    originals: int
    negative: int = 0
    urgent: int = 0


# A month may hold a row for each day and channel. What is said besides is the same for every need.
_ALL: ByMonth[_Row] = ByMonth(most=400)  # of some 20 readers' reach
_MINE: ByMonth[_Row] = ByMonth(most=1_600)  # of some 80 needs


def portrait(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[Part, ...]:
    """Everything by day and channel: from it come count, importance, months, changes and the past of a surge."""
    assert slice_.copies, "families reach over months"
    at = lake.months_of_view("voices")
    every = _ALL.rows(lake, slice_, lambda t: _counted(lake, within(t, slice_)), at=at)

    def read(everything: ir.Table) -> Months[_Row]:
        found = within(everything, slice_)
        return _counted(lake, found.filter(condition(found, evidence)), urgent)

    mine = _MINE.rows(lake, (slice_, evidence, urgent), read, at=at)
    return tuple(part for month in sorted(every) for part in _joined(every[month], mine[month]))


def _joined(every: Iterable[_Row], mine: Iterable[_Row]) -> Iterator[Part]:
    """Texts are read for the need alone, and of what is not its own nothing else."""
    own = {(row.day, row.channel): row for row in mine}
    for row in every:
        my = own.get((row.day, row.channel)) or _Row(row.day, row.channel, 0, 0)
        counts = (row.voices, my.voices, my.negative, my.urgent, row.originals, my.originals)
        yield Part(row.day, row.channel, *counts)


def _counted(lake: Lake, found: ir.Table, urgent: tuple[str, ...] | None = None) -> Months[_Row]:
    """By month of the lake's files. `urgent` None: moods and risks are not asked for."""
    told = {"voices": found.count(), "originals": found.count(where=found.duplicate_of.isnull())}
    if urgent is not None:
        told["negative"] = found.count(where=found.sentiment == "negative")
    if urgent:
        told["urgent"] = found.count(where=found.risks.intersect(ibis.array(sorted(urgent))).length() > 0)
    dated = found.said_precision != "unknown"
    keys = {"month": found[PARTITION], "day": dated.ifelse(found.said_on, ibis.null("date")), "channel": found.channel}
    counted = found.group_by(**keys).aggregate(**told)
    rows: dict[str, list[_Row]] = {}
    for row in ask(lake, counted.order_by(["month", "day", "channel"])):
        rows.setdefault(row.pop("month"), []).append(_Row(**row | {"day": _plain(row["day"])}))
    return {month: tuple(some) for month, some in rows.items()}


@once_a_version
def by_branch(lake: Lake, slice_: Slice, evidence: Evidence) -> tuple[UnitPart, ...]:
    """Which share of each unit's voices speaks for it?"""
    found = voices(lake, slice_)
    marked = found.select(branch=found.branch.fill_null(""), mine=condition(found, evidence))
    counted = marked.group_by("branch").aggregate(voices=marked.count(), mine=marked.count(where=marked.mine))
    return tuple(UnitPart(**row) for row in ask(lake, counted.order_by("branch")))


def _plain(day: date | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
