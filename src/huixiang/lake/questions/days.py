"""How many voices were there on each day, of each unit, and on each topic? What a watch over time is fed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class DayCount:
    """So many voices of one unit ("": of none) on one day; `topic` "" counts all of them, whatever they speak of."""

    topic: str
    branch: str
    day: date
    voices: int


def topic_days(lake: Lake, since: date, until: date) -> list[DayCount]:
    """Daily counts by topic and unit, with the day's volume. Copies are left out; so is what nobody can date."""
    found = voices(lake, Slice(since=since, until=until, dated=True, copies=False))
    base = found.select(branch=found.branch.fill_null(""), day=found.said_on, topics=found.topics)
    by_topic = base.select("branch", "day", topic=base.topics.unnest())
    return [*_counted(lake, by_topic, ("topic", "branch", "day")), *_counted(lake, base, ("branch", "day"))]


@dataclass(frozen=True, slots=True)
class FeltDay:
    """So many voices of one unit ("": of none) on one day, and how many of them are negative."""

    branch: str
    day: date
    voices: int
    negative: int


@once_a_version
def felt_days(lake: Lake, since: date, until: date) -> tuple[FeltDay, ...]:
    """How did customers feel on each day, by unit? Copies and what nobody can date are left out."""
    found = voices(lake, Slice(since=since, until=until, dated=True, copies=False))
    base = found.select(branch=found.branch.fill_null(""), day=found.said_on, bad=found.sentiment == "negative")
    counted = base.group_by(["branch", "day"]).aggregate(n=base.count(), bad=base.bad.fill_null(False).sum())
    return tuple(FeltDay(row["branch"], row["day"], row["n"], int(row["bad"] or 0)) for row in ask(lake, counted))


def _counted(lake: Lake, found: ir.Table, by: tuple[str, ...]) -> list[DayCount]:
    rows = ask(lake, found.group_by(list(by)).aggregate(n=found.count()))
    return [DayCount(row.get("topic", ""), row["branch"], row["day"], row["n"]) for row in rows]
