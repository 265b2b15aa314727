"""How many, which share, how good? Reductions of a slice to small numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import ibis
import ibis.expr.types as ir

from huixiang.domain.statistics import Interval, mean
from huixiang.lake.questions.by_month import ByMonth, Months
from huixiang.lake.questions.slices import Slice, ask, once_a_version, voices, within
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

STEPS: dict[str, Literal["D", "W", "M"]] = {"day": "D", "week": "W", "month": "M"}
COLUMNS = ("channel", "branch", "product", "product_version", "month", "kind", "platform", "tier")
LISTS = ("topics", "risks")
SHARED = 3
LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Count:
    """How many voices of each feeling under one key: a day, a week's Monday, a month's first, or a column's value."""

    key: str | date
    negative: int
    neutral: int
    positive: int

    @property
    def total(self) -> int:
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True)
class Words:
    """In how many voices does each word stand, of how many in all? Most frequent first."""

    of: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ratings:
    """The mean of the ratings on 1..5, with their standard deviation; None where there are none."""

    mean: float | None
    deviation: float | None
    of: int

    @property
    def interval(self) -> Interval | None:
        """The mean's 95 % interval, kept within the scale; None where the ratings are too few or all alike."""
        if self.mean is None or not self.deviation:
            return None
        found = mean(self.mean, self.deviation, self.of)
        return found and Interval(found.value, max(1.0, found.low), min(5.0, found.high))


@once_a_version
def count(lake: Lake, slice_: Slice) -> int:
    """How many voices?"""
    found = voices(lake, slice_)
    return int(ask(lake, found.aggregate(n=found.count()))[0]["n"])


@once_a_version
def on_rivals(lake: Lake, slice_: Slice) -> int:
    """How many voices of the slice speak of other banks alone? Pages that leave them out say so by this number."""
    found = voices(lake, replace(slice_, rivals=True))
    found = found.filter(found.about.notnull())  # most groups of rows hold none, and are left out unread
    return int(ask(lake, found.aggregate(n=found.count()))[0]["n"])


@once_a_version
def volume(lake: Lake, slice_: Slice, by: str = "month") -> tuple[Count, ...]:
    """How many voices of each feeling, over time? By "day", "week" (from Monday) or "month"; empty steps left out."""
    found = voices(lake, slice_)
    return _counts(lake, found, found.said_on.truncate(STEPS[by]))


@once_a_version
def shares(lake: Lake, slice_: Slice, column: str) -> tuple[Count, ...]:
    """How many voices of each feeling under each value of a column? "" stands for voices without one."""
    if column not in COLUMNS:
        raise ValueError(f"{column!r} is none of {COLUMNS}")
    found = voices(lake, slice_)
    return _counts(lake, found, found[column].fill_null(""))


@once_a_version
def mentions(lake: Lake, slice_: Slice, column: str) -> tuple[Count, ...]:
    """How many voices of each feeling speak of each topic, or hold each risk? A voice counts for each it holds."""
    if column not in LISTS:
        raise ValueError(f"{column!r} is none of {LISTS}")
    found = voices(lake, slice_)
    single = found.select("sentiment", key=found[column].unnest())
    return _counts(lake, single, single.key)


@once_a_version
def aspects(lake: Lake, slice_: Slice) -> tuple[Count, ...]:
    """In how many voices is each aspect called bad, told without a feeling, or called good? By what is said of it.

    Aspects are the customers' own words: one that fewer than SHARED voices hold is nobody else's to read.
    """
    found = voices(lake, slice_)
    single = found.select(told=found.aspects.unique().unnest())
    rows = ask(lake, single.group_by("told").aggregate(n=single.count()))
    counted: dict[str, dict[str, int]] = {}
    for row in rows:
        aspect, _, polarity = row["told"].partition("\t")
        counted.setdefault(aspect, dict.fromkeys(LABELS, 0))[polarity] += row["n"]
    shared = {aspect: by for aspect, by in counted.items() if sum(by.values()) >= SHARED}
    return tuple(Count(aspect, **by) for aspect, by in sorted(shared.items()))


