"""How many voices were there on each day, of each unit, and on each topic? What a watch over time is fed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir

from huixiang.lake.questions.slices import Slice, compiled, once_a_version, within
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
    asked = _by_topic(lake, since, until), _by_day(lake, since, until)
    rows = [row for question in asked for row in lake.fetch(question).to_pylist()]
    return [DayCount(row.get("topic", ""), row["branch"], row["day"], row["n"]) for row in rows]


@compiled
def _by_topic(voices: ir.Table, since: date, until: date) -> ir.Table:
    base = _dated(voices, since, until)
    by_topic = base.select("branch", "day", topic=base.topics.unnest())
    return by_topic.group_by(["topic", "branch", "day"]).aggregate(n=by_topic.count())


@compiled
def _by_day(voices: ir.Table, since: date, until: date) -> ir.Table:
    base = _dated(voices, since, until)
    return base.group_by(["branch", "day"]).aggregate(n=base.count())


def _dated(voices: ir.Table, since: date, until: date) -> ir.Table:
    found = within(voices, Slice(since=since, until=until, dated=True, copies=False))
    is_bad = (found.sentiment == "negative").fill_null(False)
    return found.select(branch=found.branch.fill_null(""), day=found.said_on, topics=found.topics, bad=is_bad)


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
    rows = lake.fetch(_felt(lake, since, until)).to_pylist()
    return tuple(FeltDay(row["branch"], row["day"], row["n"], int(row["bad"] or 0)) for row in rows)


@compiled
def _felt(voices: ir.Table, since: date, until: date) -> ir.Table:
    base = _dated(voices, since, until)
    return base.group_by(["branch", "day"]).aggregate(n=base.count(), bad=base.bad.sum())
