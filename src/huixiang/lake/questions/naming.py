"""Which banks are named in social media, how often, and in what mood? Names are counted in masked text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.domain.feedback import Channel
from huixiang.domain.reputation.brands import Book
from huixiang.domain.reputation.reviews import COPIED_FROM
from huixiang.lake.questions.by_month import Sums
from huixiang.lake.questions.posts import PostSlice
from huixiang.lake.questions.slices import ask, sql, voices
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

IN_PUBLIC = tuple(channel.value for channel in Channel if not channel.is_to_the_bank)
ANY = ""  # in place of a bank: voices that name any
_COLUMNS = ("searchable", "said_on", "branch", "platform", "sentiment")


@dataclass(frozen=True, slots=True)
class Named:
    """So many voices of one day, unit, platform and mood that name a bank (ANY: at least one), copies left out.

    `alone`: so many of them name no other.
    """

    bank: str
    day: date
    branch: str
    platform: str
    sentiment: str
    voices: int
    alone: int


_COUNTS = ("bank", "said_on", "branch", "platform", "sentiment", "voices", "alone")
_MONTHS = Sums(
    "names 1",
    200,
    pa.schema([(PARTITION, pa.string())]
              + [(name, {"said_on": pa.date32(), "voices": pa.int64(), "alone": pa.int64()}.get(name, pa.string()))
                 for name in _COUNTS]),
)  # fmt: skip


def named(lake: Lake, book: Book, slice_: PostSlice) -> Iterator[Named]:
    """By day; of the months that the slice touches. Kept on the disk: only months that changed are counted again."""

    def within(month: str) -> bool:
        return (not slice_.since or month >= f"{slice_.since:%Y-%m}") and (
            not slice_.until or month <= f"{slice_.until:%Y-%m}"
        )

    found = _MONTHS.rows(lake, book, lambda t: _counted(lake, book, t), within)
    for values in zip(*(found[name].to_pylist() for name in _COUNTS), strict=True):
        row = Named(*values)
        if _is_in(row, slice_):
            yield row


def count_names(lake: Lake, book: Book) -> int:
    """Count the names in all months, so that nobody waits for it. How many counts are kept?"""
    return len(_MONTHS.rows(lake, book, lambda t: _counted(lake, book, t)))


def _is_in(row: Named, s: PostSlice) -> bool:
    in_time = (not s.since or s.since <= row.day) and (not s.until or row.day <= s.until)
    return (
        in_time
        and (s.branches is None or row.branch in s.branches)
        and (not s.platforms or row.platform in s.platforms)
    )


def _counted(lake: Lake, book: Book, t: ir.Table) -> pa.Table:
    if not book.names:
        return _MONTHS.schema.empty_table()
    holds = ibis.or_(*(t.searchable.contains(name) for name in book.names))
    copied = t.duplicate_of.notnull() & (t.searchable.length() >= COPIED_FROM)
    found = t.filter(t.channel == "social", ~copied, holds)
    tallies: dict[str, Counter[tuple[Any, ...]]] = {}
    table = lake.fetch(sql(found.select(*_COLUMNS, PARTITION)))
    for text, day, branch, platform, mood, month in zip(*(column.to_pylist() for column in table.columns), strict=True):
        banks = book.named(text, day)
        tally = tallies.setdefault(month, Counter())
        for bank in (*banks, ANY) if banks else ():
            tally[bank, day, branch or "", platform or "", mood, len(banks) == 1] += 1
    rows = [(month, *row) for month in sorted(tallies) for row in _rows(tallies[month])]
    columns = zip(*rows, strict=True) if rows else [[]] * len(_MONTHS.schema)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _MONTHS.schema, strict=True)],
                    schema=_MONTHS.schema)  # fmt: skip


def _rows(tally: Counter[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    whole: dict[tuple[Any, ...], list[int]] = {}
    for told, count in tally.items():
        is_alone, both = told[-1], whole.setdefault(told[:-1], [0, 0])
        both[0] += count
        both[1] += count if is_alone else 0
    for told, both in sorted(whole.items()):
        yield *told, *both


@dataclass(frozen=True, slots=True)
class Marked:
    """A voice of social media, and what it was said to be about when it came in."""

    id: str
    month: str
    searchable: str
    said_on: date
    about: str | None


def social_of(lake: Lake, month: str) -> list[Marked]:
    """The voices of a month that are said in public, to be held against another book: all that are asked about as they
    come in, or one marked then would stay so for good."""
    t = voices(lake)
    rows = ask(
        lake,
        t.filter(t[PARTITION] == month, t.channel.isin(IN_PUBLIC)).select(
            "id", "month", "searchable", "said_on", "about"
        ),
    )
    return [Marked(**row) for row in rows]
