"""How long do people wait, where and when? Answered from what was counted of each day (wait_days)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from huixiang.domain.waiting import LIMITS, Quantile, Spread
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.questions.tickets import within
from huixiang.lake.questions.wait_days import ALL, COUNTS, EXACT, HOURS, SHAPES
from huixiang.lake.store import Lake

WAIT, SERVICE = 0, 1
_SUMS = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in COUNTS)


@dataclass(frozen=True, slots=True)
class DayWaits:
    """A branch's day, exactly; seconds."""

    day: date
    branch: str
    tickets: int
    called: int
    gone: int
    wait_p50: Quantile | None
    wait_p90: Quantile | None
    wait_p95: Quantile | None
    service_p50: Quantile | None
    service_p90: Quantile | None
    over: dict[int, tuple[int, int]]  # limit in seconds → (waited longer, of so many)


@dataclass(frozen=True, slots=True)
class TicketScope:
    """Which tickets? Empty chooses all. `hours`: from and to, in minutes of the day at the branch, the end left out."""

    branches: frozenset[str] | None = None
    services: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()
    hours: tuple[tuple[int, int], ...] = ()

    def condition(self) -> str:
        found = ["true"]
        for column, chosen in (("branch", self.branches), ("service", self.services), ("lane", self.lanes)):
            if chosen or (chosen is not None and column == "branch"):
                found.append(f"t.{column} IN ({_listed(chosen)})")
        # The branch's clock is whole hours off UTC, so that the minutes of both are the same.
        minute = "(CAST(t.hour AS INTEGER) * 60 + CAST(epoch(t.arrived_at) AS BIGINT) // 60 % 60)"
        spans = [f"({minute} >= {begin} AND {minute} < {end})" for begin, end in self.hours]
        return " AND ".join([*found, f"({' OR '.join(spans)})"] if spans else found)


class DayPoint(NamedTuple):
    """A branch's day in short; seconds, None where nobody was called."""

    branch: str
    day: date
    called: int
    p50: int | None
    p95: int | None


class DayOver(NamedTuple):
    """A branch's day: how many waited longer than the limit, of so many; p90 of the called in seconds."""

    branch: str
    day: date
    called: int
    over: int
    of: int
    p90: int | None


@dataclass(frozen=True, slots=True)
class Tallied:
    """Counts of some days, branches and lanes; exact, since they are sums."""

    key: Any
    tickets: int
    called: int
    gone: int
    served: int
    over: dict[int, tuple[int, int]]


def branch_days(lake: Lake, first: date, last: date, branches: Collection[str] | None = None) -> list[DayWaits]:
    """Each branch's day, in the order of branch and day."""
    where = "lane = ''" if branches is None else f"lane = '' AND branch IN ({_listed(branches)})"
    rows = _ask(lake, EXACT.rows(lake, first, last), f"SELECT * FROM cells WHERE {where} ORDER BY branch, day")
    columns = [rows[name].to_pylist() for name in rows.column_names]
    return [_day(dict(zip(rows.column_names, cells, strict=True))) for cells in zip(*columns, strict=True)]


def day_points(lake: Lake, first: date, last: date) -> list[DayPoint]:
    """The same of all branches, in short: thirty thousand of a month are told in no time."""
    rows = _ask(
        lake,
        EXACT.rows(lake, first, last),
        "SELECT branch, day, called, wait_p50 AS p50, wait_p95 AS p95 FROM cells WHERE lane = '' ORDER BY branch, day",
    )
    columns = [rows[name].to_pylist() for name in DayPoint._fields]
    return list(map(DayPoint._make, zip(*columns, strict=True)))


def over_days(lake: Lake, first: date, last: date, limit_seconds: int) -> list[DayOver]:
    """How many waited too long on each day of each branch? For a watch over a year of all branches, so in short."""
    rows = _ask(
        lake,
        EXACT.rows(lake, first, last),
        f"SELECT branch, day, called, over_{limit_seconds} + left_{limit_seconds} AS over, "
        f"called + left_{limit_seconds} AS of, wait_p90 AS p90 FROM cells WHERE lane = '' ORDER BY branch, day",
    )
    return list(map(DayOver._make, zip(*(rows[name].to_pylist() for name in DayOver._fields), strict=True)))


def tallies(
    lake: Lake, first: date, last: date, by: str, branches: Collection[str] | None = None
) -> tuple[Tallied, ...]:
    """Sums by "day", "branch", "lane" or "lane, day"."""
    return _tallies(lake, first, last, by, None if branches is None else frozenset(branches))


@once_a_version_of("tickets")
def _tallies(lake: Lake, first: date, last: date, by: str, branches: frozenset[str] | None) -> tuple[Tallied, ...]:
    where = "lane <> ''" if "lane" in by else "lane = ''"
    where += "" if branches is None else f" AND branch IN ({_listed(branches)})"
    sql = f"SELECT {by}, {_SUMS} FROM cells WHERE {where} GROUP BY ALL ORDER BY ALL"
    rows = _ask(lake, EXACT.rows(lake, first, last), sql)
    keys = [each.strip() for each in by.split(",")]
    return tuple(
        Tallied(
            key=tuple(row[key] for key in keys) if len(keys) > 1 else row[by],
            tickets=row["tickets"],
            called=row["called"],
            gone=row["gone"],
            served=row["served"],
            over=_over(row),
        )
        for row in rows.to_pylist()
    )


