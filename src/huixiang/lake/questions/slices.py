"""Which voices is a question about? A slice of the lake: by unit, channel, time, feeling and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from huixiang.lake.questions.evidence import Evidence, condition
from huixiang.lake.schema import PARTITION, TABLES
from huixiang.lake.store import Lake

P = ParamSpec("P")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Slice:
    """A choice of voices. Empty tuples and None choose all.

    `branches`: unit codes in reach, "" for voices of no unit; None is the whole bank. `since`, `until`: local dates,
    both inclusive. `query`: terms between spaces, in normal form (understanding.normal), all of which must occur.
    `copies` False leaves one voice of each family of copies: the original where it lies in the slice, else the
    earliest. `dated`: only voices of known (True) or unknown (False) date. `kinds`: of what is wanted. `topics`,
    `risks`: at least one of these codes. `evidence`: what speaks for a need. `rivals`: also voices that speak of other
    banks alone, which no measure of the own bank counts; an import's are shown all. `tiers`: codes of customers'
    classes.
    """

    branches: frozenset[str] | None = None
    channels: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sentiments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    query: str = ""
    copies: bool = True
    dated: bool | None = None
    import_id: str = ""
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    evidence: Evidence | None = None
    rivals: bool = False
    platforms: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


def voices(lake: Lake, slice_: Slice | None = None, table: str = "voices") -> ir.Table:
    """The table of voices as an expression, cut to the slice."""
    all_voices = unbound(lake.view(table), table)
    return within(all_voices, slice_) if slice_ else all_voices


def within(all_voices: ir.Table, slice_: Slice) -> ir.Table:
    """Those of the slice. For questions in several steps, all of them to one version of the table."""
    conditions = _conditions(all_voices, slice_)
    found = all_voices.filter(conditions) if conditions else all_voices
    return found if slice_.copies else one_of_each(found)


def one_of_each(found: ir.Table) -> ir.Table:
    """One voice of each family of copies among these. A family's original may lie outside of them."""
    first = [found.duplicate_of.notnull(), found.said_at, found.id]
    place = ibis.row_number().over(group_by=ibis.coalesce(found.duplicate_of, found.id), order_by=first)
    placed = found.mutate(place_in_family=place)
    return placed.filter(placed.place_in_family == 0).drop("place_in_family")


@lru_cache(maxsize=64)
def unbound(view: str, table: str) -> ir.Table:
    return ibis.table(ibis.Schema.from_pyarrow(TABLES[table]), name=view)


def ask(lake: Lake, question: ir.Table, **tables: pa.Table) -> list[dict[str, Any]]:
    """The answer's rows, as plain values."""
    return list(lake.fetch(sql(question), **tables).to_pylist())


def once_a_version(
    question: Callable[Concatenate[Lake, P], Answer], most: int = 256
) -> Callable[Concatenate[Lake, P], Answer]:
    """Many ask the same of the voices, and the answer of a version never changes: the last `most` are kept.

    For small answers that nobody can alter. A correction or an erasure is a new version, so it is counted anew.
    """

    return _remembered(question, "voices", most)


def once_a_version_of_calls(
    question: Callable[Concatenate[Lake, P], Answer],
) -> Callable[Concatenate[Lake, P], Answer]:
    """As `once_a_version`, of the calls."""
    return _remembered(question, "calls", 64)


def once_a_version_of_posts(
    question: Callable[Concatenate[Lake, P], Answer],
) -> Callable[Concatenate[Lake, P], Answer]:
    """As `once_a_version`, of the posts."""
    return _remembered(question, "posts", 64)


def once_a_version_of(
    table: str,
) -> Callable[[Callable[Concatenate[Lake, P], Answer]], Callable[Concatenate[Lake, P], Answer]]:
    """As `once_a_version`, of whichever table."""
    return lambda question: _remembered(question, table, 64)


def _remembered(
    question: Callable[Concatenate[Lake, P], Answer], table: str, most: int
) -> Callable[Concatenate[Lake, P], Answer]:
    @lru_cache(maxsize=most)
    def answered(lake: Lake, _version: int, *given: Any, **named: Any) -> Answer:
        return question(lake, *given, **named)

    @wraps(question)
    def asked(lake: Lake, /, *given: P.args, **named: P.kwargs) -> Answer:
        return answered(lake, lake.version(table), *given, **named)  # type: ignore[arg-type]  # all can be hashed

    return asked


def sql(question: ir.Table) -> str:
    return _compiled(question.op())


@lru_cache(maxsize=256)
def _compiled(question: ops.Node) -> str:
    """Compiling takes longer than many an answer, and the first pages are asked again and again."""
    return str(ibis.to_sql(question.to_expr(), dialect="duckdb"))


def compiled(build: Callable[Concatenate[ir.Table, P], ir.Table]) -> Callable[Concatenate[Lake, P], str]:
    """The SQL of a question to the voices, built and compiled once for a version of them and what is asked besides.

    Building alone takes some ten milliseconds, as long as the engine takes for many an answer.
    """

    @lru_cache(maxsize=256)
    def text(view: str, *given: Any, **named: Any) -> str:
        return sql(build(unbound(view, "voices"), *given, **named))

    @wraps(build)
    def of(lake: Lake, /, *given: P.args, **named: P.kwargs) -> str:
        return text(lake.view("voices"), *given, **named)  # type: ignore[arg-type]  # all can be hashed

    return of


def _subject(t: ir.Table, s: Slice) -> list[ir.BooleanValue]:
    """What they speak of: a need, and the own bank unless others are asked for."""
    found = [condition(t, s.evidence)] if s.evidence is not None else []
    return found if s.rivals or s.import_id else [*found, t.about.isnull()]


def _conditions(t: ir.Table, s: Slice) -> list[ir.BooleanValue]:
    found: list[ir.BooleanValue] = []
    if s.branches is not None:
        within = t.branch.isin(sorted(s.branches)) if s.branches else ibis.literal(False)
        found.append(within | t.branch.isnull() if "" in s.branches else within)
    for column, chosen in (
        ("channel", s.channels),
        ("sentiment", s.sentiments),
        ("product", s.products),
        ("kind", s.kinds),
        ("product_version", s.versions),
        ("import_id", (s.import_id,) if s.import_id else ()),
        ("platform", s.platforms),
        ("tier", s.tiers),
    ):
        if chosen:
            found.append(t[column].isin(sorted(chosen)))
    for column, codes in (("topics", s.topics), ("risks", s.risks)):
        if codes:
            found.append(t[column].intersect(ibis.array(sorted(codes))).length() > 0)
    # The month besides the day: whole files are then left out unread.
    if s.since:
        found += [t[PARTITION] >= f"{s.since:%Y-%m}", t.said_on >= s.since]
    if s.until:
        found += [t[PARTITION] <= f"{s.until:%Y-%m}", t.said_on <= s.until]
    found += [t.searchable.contains(term) for term in s.query.split()]
    found += _subject(t, s)
    if s.dated is not None:
        found.append((t.said_precision != "unknown") if s.dated else (t.said_precision == "unknown"))
    return found
