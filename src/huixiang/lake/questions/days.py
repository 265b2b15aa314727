"""How many voices were there on each day, of each unit, and on each topic? What a watch over time is fed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from huixiang.lake.questions.slices import Slice, ask, voices
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


def _counted(lake: Lake, found: ir.Table, by: tuple[str, ...]) -> list[DayCount]:
    rows = ask(lake, found.group_by(list(by)).aggregate(n=found.count()))
    return [DayCount(row.get("topic", ""), row["branch"], row["day"], row["n"]) for row in rows]