@once_a_version_of("tickets")
def spreads(
    lake: Lake, first: date, last: date, by: str = "", measure: int = WAIT, branches: frozenset[str] | None = None
) -> dict[Any, Spread]:
    """The distribution of each "branch" or "day"; "": of all together, under ""."""
    where = f"measure = {measure}" + ("" if branches is None else f" AND branch IN ({_listed(branches)})")
    return _spreads(lake, SHAPES.rows(lake, first, last), by, where)


@once_a_version_of("tickets")
def group_spreads(lake: Lake, first: date, last: date, groups: tuple[tuple[str, str], ...]) -> dict[Any, Spread]:
    """The waits of groups of branches, each branch with the name of its group."""
    cells = SHAPES.rows(lake, first, last)
    rows = lake.fetch(
        "SELECT name, is_exact, step, CAST(sum(called) AS BIGINT) AS called, CAST(sum(gone) AS BIGINT) AS gone "
        f"FROM cells JOIN groups USING (branch) WHERE measure = {WAIT} GROUP BY ALL",
        cells=cells,
        groups=pa.table({"branch": [branch for branch, _ in groups], "name": [name for _, name in groups]}),
    )
    return _spreads(lake, rows, "name", "true")


@once_a_version_of("tickets")
def hour_spreads(lake: Lake, first: date, last: date, measure: int = WAIT) -> dict[Any, Spread]:
    """The distribution of each (service, hour), of the whole bank."""
    return _spreads(lake, HOURS.rows(lake, first, last), "service, hour", f"measure = {measure}")


@once_a_version_of("tickets")
def hour_spreads_of(lake: Lake, first: date, last: date, branches: frozenset[str]) -> dict[Any, Spread]:
    """The same of some branches, from the tickets themselves: nothing is counted of each branch's service and hour."""
    cells = lake.fetch(
        'SELECT service, hour, true AS is_exact, wait_seconds AS step, count(*) FILTER (NOT t."left") AS called, '
        f'count(*) FILTER (t."left") AS gone FROM "{lake.view("tickets")}" AS t '
        f"WHERE {within(first, last)} AND t.branch IN ({_listed(branches)}) AND t.wait_seconds IS NOT NULL GROUP BY ALL"
    )
    return _spreads(lake, cells, "service, hour", "true")


@once_a_version_of("tickets")
def scoped_spreads(lake: Lake, first: date, last: date, of: TicketScope, measure: int = WAIT) -> dict[Any, Spread]:
    """The distribution of each month ("2026-10") of these days, from the tickets themselves, each second exactly."""
    seconds = ("wait_seconds", "service_seconds")[measure]
    cells = lake.fetch(
        f'SELECT t.month, true AS is_exact, t.{seconds} AS step, count(*) FILTER (NOT t."left") AS called, '
        f'count(*) FILTER (t."left") AS gone FROM "{lake.view("tickets")}" AS t '
        f"WHERE {within(first, last)} AND {of.condition()} AND t.{seconds} IS NOT NULL GROUP BY ALL"
    )
    return _spreads(lake, cells, "month", "true")


def count_waits(lake: Lake, first: date, last: date) -> None:
    """Count whatever of these days was not counted yet, so that nobody waits for a page."""
    for each in ALL:
        each.rows(lake, first, last)


def _spreads(lake: Lake, cells: pa.Table, by: str, where: str) -> dict[Any, Spread]:
    keys = f"{by}, " if by else ""
    rows = _ask(
        lake,
        cells,
        f"SELECT {keys}is_exact, step, CAST(sum(called) AS BIGINT) AS called, CAST(sum(gone) AS BIGINT) AS gone "
        f"FROM cells WHERE {where} GROUP BY ALL ORDER BY ALL",
    )
    names = [each.strip() for each in by.split(",")] if by else []
    columns = [np.asarray(rows[name].combine_chunks()) for name in ("step", "is_exact", "called", "gone")]
    if not names:
        return {"": Spread.of(*columns)}
    told = list(zip(*(rows[name].to_pylist() for name in names), strict=True))
    begins = [place for place in range(len(told)) if not place or told[place] != told[place - 1]]
    found: dict[Any, Spread] = {}
    for begin, end in zip(begins, [*begins[1:], len(told)] if begins else [], strict=True):
        key = told[begin] if len(names) > 1 else told[begin][0]
        found[key] = Spread.of(*(column[begin:end] for column in columns))
    return found


def _ask(lake: Lake, cells: pa.Table, sql: str) -> pa.Table:
    return lake.fetch(sql, cells=cells)


def _day(row: dict[str, Any]) -> DayWaits:
    told: dict[str, Any] = {name: _quantile(row, name, row["called"]) for name in ("wait_p50", "wait_p90", "wait_p95")}
    told |= {name: _quantile(row, name, row["served"]) for name in ("service_p50", "service_p90")}
    counts = {name: row[name] for name in ("day", "branch", "tickets", "called", "gone")}
    return DayWaits(**counts, **told, over=_over(row))


def _quantile(row: dict[str, Any], name: str, count: int) -> Quantile | None:
    if row[name] is None:
        return None
    return Quantile(row[name], row[f"{name}_low"], row[f"{name}_high"], count)


def _over(row: dict[str, Any]) -> dict[int, tuple[int, int]]:
    """Who left sooner than the limit is not counted: nobody knows how long it would have been."""
    return {
        limit: (row[f"over_{limit}"] + row[f"left_{limit}"], row["called"] + row[f"left_{limit}"]) for limit in LIMITS
    }


def _listed(values: Collection[str]) -> str:
    return ", ".join("'" + each.replace("'", "''") + "'" for each in sorted(values)) or "NULL"
