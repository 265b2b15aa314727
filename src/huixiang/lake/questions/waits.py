"""How long do people wait, where and when? Answered from what was counted of each day (wait_days)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import pyarrow.compute as pc

from huixiang.domain.waiting import LIMITS, Quantile, Spread
from huixiang.lake.questions.slices import once_a_version_of
from huixiang.lake.questions.tickets import within
from huixiang.lake.questions.wait_cells import (
    branch_cells,
    days_cells,
    exact_rows,
    hour_cells,
    lines_cells,
    renamed,
    spreads_of,
    values,
)
from huixiang.lake.questions.wait_counting import COUNTS
from huixiang.lake.questions.wait_days import LINES, asked, listed, months, nothing
from huixiang.lake.store import Lake

WAIT, SERVICE = 0, 1
_SUMS = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in COUNTS)
_COUNTED = ", ".join(
    [
        'count(*) AS tickets, count(*) FILTER (NOT "left") AS called, count(*) FILTER ("left") AS gone',
        "count(service_seconds) AS served",
        *(f'count(*) FILTER (NOT "left" AND wait_seconds > {limit}) AS over_{limit}' for limit in LIMITS),
        *(f'count(*) FILTER ("left" AND wait_seconds > {limit}) AS left_{limit}' for limit in LIMITS),
    ]
)


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
                found.append(f"t.{column} IN ({listed(chosen)})")
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
    names = nothing("exact").column_names
    rows = exact_rows(lake, first, last, names, None if branches is None else frozenset(branches))
    return [_day(dict(zip(names, cells, strict=True))) for cells in zip(*map(values, rows.columns), strict=True)]


def day_points(lake: Lake, first: date, last: date) -> list[DayPoint]:
    """The same of all branches, in short: thirty thousand of a month are told in no time."""
    rows = exact_rows(lake, first, last, ("branch", "day", "called", "wait_p50", "wait_p95"))
    return list(map(DayPoint, *map(values, rows.columns)))


def over_days(lake: Lake, first: date, last: date, limit_seconds: int) -> list[DayOver]:
    """How many waited too long on each day of each branch? For a watch over a year of all branches, so in short."""
    names = ("branch", "day", "called", f"over_{limit_seconds}", f"left_{limit_seconds}", "wait_p90")
    branch, day, called, over, left, p90 = exact_rows(lake, first, last, names).columns
    longer, of = pc.add(over, left), pc.add(called, left)
    return list(map(DayOver, *map(values, (branch, day, called, longer, of, p90))))


def tallies(
    lake: Lake, first: date, last: date, by: str, branches: Collection[str] | None = None
) -> tuple[Tallied, ...]:
    """Sums by "day", "branch", "lane" or "lane, day"."""
    return _tallies(lake, first, last, by, None if branches is None else frozenset(branches))


@once_a_version_of("tickets")
def _tallies(lake: Lake, first: date, last: date, by: str, branches: frozenset[str] | None) -> tuple[Tallied, ...]:
    is_of_lanes = "lane" in by
    name = (LINES if branches is not None else "lanes") if is_of_lanes else "exact"
    sums, where = (_COUNTED if name == LINES else _SUMS), _within(first, last, branches)
    where += " AND lane <> ''" if is_of_lanes else ""
    rows = asked(lake, first, last, name, f"SELECT {by}, {sums} FROM {{cells}} WHERE {where} GROUP BY ALL ORDER BY ALL")
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
    if branches is None and by != "branch":
        return spreads_of([days_cells(lake, first, last, measure)], by)
    if by == "day":
        return spreads_of([lines_cells(lake, first, last, "day", measure, branches)], by)
    return spreads_of(branch_cells(lake, first, last, measure, branches), by)


@once_a_version_of("tickets")
def group_spreads(lake: Lake, first: date, last: date, groups: tuple[tuple[str, str], ...]) -> dict[Any, Spread]:
    """The waits of groups of branches, each branch with the name of its group."""
    name_of = dict(groups)
    cells = branch_cells(lake, first, last, WAIT, frozenset(name_of))
    return spreads_of([renamed(each, "branch", name_of) for each in cells], "branch")


@once_a_version_of("tickets")
def hour_spreads(lake: Lake, first: date, last: date, measure: int = WAIT) -> dict[Any, Spread]:
    """The distribution of each (service, hour), of the whole bank."""
    return spreads_of(hour_cells(lake, first, last, measure), "service, hour")


@once_a_version_of("tickets")
def hour_spreads_of(lake: Lake, first: date, last: date, branches: frozenset[str]) -> dict[Any, Spread]:
    """The same of some branches, of a few each second exactly."""
    return spreads_of([lines_cells(lake, first, last, "service, hour", WAIT, branches)], "service, hour")


@once_a_version_of("tickets")
def scoped_spreads(lake: Lake, first: date, last: date, of: TicketScope, measure: int = WAIT) -> dict[Any, Spread]:
    """The distribution of each month ("2026-10") of these days, from the tickets themselves, each second exactly."""
    seconds = ("wait_seconds", "service_seconds")[measure]
    cells = lake.fetch(
        f'SELECT t.month, true AS is_exact, t.{seconds} AS step, count(*) FILTER (NOT t."left") AS called, '
        f'count(*) FILTER (t."left") AS gone FROM "{lake.view("tickets")}" AS t '
        f"WHERE {within(first, last)} AND {of.condition()} AND t.{seconds} IS NOT NULL GROUP BY ALL"
    )
    return spreads_of([cells], "month")


def count_waits(lake: Lake, first: date, last: date) -> None:
    """Count whatever of these days was not counted yet, so that nobody waits for a page."""
    months(lake, first, last)


def _within(first: date, last: date, branches: Collection[str] | None) -> str:
    told = "" if branches is None else f" AND branch IN ({listed(branches)})"
    return f"day BETWEEN DATE '{first}' AND DATE '{last}'{told}"


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
