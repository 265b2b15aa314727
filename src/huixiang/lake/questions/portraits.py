"""How does one need stand, day by day and unit by unit? All that its page shows, in two readings of the voices.

The first one reads only the months that changed since it was asked before: a million texts take a second of a busy
machine, and an import changes the newest of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from huixiang.lake.questions.by_month import ByMonth
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


_MONTHS: ByMonth[Part] = ByMonth(most=800)  # of some 50 needs; a month may hold a row for each day and channel


def portrait(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[Part, ...]:
    """Everything by day and channel: from it come count, importance, months, changes and the past of a surge."""
    assert slice_.copies, "families reach over months"

    def read(everything: ir.Table) -> dict[str, tuple[Part, ...]]:
        return _parts(lake, within(everything, slice_), evidence, urgent)

    months = _MONTHS.rows(lake, (slice_, evidence, urgent), read)
    return tuple(part for month in sorted(months) for part in months[month])


def _parts(lake: Lake, found: ir.Table, evidence: Evidence, urgent: tuple[str, ...]) -> dict[str, tuple[Part, ...]]:
    """By month of the lake's files."""
    danger = (found.risks.intersect(ibis.array(sorted(urgent))).length() > 0).fill_null(False) if urgent else None
    marked = found.select(
        month=found[PARTITION],
        day=(found.said_precision != "unknown").ifelse(found.said_on, ibis.null("date")),
        channel="channel",
        mine=condition(found, evidence),
        negative=found.sentiment == "negative",
        urgent=ibis.literal(False) if danger is None else danger,
        original=found.duplicate_of.isnull(),
    )
    mine = marked.mine
    counted = marked.group_by(["month", "day", "channel"]).aggregate(
        voices=marked.count(),
        mine=marked.count(where=mine),
        negative=marked.count(where=mine & marked.negative),
        urgent=marked.count(where=mine & marked.urgent),
        originals=marked.count(where=marked.original),
        my_originals=marked.count(where=mine & marked.original),
    )
    parts: dict[str, list[Part]] = {}
    for row in ask(lake, counted.order_by(["month", "day", "channel"])):
        parts.setdefault(row.pop("month"), []).append(Part(**row | {"day": _plain(row["day"])}))
    return {month: tuple(some) for month, some in parts.items()}


@once_a_version
def by_branch(lake: Lake, slice_: Slice, evidence: Evidence) -> tuple[UnitPart, ...]:
    """Which share of each unit's voices speaks for it?"""
    found = voices(lake, slice_)
    marked = found.select(branch=found.branch.fill_null(""), mine=condition(found, evidence))
    counted = marked.group_by("branch").aggregate(voices=marked.count(), mine=marked.count(where=marked.mine))
    return tuple(UnitPart(**row) for row in ask(lake, counted.order_by("branch")))


def _plain(day: date | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
