"""What do many voices speak of together? Counts of matters by kind, and the words that go with each, all in one asking.

A matter is a group of keys of a list column: topics by their codes, aspects by word and feeling. A voice that holds
several keys of one matter counts once for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.lake.questions.counting import Words
from huixiang.lake.questions.slices import Slice, ask, voices
from huixiang.lake.store import Lake

COLUMNS = ("topics", "aspects")


@dataclass(frozen=True, slots=True)
class Matters:
    """Which keys of a list column make up each matter? `of` by key: the matter's name."""

    column: str
    of: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.column not in COLUMNS:
            raise ValueError(f"{self.column!r} is none of {COLUMNS}")

    @property
    def table(self) -> pa.Table:
        return pa.table({"key": pa.array(self.of, pa.string()), "matter": pa.array(self.of.values(), pa.string())})


def kinds_of(
    lake: Lake, slice_: Slice, matters: Matters, without_topics: Collection[str] = ()
) -> dict[str, dict[str, int]]:
    """How many voices speak of each matter, by their kind? `without_topics`: only of voices that hold none of these."""
    found = _without(voices(lake, slice_), without_topics)
    held = _held(found, matters.column, "kind")
    rows = ask(lake, held.group_by(["matter", "kind"]).aggregate(n=held.count()), matters=matters.table)
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["matter"], {})[row["kind"] or ""] = row["n"]
    return counts


def words_of(lake: Lake, slice_: Slice, matters: Matters, sentiment: str, least: int) -> dict[str, Words]:
    """In how many voices of this feeling does each word stand, matter by matter? Words of fewer than `least` are left
    out; `of` are the matter's voices of this feeling.
    """
    found = voices(lake, slice_)
    found = found.filter(found.sentiment == sentiment)
    held = _held(found, matters.column, "id")
    single = held.join(found.select("id", "words"), "id")
    single = single.select("matter", word=single.words.unique().unnest())
    counted = single.group_by(["matter", "word"]).aggregate(n=single.count())
    counted = counted.filter(counted.n >= least)
    words: dict[str, dict[str, int]] = {}
    for row in ask(lake, counted.order_by([ibis.desc("n"), "word"]), matters=matters.table):
        words.setdefault(row["matter"], {})[row["word"]] = row["n"]
    of = {
        row["matter"]: row["n"]
        for row in ask(lake, held.group_by("matter").aggregate(n=held.count()), matters=matters.table)
    }
    return {matter: Words(number, words.get(matter, {})) for matter, number in of.items()}


def _held(found: ir.Table, column: str, *more: str) -> ir.Table:
    """One row a voice and matter."""
    wanted = ibis.table({"key": "string", "matter": "string"}, name="matters")
    single = found.select(*{"id", *more}, key=found[column].unnest())
    held = single.join(wanted, "key")
    return held.select("matter", *sorted({"id", *more})).distinct()


def _without(found: ir.Table, topics: Collection[str]) -> ir.Table:
    if not topics:
        return found
    none = found.topics.intersect(ibis.array(sorted(topics))).length() == 0
    return found.filter(none.fill_null(True))
