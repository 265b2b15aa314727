"""How does one need stand, day by day and unit by unit? All that its page shows, in two readings of the voices.

Texts are read once for each need and month of files, for all readers: by whoever asks first, or at night. What was
counted is kept on the disk, so an import makes only the newest month be read again, and a restart none. What it is a
share of, all voices, is counted once for all needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from huixiang.lake.questions.by_month import ByMonth, Months, Sums, View
from huixiang.lake.questions.evidence import Evidence, condition, holds
from huixiang.lake.questions.slices import Slice, ask, once_a_version, sql, unbound, within
from huixiang.lake.questions.tiers import units_and_tiers
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


@dataclass(frozen=True, slots=True)
class _Own:
    """A row for each voice of a need by its rules and by people, and those of them that people left out again."""

    found: pa.Table
    left_out: pa.Table


# A month may hold a row for each day and channel. What is said besides is the same for every need.
_ALL: ByMonth[_Row] = ByMonth(most=400)  # of some 20 readers' reach
KEYS = pa.schema([(PARTITION, pa.string()), ("day", pa.date32()), ("dated", pa.bool_()), ("channel", pa.string())])
MARKS = ("originals", "negative", "urgent")
# One row for each voice of a need: grouped by day, channel and unit there would be hardly fewer, in twice the time.
NARROWER = [("branch", pa.string()), ("tier", pa.string())]
_MINE = Sums("need 2", 100, pa.schema([*KEYS, *NARROWER, *((name, pa.bool_()) for name in MARKS)]))


def portrait(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[Part, ...]:
    """Everything by day and channel: from it come count, importance, months, changes and the past of a surge."""
    assert slice_.copies, "families reach over months"
    at = lake.months_of_view("voices")
    every = _ALL.rows(lake, slice_, lambda t: _counted(lake, within(t, slice_)), at=at)
    mine = _own(lake, slice_, evidence, urgent, at)
    own: dict[str, list[_Row]] = {}
    for (month, day, channel), counts in _summed(mine, [PARTITION, "day", "channel"], MARKS).items():
        own.setdefault(month, []).append(_Row(day, channel, *counts))
    return tuple(part for month in sorted(every) for part in _joined(every[month], own.get(month, ())))


def count_rules(lake: Lake, evidence: Evidence, urgent: tuple[str, ...]) -> None:
    """Read the texts for a need whose rules are new, so that nobody who opens it waits."""
    _own(lake, Slice(), evidence, urgent)


def _own(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...], at: View | None = None) -> _Own:
    """The need's own voices, of the slice. They are kept for all units and days, and so for all readers.

    By its rules alone: single voices that people put in or leave out are asked for each time, they are few.
    """
    at = at or lake.months_of_view("voices")
    whole = replace(slice_, branches=None, since=None, until=None, dated=None)
    rules = replace(evidence, pinned=(), excluded=())

    def read(everything: ir.Table) -> pa.Table:
        found = within(everything, whole)
        return lake.fetch(sql(_marked(found.filter(condition(found, rules)), urgent)))

    first, last = (f"{day:%Y-%m}" if day else "" for day in (slice_.since, slice_.until))
    is_wanted: Callable[[str], bool] = lambda month: bool(rules.rules) and first <= month <= (last or month)  # noqa: E731
    found = _MINE.rows(lake, (whole, rules, urgent), read, is_wanted, at)
    put_in, left_out = _single(lake, at[0], whole, evidence, urgent)
    return _Own(_chosen(pa.concat_tables([found, put_in]), slice_), _chosen(left_out, slice_))


@once_a_version
def _single(
    lake: Lake, view: str, whole: Slice, evidence: Evidence, urgent: tuple[str, ...]
) -> tuple[pa.Table, pa.Table]:
    """Of voices that people decided on: those put in that no rule finds, and those left out that a rule finds."""
    told = _MINE.schema
    decided = {*evidence.pinned, *evidence.excluded}
    if not decided:
        return told.empty_table(), told.empty_table()
    t = within(unbound(view, "voices"), whole)
    t = t.filter(t.id.isin(sorted(decided)))
    by_rule = condition(t, replace(evidence, pinned=(), excluded=()))
    is_out = t.id.isin(sorted(evidence.excluded)) if evidence.excluded else ibis.literal(False)
    put_in, left_out = t.filter(~by_rule, ~is_out), t.filter(by_rule, is_out)
    first, second = (
        lake.fetch(sql(_marked(some, urgent))).select(told.names).cast(told) for some in (put_in, left_out)
    )
    return first, second


def _chosen(found: pa.Table, slice_: Slice) -> pa.Table:
    """Those of the slice; the day of a voice of unknown date is none."""
    chosen = [pc.equal(found["dated"], slice_.dated)] if slice_.dated is not None else []
    if slice_.branches is not None:
        chosen.append(pc.is_in(found["branch"], value_set=pa.array(sorted(slice_.branches), pa.string())))
    if slice_.since:
        chosen.append(pc.greater_equal(found["day"], pa.scalar(slice_.since)))
    if slice_.until:
        chosen.append(pc.less_equal(found["day"], pa.scalar(slice_.until)))
    found = found.filter(reduce(pc.and_, chosen)) if chosen else found
    return found.set_column(1, "day", pc.if_else(found["dated"], found["day"], pa.scalar(None, pa.date32())))


def _marked(found: ir.Table, urgent: tuple[str, ...]) -> ir.Table:
    """When, where and how was each said? Not by whom, nor which it is."""
    marked = found.select(
        found[PARTITION],
        found.channel,
        day=found.said_on,
        dated=found.said_precision != "unknown",
        branch=found.branch.fill_null(""),
        tier=found.tier.fill_null(""),
        originals=found.duplicate_of.isnull(),
        negative=found.sentiment == "negative",
        urgent=holds(found.risks, urgent) if urgent else ibis.literal(False),
    )
    return marked.order_by(PARTITION)


def _summed(own: _Own, keys: list[str], names: Sequence[str] = ()) -> dict[tuple[Any, ...], list[int]]:
    """How many voices has each key, and in how many is each mark set?"""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for sign, some in ((1, own.found), (-1, own.left_out)):
        told = [([], "count_all"), *((name, "sum") for name in names)]
        grouped = some.group_by(keys, use_threads=False).aggregate(told)
        for row in zip(*(grouped[name].to_pylist() for name in grouped.column_names), strict=True):
            key, counts = row[: len(keys)], row[len(keys) :]
            before = sums.get(key, [0] * len(counts))
            sums[key] = [old + sign * (new or 0) for old, new in zip(before, counts, strict=True)]
    return sums


def _joined(every: Iterable[_Row], mine: Iterable[_Row]) -> Iterator[Part]:
    """Texts are read for the need alone, and of what is not its own nothing else."""
    own = {(row.day, row.channel): row for row in mine}
    for row in every:
        my = own.get((row.day, row.channel)) or _Row(row.day, row.channel, 0, 0)
        counts = (row.voices, my.voices, my.negative, my.urgent, row.originals, my.originals)
        yield Part(row.day, row.channel, *counts)


def _counted(lake: Lake, found: ir.Table) -> Months[_Row]:
    """Of all voices, by month of the lake's files."""
    told = {"voices": found.count(), "originals": found.count(where=found.duplicate_of.isnull())}
    dated = found.said_precision != "unknown"
    keys = {"month": found[PARTITION], "day": dated.ifelse(found.said_on, ibis.null("date")), "channel": found.channel}
    counted = found.group_by(**keys).aggregate(**told)
    rows: dict[str, list[_Row]] = {}
    for row in ask(lake, counted.order_by(["month", "day", "channel"])):
        rows.setdefault(row.pop("month"), []).append(_Row(**row | {"day": _plain(row["day"])}))
    return {month: tuple(some) for month, some in rows.items()}


def by_branch(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[UnitPart, ...]:
    """Which share of each unit's voices speaks for it? `urgent` as for `portrait`, which has counted the same."""
    assert slice_.copies, "families reach over months"
    own = _summed(_own(lake, slice_, evidence, urgent), ["branch"])
    return tuple(UnitPart(branch, count, own.get((branch,), [0])[0]) for branch, count in _by_branch(lake, slice_))


def by_tier_of(lake: Lake, slice_: Slice, evidence: Evidence, urgent: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """How many of its voices come from customers of each class ("": unknown)? `urgent` as for `portrait`."""
    assert slice_.copies, "families reach over months"
    found = _summed(_own(lake, slice_, evidence, urgent), ["tier"])
    return tuple(sorted((str(tier), n) for (tier,), (n,) in found.items() if n))


def _by_branch(lake: Lake, slice_: Slice) -> tuple[tuple[str, int], ...]:
    """All voices of each unit, the same for every need."""
    counts = Counter[str]()
    for unit, _tier, number in units_and_tiers(lake, slice_):
        counts[unit] += number
    return tuple(sorted(counts.items()))


def _plain(day: date | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
