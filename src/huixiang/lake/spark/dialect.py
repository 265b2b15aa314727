"""How is a question in DuckDB's SQL said in Spark's? One text for both engines, translated; never two to keep alike.

sqlglot, which Ibis brings along, knows most of it. What it would say wrongly stands in `_SAID` below. Only functions
that are known to answer the same in both may be translated (`SAME`): a question with any other is answered by DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError

# Functions that answer the same, to the last digit where they count and to 1e-9 where they divide: each of them is
# asked of both engines by tests/lake/test_spark.py. Not here, on purpose: hash (each engine has its own), quantiles and
# approximations (other definitions), regular expressions (other languages), anything that tells the time.
SAME: tuple[Any, ...] = (
    exp.And,
    exp.Or,
    exp.Count,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.Avg,
    exp.Coalesce,
    exp.Greatest,
    exp.Least,
    exp.Case,
    exp.If,
    exp.Cast,
    exp.Floor,
    exp.Ceil,
    exp.Ln,
    exp.Abs,
    exp.Grouping,
    exp.RowNumber,
    exp.ArrayAgg,
    exp.ArraySort,
    exp.ArrayOverlaps,
    exp.TimeToUnix,
    exp.LogicalOr,
    exp.ArraySize,
    exp.ArrayDistinct,
    exp.ArrayContains,
    exp.Unnest,
    exp.Explode,
    exp.Contains,
    exp.Length,
    exp.Substring,
    exp.TimestampTrunc,
    exp.DateTrunc,
    exp.Unhex,
    exp.CountIf,
    exp.Array,
    exp.ArrayFilter,
    exp.ArrayIntersect,
    exp.DateFromParts,
    exp.StddevSamp,
)
# The same by name, where sqlglot knows no more of them.
SAME_BY_NAME = frozenset({"epoch"})


_Parser: Any = DuckDB.Parser
Node = Any  # sqlglot's types say less than it does


class Ours(DuckDB):
    """DuckDB's SQL as it stands in lake/questions: `len` is of lists, `length` of texts; places are left as told."""

    INDEX_OFFSET = 0

    class Parser(_Parser):  # type: ignore[misc]
        FUNCTIONS = {
            **_Parser.FUNCTIONS,
            "LEN": exp.ArraySize.from_arg_list,
            "LIST_INTERSECT": lambda told: exp.func("array_intersect", *told),
        }


class Unsaid(Exception):
    """Nobody has told how this is said in Spark's words, or it would answer otherwise: named in the message."""


def _place(node: exp.Bracket) -> Node:
    """The value of a list at a place that counts from 1: in brackets Spark counts from 0."""
    return exp.func("try_element_at", node.this, exp.cast(node.expressions[0], "int"))


def _seconds(node: exp.Anonymous) -> Node:
    """Seconds since 1970, whole ones: what is smaller counts nowhere."""
    return exp.func("unix_seconds", *node.expressions)


def _day(node: exp.TimestampTrunc) -> Node:
    """The first day of a week or month. Only days are cut so, and DuckDB tells one without a time zone."""
    cut = exp.Anonymous(this="date_trunc", expressions=[exp.Literal.string(node.text("unit")), node.this])
    return exp.cast(cut, "timestamp_ntz")


def _numbered(node: exp.Window) -> Node:
    """Places in an order: Ibis tells a frame that does not matter there, and Spark takes no other than its own."""
    if isinstance(node.this, exp.RowNumber):
        node.set("spec", None)
    return node


# What is said otherwise: which part of a question → how Spark says it.
_SAID: dict[Any, Callable[[Any], Node]] = {
    exp.Bracket: _place,
    exp.ArrayOverlaps: lambda node: exp.func("arrays_overlap", node.this, node.expression),
    exp.TimestampTrunc: _day,
    exp.Window: _numbered,
}
_SAID_BY_NAME: dict[str, Callable[[exp.Anonymous], Node]] = {"epoch": _seconds}


@lru_cache(maxsize=256)
def in_spark(sql: str) -> tuple[str, tuple[str, ...]]:
    """The question in Spark's words, and the names of the tables it reads. Raises Unsaid."""
    try:
        question = sqlglot.parse_one(sql, read=Ours)
    except SqlglotError as error:
        raise Unsaid(type(error).__name__) from None
    for node in question.find_all(exp.Func):
        _refuse(node)
    own = {cte.alias for cte in question.find_all(exp.CTE)}
    tables = {table.name for table in question.find_all(exp.Table)} - own
    return question.transform(_said).sql(dialect="spark"), tuple(sorted(tables))


def _refuse(node: Node) -> None:
    if isinstance(node, exp.Anonymous):
        if node.name.lower() not in SAME_BY_NAME:
            raise Unsaid(node.name)
    elif not isinstance(node, SAME):
        raise Unsaid(node.sql_name())


def _said(node: Node) -> Node:
    if isinstance(node, exp.Anonymous) and node.name.lower() in _SAID_BY_NAME:
        return _SAID_BY_NAME[node.name.lower()](node)
    return _SAID[type(node)](node) if type(node) in _SAID else node
