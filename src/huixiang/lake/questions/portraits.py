"""How does one need stand, day by day and unit by unit? All that its page shows, in two readings of the voices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import ibis

from huixiang.lake.questions.evidence import Evidence, condition
from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices
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


@partial(once_a_version, most=8)  # each may hold a row for every day and channel of years: some megabytes
def portrait(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[Part, ...]:
    """Everything by day and channel: from it come count, importance, months, changes and the past of a surge."""
    found = voices(lake, slice_)
    danger = (found.risks.intersect(ibis.array(sorted(urgent))).length() > 0).fill_null(False) if urgent else None
    marked = found.select(
        day=(found.said_precision != "unknown").ifelse(found.said_on, ibis.null("date")),
        channel="channel",
        mine=condition(found, evidence),
        negative=found.sentiment == "negative",
        urgent=ibis.literal(False) if danger is None else danger,
        original=found.duplicate_of.isnull(),
    )
    mine = marked.mine
    counted = marked.group_by(["day", "channel"]).aggregate(
        voices=marked.count(),
        mine=marked.count(where=mine),
        negative=marked.count(where=mine & marked.negative),
        urgent=marked.count(where=mine & marked.urgent),
        originals=marked.count(where=marked.original),
        my_originals=marked.count(where=mine & marked.original),
    )
    rows = ask(lake, counted.order_by(["day", "channel"]))
    return tuple(Part(**row | {"day": _plain(row["day"])}) for row in rows)


@once_a_version
def by_branch(lake: Lake, slice_: Slice, evidence: Evidence) -> tuple[UnitPart, ...]:
    """Which share of each unit's voices speaks for it?"""
    found = voices(lake, slice_)
    marked = found.select(branch=found.branch.fill_null(""), mine=condition(found, evidence))
    counted = marked.group_by("branch").aggregate(voices=marked.count(), mine=marked.count(where=marked.mine))
    return tuple(UnitPart(**row) for row in ask(lake, counted.order_by("branch")))


def _plain(day: date | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