def words(lake: Lake, slice_: Slice, sentiment: str, only: Collection[str] | None = None) -> Words:
    """In how many voices of this feeling does each word stand? Words of one voice alone are left out, unless asked for.

    `only`: the words that matter; None is all.
    """
    found = voices(lake, slice_)
    found = found.filter(found.sentiment == sentiment)
    single = found.select(word=found.words.unique().unnest())
    if only is not None:
        single = single.filter(single.word.isin(sorted(only))) if only else single.filter(ibis.literal(False))
    counted = single.group_by("word").aggregate(n=single.count())
    if only is None:
        counted = counted.filter(counted.n > 1)
    rows = ask(lake, counted.order_by(ibis.desc("n"), "word"))
    of = int(ask(lake, found.aggregate(n=found.count()))[0]["n"])
    return Words(of, {row["word"]: row["n"] for row in rows})


@once_a_version
def ratings(lake: Lake, slice_: Slice) -> Ratings:
    """How do customers rate?"""
    found = voices(lake, slice_)
    values = found.rating.cast("float64")
    row = ask(lake, found.aggregate(mean=values.mean(), deviation=values.std(how="sample"), of=found.rating.count()))[0]
    return Ratings(row["mean"], row["deviation"], int(row["of"]))


@dataclass(frozen=True, slots=True)
class _Value:
    """In one month: how many voices hold it; from which day to which they reach."""

    value: str
    n: int
    first: date
    last: date


# A list to choose from is built with every page; after an import only the months are counted that it changed.
_VALUES: ByMonth[_Value] = ByMonth(most=1_200)


@once_a_version
def distinct(lake: Lake, column: str, slice_: Slice | None = None) -> tuple[str, ...]:
    """Which values does a column hold? Most frequent first, for lists to choose from."""
    if column not in COLUMNS:
        raise ValueError(f"{column!r} is none of {COLUMNS}")
    counted = Counter[str]()
    for row in _values(lake, slice_ or Slice(rivals=True), column):
        counted[row.value] += row.n
    return tuple(value for value in sorted(counted, key=lambda value: (-counted[value], value)) if value)


@once_a_version
def span(lake: Lake, slice_: Slice) -> tuple[date, date] | None:
    """From which day to which day do the voices reach?"""
    found = _values(lake, slice_, PARTITION)
    return (min(row.first for row in found), max(row.last for row in found)) if found else None


def _values(lake: Lake, slice_: Slice, column: str) -> list[_Value]:
    """Of every month."""

    def read(everything: ir.Table) -> Months[_Value]:
        t = within(everything, slice_)
        told = {"n": t.count(), "first": t.said_on.min(), "last": t.said_on.max()}
        rows: dict[str, list[_Value]] = {}
        for row in ask(lake, t.group_by(place=t[PARTITION], value=t[column].fill_null("")).aggregate(**told)):
            rows.setdefault(row.pop("place"), []).append(_Value(**row))
        return {month: tuple(some) for month, some in rows.items()}

    is_sum = slice_.copies  # families reach over months
    months = _VALUES.rows(lake, (slice_, column), read) if is_sum else read(voices(lake))
    return [row for rows in months.values() for row in rows]


def _counts(lake: Lake, found: ir.Table, key: ir.Value) -> tuple[Count, ...]:
    grouped = found.group_by(key=key).aggregate(
        **{label: found.count(where=found.sentiment == label) for label in ("negative", "neutral", "positive")}
    )
    rows = ask(lake, grouped.order_by("key"))
    # DuckDB truncates a date to a timestamp, although Ibis believes it a date.
    return tuple(
        Count(**row | {"key": row["key"].date()}) if isinstance(row["key"], datetime) else Count(**row) for row in rows
    )
