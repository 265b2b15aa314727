"""The six questions of the branch queue, as each engine is asked them: in SQL, in Ibis, in Polars, from roll-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from benchmarks.tickets_made import DAYS, FIRST, UNDERSTAFFED

TITLES = (
    "a. p50, p95 a branch's day, a month",
    "b. one branch, 90 days",
    "c. share over the limit by lane and day, a year",
    "d. worst 20 branches of a month by p90",
    "e. week on week",
    "f. service and hour, a month",
)
LAST = FIRST + timedelta(days=DAYS - 1)
MONTH = date(2026, 10, 1), date(2026, 10, 31)
QUARTER = LAST - timedelta(days=89), LAST
WEEKS = (LAST - timedelta(days=13), LAST - timedelta(days=7)), (LAST - timedelta(days=6), LAST)
BRANCH = f"W{UNDERSTAFFED:04d}"
LIMIT = 1_200
Ask = Callable[[], Any]


def from_roll_ups(lake: Any) -> list[Ask]:
    from huixiang.lake.questions import waits

    return [
        lambda: waits.day_points(lake, *MONTH),
        lambda: waits.branch_days(lake, *QUARTER, {BRANCH}),
        lambda: waits.tallies(lake, FIRST, LAST, "lane, day"),
        lambda: worst(waits.spreads(lake, *MONTH, "branch")),
        lambda: [waits.spreads(lake, *week)[""].quantile(0.9) for week in WEEKS],
        lambda: _each(waits.hour_spreads(lake, *MONTH)),
    ]


def worst(spreads: dict[Any, Any]) -> list[str]:
    told = {branch: spread.quantile(0.9) for branch, spread in spreads.items()}
    return sorted(told, key=lambda branch: -told[branch].value if told[branch] else 0)[:20]


def _each(spreads: dict[Any, Any]) -> list[Any]:
    return [(key, spread.quantile(0.5), spread.quantile(0.9)) for key, spread in spreads.items()]


def in_sql(table: str, quantile: str, month: str = "t.month") -> list[str]:
    """From all tickets. `quantile`: how the engine writes a percentile, of column {} and part {}."""

    def days(first: date, last: date) -> str:
        of_months = f"{month} BETWEEN '{first:%Y-%m}' AND '{last:%Y-%m}' AND " if month else ""
        return f"{of_months}t.arrived_on BETWEEN DATE '{first}' AND DATE '{last}' AND NOT t.\"left\""

    fifty, ninety, most = (f"{quantile.format(part)} AS p{part * 100:.0f}" for part in (0.5, 0.9, 0.95))
    over = f"avg(CAST(t.wait_seconds > {LIMIT} AS INTEGER)) AS over_limit"
    week = f"t.arrived_on > DATE '{WEEKS[0][1]}'"
    t = f"{table} AS t"
    return [
        f"SELECT t.branch, t.arrived_on, {fifty}, {most} FROM {t} WHERE {days(*MONTH)} GROUP BY 1, 2",
        f"SELECT t.arrived_on, {fifty}, {most} FROM {t} WHERE {days(*QUARTER)} AND t.branch = '{BRANCH}' GROUP BY 1",
        f"SELECT t.lane, t.arrived_on, {over} FROM {t} WHERE {days(FIRST, LAST)} GROUP BY 1, 2",
        f"SELECT t.branch, {ninety} FROM {t} WHERE {days(*MONTH)} GROUP BY 1 ORDER BY p90 DESC LIMIT 20",
        f"SELECT {week} AS is_last, {ninety} FROM {t} WHERE {days(WEEKS[0][0], LAST)} GROUP BY 1",
        f"SELECT t.service, t.hour, {fifty}, {ninety} FROM {t} WHERE {days(*MONTH)} GROUP BY 1, 2",
    ]


def raw(lake: Any) -> list[Ask]:
    sqls = in_sql(f'"{lake.view("tickets")}"', "quantile_disc(t.wait_seconds, {})")
    return [lambda sql=sql: lake.fetch(sql) for sql in sqls]  # type: ignore[misc]


def in_ibis(lake: Any, *, once: bool) -> list[Ask]:
    """`once`: compiled once for a question and a version of the table; else each time."""
    import ibis

    from huixiang.lake.questions.slices import unbound

    def text(place: int, view: str) -> str:
        return str(ibis.to_sql(_expressions(unbound(view, "tickets"))[place](), dialect="duckdb"))

    compiled = lru_cache(maxsize=64)(text) if once else text
    return [lambda place=place: lake.fetch(compiled(place, lake.view("tickets"))) for place in range(6)]  # type: ignore[misc]


def _expressions(t: Any) -> list[Ask]:
    import ibis

    def of(first: date, last: date) -> Any:
        months = t.month.between(f"{first:%Y-%m}", f"{last:%Y-%m}")
        return t.filter(months, t.arrived_on.between(first, last), ~t.left)

    def p(part: float) -> Any:
        return ibis._.wait_seconds.quantile(part)

    over = (ibis._.wait_seconds > LIMIT).cast("int32").mean()
    return [
        lambda: of(*MONTH).group_by("branch", "arrived_on").aggregate(p50=p(0.5), p95=p(0.95)),
        lambda: of(*QUARTER).filter(ibis._.branch == BRANCH).group_by("arrived_on").aggregate(p50=p(0.5), p95=p(0.95)),
        lambda: of(FIRST, LAST).group_by("lane", "arrived_on").aggregate(over=over),
        lambda: of(*MONTH).group_by("branch").aggregate(p90=p(0.9)).order_by(ibis.desc("p90")).limit(20),
        lambda: of(WEEKS[0][0], LAST).group_by(last=ibis._.arrived_on > WEEKS[0][1]).aggregate(p90=p(0.9)),
        lambda: of(*MONTH).group_by("service", "hour").aggregate(p50=p(0.5), p90=p(0.9)),
    ]


def in_polars(lake: Any) -> list[Ask] | None:
    if find_spec("polars") is None:
        return None
    import polars as pl

    t = pl.scan_parquet(lake.files("tickets"))
    wait, day = pl.col("wait_seconds"), pl.col("arrived_on")

    def of(first: date, last: date) -> Any:
        return t.filter(day.is_between(first, last), ~pl.col("left"))

    def p(*parts: float) -> list[Any]:
        return [wait.quantile(part, "lower").alias(f"p{part}") for part in parts]

    asked: list[Ask] = [
        lambda: of(*MONTH).group_by("branch", "arrived_on").agg(p(0.5, 0.95)),
        lambda: of(*QUARTER).filter(pl.col("branch") == BRANCH).group_by("arrived_on").agg(p(0.5, 0.95)),
        lambda: of(FIRST, LAST).group_by("lane", "arrived_on").agg((wait > LIMIT).mean()),
        lambda: of(*MONTH).group_by("branch").agg(p(0.9)).sort("p0.9", descending=True).limit(20),
        lambda: of(WEEKS[0][0], LAST).group_by(day > WEEKS[0][1]).agg(p(0.9)),
        lambda: of(*MONTH).group_by("service", "hour").agg(p(0.5, 0.9)),
    ]
    return [lambda ask=ask: ask().collect() for ask in asked]  # type: ignore[misc]


def scanned(files: list[str]) -> int:
    """The sum of two columns of all tickets: what no answer from them can be quicker than."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = 0
    for file in files:
        with pq.ParquetFile(file) as source:
            for batch in source.iter_batches(1_000_000, columns=["wait_seconds", "service_seconds"]):
                total += sum(pc.sum(column).as_py() or 0 for column in batch.columns)
    return total
