"""What did single customers answer? Joined by response, for what cells cannot tell: which answers go together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huixiang.lake.questions.slices import ask, sql, unbound
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

MOST_POINTS = 10  # of a choice of a matrix
MOST_ROWS = 100_000  # responses that a question of single ones looks at: drawn by their hash beyond it


@dataclass(frozen=True, slots=True)
class AnswerSlice:
    """Which answers? Empty tuples and None choose all. `units`: codes in reach, "" for those of no unit.

    `since`, `until`: months, both inclusive. `marked` False leaves out the responses that bear a mark.
    `handed`: those alone that came by links colleagues handed over; they weigh 0, and here one as much as another.
    """

    survey: str
    units: frozenset[str] | None = None
    tiers: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    marked: bool = True
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Answers side by side: one row a response that answered all of them, one column a question."""

    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    of: int  # how many responses there are, of which these may be a draw


def answered_together(lake: Lake, slice_: AnswerSlice, questions: Sequence[str]) -> Matrix:
    """The points given to these questions by those who answered all; some MOST_ROWS at most, drawn by chance.

    A row of a matrix is "question:row", and its points are the code of the choice.
    """
    return _matrix(lake, lake.version("answers"), slice_, tuple(questions))


@lru_cache(maxsize=32)
def _matrix(lake: Lake, _version: int, slice_: AnswerSlice, questions: tuple[str, ...]) -> Matrix:
    t = answers_of(lake, slice_)
    key = ibis.ifelse(t["item"] == "", t.question, t.question + ":" + t["item"])
    points = t.code.cases(*((str(point), float(point)) for point in range(MOST_POINTS + 1)), else_=None)
    t = t.mutate(question=key, value=t.value.cast("float64").fill_null(points))
    t = t.filter(t.question.isin(sorted(questions)), t.value.notnull())
    drawn, many = _drawn(lake, t.filter(t.question == questions[0]), t)
    columns = {f"v{n}": drawn.value.max(where=drawn.question == name) for n, name in enumerate(questions)}
    wide = drawn.group_by(person=drawn.id.hash()).aggregate(**columns, weight=drawn.weight.max())
    whole = wide.filter([wide[name].notnull() for name in columns])
    found = lake.fetch(sql(whole.order_by("person")))
    values = np.column_stack([np.asarray(found[name], dtype=np.float64) for name in columns])
    return Matrix(values, np.asarray(found["weight"], dtype=np.float64), many)


@dataclass(frozen=True, slots=True)
class Pair:
    """How many answered so to one question and so to the other, in one stratum?"""

    row: str
    column: str
    stratum: str
    n: int
    w: float
    q: float


@dataclass(frozen=True, slots=True)
class Points:
    """How many of one unit gave these points, of those handed a link or of those drawn."""

    unit: str
    is_handed: bool
    value: float
    n: int
    w: float
    q: float


def points_of_invited(lake: Lake, survey: str, question: str, versions: Sequence[int]) -> tuple[Points, ...]:
    """The points given by those who had an invitation, whether drawn or handed over by a colleague (weight 0)."""
    return _points(lake, lake.version("answers"), survey, question, tuple(versions))


@lru_cache(maxsize=32)
def _points(lake: Lake, _version: int, survey: str, question: str, versions: tuple[int, ...]) -> tuple[Points, ...]:
    t, r = (unbound(lake.view(name), name) for name in ("answers", "responses"))
    t = t.filter(t.survey == survey, t.question == question, t.value.notnull(), t.version.isin(sorted(versions)))
    t = t.semi_join(r.filter(r.survey == survey, r.via == "invitation"), "id")
    keyed = t.select(unit=t.unit.fill_null(""), is_handed=t.weight == 0, value=t.value.cast("float64"), weight=t.weight)
    found = keyed.group_by("unit", "is_handed", "value").aggregate(
        n=keyed.count(), w=keyed.weight.sum(), q=(keyed.weight * keyed.weight).sum()
    )
    return tuple(Points(**row) for row in ask(lake, found.order_by(["unit", "is_handed", "value"])))


def answer_pairs(lake: Lake, slice_: AnswerSlice, one: str, other: str) -> tuple[Pair, ...]:
    """Pairs of answers to two questions; of points, the point. `other` may be "tier:" or "unit:", of whom they are.

    A choice among several, or a row of a matrix, is "question:item".
    """
    return _pairs(lake, lake.version("answers"), slice_, one, other)


@lru_cache(maxsize=64)
def _pairs(lake: Lake, _version: int, slice_: AnswerSlice, one: str, other: str) -> tuple[Pair, ...]:
    t = answers_of(lake, slice_)
    left = _told(t, one)
    if other in ("tier:", "unit:"):
        both = left.mutate(other=left[other[:-1]].fill_null(""))
    else:
        right = _told(t, other).select(id="id", other="told")
        both = left.inner_join(right, "id")
    found = both.group_by(row=both.told, column=both.other, stratum=both.stratum).aggregate(
        n=both.count(), w=both.weight.sum(), q=(both.weight * both.weight).sum()
    )
    return tuple(Pair(**row) for row in ask(lake, found.order_by(["row", "column", "stratum"])))


