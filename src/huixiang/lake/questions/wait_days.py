"""What is counted of each day's tickets, once? Each branch's waits exactly, and their distributions as counts by steps.

Of a branch's day below SMALL tickets each second is kept as it is; above, and by service and hour, steps of four per
cent: counts that add up over days and branches. docs/methods/waiting.md tells by how much they miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from huixiang.domain.waiting import LIMITS, LOG_STEP, SMALL, ranks
from huixiang.lake.questions.by_day import Days
from huixiang.lake.schema import PARTITION
from huixiang.lake.store import Lake

PARTS = {"wait": (0.5, 0.9, 0.95), "service": (0.5, 0.9)}
COUNTS = ("tickets", "called", "gone", "served", *(f"{who}_{limit}" for limit in LIMITS for who in ("over", "left")))
_ENDS = ("", "_low", "_high")
QUANTILES = tuple(f"{what}_p{part * 100:.0f}{end}" for what, parts in PARTS.items() for part in parts for end in _ENDS)
_STEP = f"CAST(floor(ln(1 + seconds) / {LOG_STEP!r}) AS INTEGER)"


def _exact(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Each branch's day, and each lane's of it ("" for all)."""
    over = ", ".join(
        f'count(*) FILTER (NOT t."left" AND t.wait_seconds > {limit}) AS over_{limit}, '
        f'count(*) FILTER (t."left" AND t.wait_seconds > {limit}) AS left_{limit}'
        for limit in LIMITS
    )
    told = ", ".join(
        f"{values}[r{number}.v{place}{end}] AS {what}_p{part * 100:.0f}{end}"
        for number, (what, values) in enumerate((("wait", "waits"), ("service", "services")))
        for place, part in enumerate(PARTS[what])
        for end in _ENDS
    )
    counts = ", ".join(name for name in COUNTS if name != "served")
    sql = f"""
        WITH g AS (
            SELECT t.arrived_on AS day, t.branch AS branch, coalesce(t.lane, '') AS lane, grouping(t.lane) AS whole,
                count(*) AS tickets, count(*) FILTER (NOT t."left") AS called,
                count(*) FILTER (t."left") AS gone, {over},
                list_sort(list(t.wait_seconds) FILTER (NOT t."left" AND t.wait_seconds IS NOT NULL)) AS waits,
                list_sort(list(t.service_seconds) FILTER (t.service_seconds IS NOT NULL)) AS services
            FROM "{view}" AS t WHERE {_of(days)}
            GROUP BY GROUPING SETS ((t.arrived_on, t.branch), (t.arrived_on, t.branch, t.lane))
        )
        SELECT day, branch, CASE WHEN whole = 1 THEN '' ELSE lane END AS lane, {counts},
            coalesce(len(services), 0) AS served, {told}
        FROM g LEFT JOIN r0 ON r0.n = len(waits) LEFT JOIN r1 ON r1.n = len(services)
        WHERE whole = 1 OR lane <> '' ORDER BY day, branch, lane
    """
    most = _largest(lake, view, days)
    tables = {f"r{number}": _ranks(most, parts) for number, parts in enumerate(PARTS.values())}
    return lake.fetch(sql, **tables)


def _largest(lake: Lake, view: str, days: Sequence[date]) -> int:
    by = "GROUP BY t.arrived_on, t.branch"
    sql = f'SELECT max(n) AS n FROM (SELECT count(*) AS n FROM "{view}" AS t WHERE {_of(days)} {by})'
    return int(lake.fetch(sql).to_pylist()[0]["n"] or 0)


def _ranks(most: int, parts: Sequence[float]) -> pa.Table:
    """The places of each percentile and its bounds, by how many values there are."""
    found = [[ranks(count, part) for count in range(1, most + 1)] for part in parts]
    columns = {
        f"v{place}{end}": pa.array([each[number] for each in column], pa.int64())
        for place, column in enumerate(found)
        for number, end in enumerate(_ENDS)
    }
    return pa.table({"n": pa.array(range(1, most + 1), pa.int64())} | columns)


def _shapes(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Each branch's day: waits (measure 0) and services (1) by step, or by second where they are few."""
    return lake.fetch(f"""
        WITH told AS ({_both(view, days, "t.branch AS branch")}),
        small AS (SELECT day, branch FROM told WHERE measure = 0 GROUP BY day, branch HAVING count(*) < {SMALL})
        SELECT day, branch, measure, small.branch IS NOT NULL AS is_exact,
            CASE WHEN small.branch IS NULL THEN {_STEP} ELSE seconds END AS step,
            count(*) FILTER (NOT gone) AS called, count(*) FILTER (gone) AS gone
        FROM told LEFT JOIN small USING (day, branch) GROUP BY ALL ORDER BY day, branch, measure, step
    """)


def _hours(lake: Lake, view: str, days: Sequence[date]) -> pa.Table:
    """Each service's hour, of all branches together."""
    return lake.fetch(f"""
        SELECT day, service, hour, measure, false AS is_exact, {_STEP} AS step,
            count(*) FILTER (NOT gone) AS called, count(*) FILTER (gone) AS gone
        FROM ({_both(view, days, "t.service AS service, t.hour AS hour")}) GROUP BY ALL ORDER BY day, service, hour
    """)


def _both(view: str, days: Sequence[date], keys: str) -> str:
    """Waits, and services, of tickets that tell them."""
    return " UNION ALL ".join(
        f'SELECT t.arrived_on AS day, {keys}, {measure} AS measure, t.{what}_seconds AS seconds, t."left" AS gone '
        f'FROM "{view}" AS t WHERE {_of(days)} AND t.{what}_seconds IS NOT NULL'
        for measure, what in enumerate(PARTS)
    )


def _of(days: Sequence[date]) -> str:
    months = ", ".join(f"'{month}'" for month in sorted({f"{day:%Y-%m}" for day in days}))
    listed = ", ".join(f"DATE '{day}'" for day in days)
    first_to_last = f"t.arrived_on BETWEEN DATE '{days[0]}' AND DATE '{days[-1]}'"
    return f"t.{PARTITION} IN ({months}) AND {first_to_last} AND t.arrived_on IN ({listed})"


_STEPS = [("measure", pa.int8()), ("is_exact", pa.bool_()), ("step", pa.int32()), ("called", pa.int32())]
EXACT = Days(
    "exact waits 1",
    pa.schema(
        [("day", pa.date32()), ("branch", pa.string()), ("lane", pa.string())]
        + [(name, pa.int32()) for name in (*COUNTS, *QUANTILES)]
    ),
    "tickets",
    _exact,
)
SHAPES = Days(
    "shapes of waits 1",
    pa.schema([("day", pa.date32()), ("branch", pa.string()), *_STEPS, ("gone", pa.int32())]),
    "tickets",
    _shapes,
)
HOURS = Days(
    "hours of waits 1",
    pa.schema([("day", pa.date32()), ("service", pa.string()), ("hour", pa.int8()), *_STEPS, ("gone", pa.int32())]),
    "tickets",
    _hours,
)
ALL = (EXACT, SHAPES, HOURS)
