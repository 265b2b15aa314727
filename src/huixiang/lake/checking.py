"""Does the cluster tell what this machine tells? The same questions of the lake as it is, asked of both."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from huixiang.lake.questions import raw_waits, ticket_span
from huixiang.lake.spark.chosen import Chosen
from huixiang.lake.spark.cluster import Cluster
from huixiang.lake.store import Lake

DAYS = 28
NEAR = 1e-9  # of numbers that are no whole ones
VOICES = "SELECT month, sentiment, count(*) AS n, avg(negative) AS felt FROM {view} GROUP BY ALL ORDER BY ALL"


@dataclass(frozen=True, slots=True)
class Compared:
    """One question: rows of the answer, seconds by the clock here and there, and whether both tell the same."""

    question: str
    rows: int
    here_seconds: float
    there_seconds: float
    is_equal: bool


def compared(lake: Lake, chosen: Chosen) -> Iterator[Compared]:
    """Of the last four weeks of tickets and of all voices, as far as there are any. Raises NoCluster."""
    cluster = Cluster(replace(chosen, from_mb=0), lake.path)
    cluster.session()
    for name, sql in _questions(lake):
        ours, here = _timed(lambda sql=sql: lake.engine.fetch(sql))  # type: ignore[misc]
        theirs, there = _timed(lambda sql=sql: cluster.fetch(lake.engine, sql, {}))  # type: ignore[misc]
        yield Compared(name, ours.num_rows, here, there, theirs is not None and are_equal(ours, theirs))


def are_equal(ours: pa.Table, theirs: pa.Table) -> bool:
    """Whole numbers, texts and days equal; others within a billionth; all in the same order."""
    if ours.column_names != theirs.column_names or ours.num_rows != theirs.num_rows:
        return False
    both = (zip(*(each[name].to_pylist() for each in (ours, theirs)), strict=True) for name in ours.column_names)
    return all(_is_near(*cells) for column in both for cells in column)


def _is_near(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=NEAR)
    return bool((int(ours) if isinstance(ours, Decimal) else ours) == theirs)


def _questions(lake: Lake) -> Iterator[tuple[str, str]]:
    if lake.version("tickets") >= 0 and (span := ticket_span(lake)):
        view, first = lake.view("tickets"), max(span[0], span[1] - timedelta(days=DAYS - 1))
        row = lake.engine.fetch(f'SELECT min(branch) AS branch FROM "{view}"').to_pylist()[0]  # noqa: S608
        asked = raw_waits.Asked(first, span[1], row["branch"])
        yield from ((name, question(view, asked)) for name, question in raw_waits.QUESTIONS.items())
    if lake.version("voices") >= 0:
        yield "voices", VOICES.format(view=f'"{lake.view("voices")}"')


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return ask(), time.perf_counter() - begun