def responses(lake: Lake, slice_: AnswerSlice) -> Iterator[dict[str, Any]]:
    """Each response with its answers, for who may export them: in the order of their hashes, as they lie.

    `answers` are (question, item, code, value, voice). In pieces: a million rows take no more memory than some.
    """
    t = answers_of(lake, slice_)
    packed = t.group_by("id").aggregate(
        answers=ibis.struct({name: t[name] for name in ("question", "item", "code", "value", "voice")}).collect()
    )
    r = _cut(unbound(lake.view("responses"), "responses"), slice_)
    rows = r.left_join(packed, "id").drop("id_right").order_by("id")
    for piece in lake.stream(sql(rows)):
        yield from pa.Table.from_batches([piece]).to_pylist()


def response_count(lake: Lake, slice_: AnswerSlice) -> int:
    """How many responses are there?"""
    t = _cut(unbound(lake.view("responses"), "responses"), slice_)
    return int(ask(lake, t.aggregate(n=t.count()))[0]["n"])


def responses_by_survey(lake: Lake, surveys: Sequence[str], reach: frozenset[str] | None) -> dict[str, int]:
    """How many responses has each of these surveys, of these units (None: of all)?"""
    t = unbound(lake.view("responses"), "responses")
    t = t.filter(t.survey.isin(list(surveys)) if surveys else ibis.literal(value=False))
    t = t if reach is None else t.filter(t.unit.isin(sorted(reach)) if reach else ibis.literal(value=False))
    return {row["survey"]: row["n"] for row in ask(lake, t.group_by("survey").aggregate(n=t.count()))}


def responses_by_version(lake: Lake, survey: str) -> dict[int, int]:
    """How many responses has each version of a survey?"""
    t = unbound(lake.view("responses"), "responses")
    t = t.filter(t.survey == survey)
    return {row["version"]: row["n"] for row in ask(lake, t.group_by("version").aggregate(n=t.count()))}


@dataclass(frozen=True, slots=True)
class Worded:
    """Where one voice was written: of which response, to which question."""

    voice: str
    question: str
    unit: str | None
    answered_on: date


def worded(lake: Lake, slice_: AnswerSlice, question: str = "") -> list[Worded]:
    """What was written in words, the newest first."""
    t = answers_of(lake, slice_)
    t = t.filter(t.voice.notnull()) if not question else t.filter(t.voice.notnull(), t.question == question)
    rows = ask(lake, t.select("voice", "question", "unit", "answered_on").order_by([ibis.desc("answered_on"), "voice"]))
    return [Worded(**row) for row in rows]


def known_responses(lake: Lake, ids: Collection[str]) -> set[str]:
    """Which of these responses does the lake hold?"""
    return set(lake.rows("responses", ids, columns=["id"])["id"].to_pylist()) if ids else set()


def responses_of(lake: Lake, pseudonym: str, units: frozenset[str] | None) -> set[str]:
    """The responses of one customer; of anonymous surveys nobody knows any."""
    speakers = unbound(lake.view("speakers"), "speakers")
    own = speakers.filter(speakers.pseudonym == pseudonym).select("id").distinct()
    t = unbound(lake.view("responses"), "responses").semi_join(own, "id")
    if units is not None:
        t = t.filter(t.unit.isin(sorted(units)))
    return {row["id"] for row in ask(lake, t.select("id"))}


def _told(t: ir.Table, question: str) -> ir.Table:
    """What each answered to a question, as a word: the choice's code, else the points."""
    name, _, item = question.partition(":")
    t = t.filter(t.question == name, t["item"] == item, (t.code != "") | t.value.notnull())
    points = t.value.cast("int32").cast("string")
    return t.select("id", "stratum", "weight", "unit", "tier", told=(t.code == "").ifelse(points, t.code))


def _drawn(lake: Lake, of: ir.Table, t: ir.Table) -> tuple[ir.Table, int]:
    many = int(ask(lake, of.aggregate(n=of.count()))[0]["n"])
    every = -(-many // MOST_ROWS)
    return (t.filter(t.id.hash().abs() % every == 0) if every > 1 else t), many


def answers_of(lake: Lake, slice_: AnswerSlice) -> ir.Table:
    """The answers of a slice, as an expression."""
    return _cut(unbound(lake.view("answers"), "answers"), slice_)


def _cut(t: ir.Table, slice_: AnswerSlice) -> ir.Table:
    found: list[ir.BooleanValue] = [t.survey == slice_.survey]
    if slice_.units is not None:
        own = t.unit.isin(sorted(slice_.units)) if slice_.units else ibis.literal(False)
        found.append(own | t.unit.isnull() if "" in slice_.units else own)
    if slice_.tiers:
        found.append(t.tier.isin(sorted(slice_.tiers)))
    if slice_.versions:
        found.append(t.version.isin(sorted(slice_.versions)))
    if slice_.since:
        found.append(t[PARTITION] >= slice_.since)
    if slice_.until:
        found.append(t[PARTITION] <= slice_.until)
    if not slice_.marked:
        found.append(~t.is_marked)
    found.append(t.weight == 0 if slice_.handed else t.weight > 0)
    chosen = t.filter(found)
    return chosen.mutate(weight=ibis.literal(1.0)) if slice_.handed else chosen
