"""How fast do the branch queue's tickets come in, and how fast are the six questions answered, in how much memory?

python -m benchmarks.tickets                    # 10,000,000 made-up tickets of a year, removed afterwards
python -m benchmarks.tickets --rows 100000000   # needs about 8 GB of disk
Polars is asked too where it is installed. Times are of the processor, both cores together, and of the clock.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import tickets_made
from benchmarks.tickets_made import BRANCHES, DAYS, FIRST, UNDERSTAFFED, codes, made, written

RUNS = 3
LAST = FIRST + timedelta(days=DAYS - 1)
MONTH = date(2026, 10, 1), date(2026, 10, 31)
QUARTER = LAST - timedelta(days=89), LAST
WEEKS = (LAST - timedelta(days=13), LAST - timedelta(days=7)), (LAST - timedelta(days=6), LAST)
BRANCH = f"W{UNDERSTAFFED:04d}"
LIMIT = 1_200
Took = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--in", dest="place", type=Path, default=None, help="a folder for the files")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-tickets-", dir=args.place))
    os.environ |= {"HUIXIANG_DATA": str(folder / "data"), "HUIXIANG_MODE": "test", "DATABASE_URL": ""}
    try:
        _measured(folder, args.rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(folder: Path, rows: int) -> None:
    _database(folder)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{rows:,} tickets, {BRANCHES:,} branches, {DAYS} days; {os.cpu_count()} cores, {memory:.0f} GiB,", end=" ")
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    print("\n| what | cpu s | clock s | |\n|---|---|---|---|")
    _load(folder, rows)
    from huixiang.apps.feedback.facts import lake
    from huixiang.lake.questions import waits

    took = _timed(lambda: waits.count_waits(lake(), FIRST, LAST))
    told = sum(file.stat().st_size for file in (lake().path / ".kept").rglob("*.arrow"))
    _line("roll-ups of all days, from nothing", took, f"{told / 1e6:.0f} MB")
    _memory("peak memory of load and roll-ups")
    _questions(folder)
    _one_day(folder, rows)
    _memory("peak memory, with all other engines asked in the same process")


def _database(folder: Path) -> None:
    (folder / "data").mkdir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from huixiang.apps.access.models import Unit

    bank = Unit.objects.create(code="HQ", name="总行", kind="head_office", path="/HQ/")
    units = (Unit(code=code, name=code, kind="outlet", parent=bank, path=f"/HQ/{code}/") for code in codes())
    Unit.objects.bulk_create(units)


class _Silent:
    def report(self, done: int, *, done_share: float | None = None) -> None: ...


def _bring_in(file: Path) -> None:
    from huixiang.apps.feedback import importing
    from huixiang.apps.feedback.actions import Choice, open_file

    imported, _ = open_file(file, Choice("tickets", ""), actor="cli:benchmark")
    importing.run(_Silent(), str(imported.pk))


def _load(folder: Path, rows: int) -> None:
    from huixiang.apps.feedback import landed

    landed.COUNTERS.clear()  # what an import counts at its end is measured by itself below
    cpu, clock, size = 0.0, 0.0, 0
    for file in written(folder, rows):
        took = _timed(lambda file=file: _bring_in(file))  # type: ignore[misc]
        cpu, clock, size = cpu + took[0], clock + took[1], size + file.stat().st_size
        file.unlink()
    from huixiang.apps.feedback.facts import lake

    kept = sum(Path(each).stat().st_size for each in lake().files("tickets"))
    rates = f"{rows / clock:,.0f} rows/s by the clock, {rows / cpu:,.0f} by the processor"
    _line("load: whole import from Parquet", (cpu, clock), f"{rates}; {size / 1e6:.0f} MB in, {kept / 1e6:.0f} MB kept")


def _questions(folder: Path) -> None:
    from huixiang.apps.feedback.facts import lake as the_lake
    from huixiang.lake.questions import waits
    from huixiang.lake.store import Lake

    lake = the_lake()
    raw, ibis_, polars_ = _raw(lake), _ibis(lake), _polars(lake)
    rolled: dict[str, Callable[[Lake], Any]] = {
        "a. p50, p95 a branch's day, a month": lambda lake: waits.day_points(lake, *MONTH),
        "b. one branch, 90 days": lambda lake: waits.branch_days(lake, *QUARTER, {BRANCH}),
        "c. share over the limit by lane and day, a year": lambda lake: waits.tallies(lake, FIRST, LAST, "lane, day"),
        "d. worst 20 branches of a month by p90": lambda lake: _worst(waits.spreads(lake, *MONTH, "branch")),
        "e. week on week": lambda lake: [waits.spreads(lake, *week)[""].quantile(0.9) for week in WEEKS],
        "f. service and hour, a month": lambda lake: _each(waits.hour_spreads(lake, *MONTH)),
    }
    is_found = _worst(waits.spreads(lake, *MONTH, "branch"))[0] == BRANCH
    print(f"\nthe understaffed branch is the worst of the month: {'yes' if is_found else 'no'}")
    print(
        "\n| question, cpu s (clock s) | raw, SQL | raw, Ibis | Ibis ÷ SQL | Polars | roll-ups, first | again", end=""
    )
    print(" | raw ÷ again |")
    print("|---|---|---|---|---|---|---|---|")
    for (title, ask), sql in zip(rolled.items(), raw, strict=True):
        by_sql = _best(lambda sql=sql: lake.fetch(sql))  # type: ignore[misc]
        place = raw.index(sql)
        by_ibis = _best(lambda place=place: lake.fetch(ibis_(place)))  # type: ignore[misc]
        by_polars = _best(lambda place=place: polars_(place)) if polars_ else None  # type: ignore[misc]
        first = min(_timed(lambda ask=ask: ask(Lake(lake.path))) for _ in range(RUNS))  # type: ignore[misc]
        ask(warm := Lake(lake.path))
        again = _best(lambda ask=ask, warm=warm: ask(warm))  # type: ignore[misc]
        cells = [_told(by_sql), _told(by_ibis), f"{by_ibis[0] / by_sql[0]:.2f}", _told(by_polars), _told(first)]
        print(f"| {title} | {' | '.join(cells)} | {_told(again)} | {by_sql[0] / max(again[0], 1e-4):.0f} |", flush=True)
    files = lake.files("tickets")
    scan = _best(lambda: _scanned(files))
    print(f"\nplain scan of two columns of all Parquet files, pyarrow: {_told(scan)}")


def _worst(spreads: dict[Any, Any]) -> list[str]:
    told = {branch: spread.quantile(0.9) for branch, spread in spreads.items()}
    return sorted(told, key=lambda branch: -told[branch].value if told[branch] else 0)[:20]


def _each(spreads: dict[Any, Any]) -> list[Any]:
    return [(key, spread.quantile(0.5), spread.quantile(0.9)) for key, spread in spreads.items()]


def _raw(lake: Any) -> list[str]:
    """By hand, from all tickets."""
    t = f'"{lake.view("tickets")}" AS t'

    def days(first: date, last: date) -> str:
        return (
            f"t.month BETWEEN '{first:%Y-%m}' AND '{last:%Y-%m}' "
            f"AND t.arrived_on BETWEEN DATE '{first}' AND DATE '{last}' AND NOT t.\"left\""
        )

    p = "quantile_disc(t.wait_seconds, {}) AS p{}"
    fifty, ninety, most = p.format(0.5, 50), p.format(0.9, 90), p.format(0.95, 95)
    over = f"avg(CAST(t.wait_seconds > {LIMIT} AS INTEGER)) AS over"
    week = f"t.arrived_on > DATE '{WEEKS[0][1]}'"
    return [
        f"SELECT t.branch, t.arrived_on, {fifty}, {most} FROM {t} WHERE {days(*MONTH)} GROUP BY ALL",
        f"SELECT t.arrived_on, {fifty}, {most} FROM {t} WHERE {days(*QUARTER)} AND t.branch = '{BRANCH}' GROUP BY ALL",
        f"SELECT t.lane, t.arrived_on, {over} FROM {t} WHERE {days(FIRST, LAST)} GROUP BY ALL",
        f"SELECT t.branch, {ninety} FROM {t} WHERE {days(*MONTH)} GROUP BY ALL ORDER BY p90 DESC LIMIT 20",
        f"SELECT {week} AS is_last, {ninety} FROM {t} WHERE {days(WEEKS[0][0], LAST)} GROUP BY ALL",
        f"SELECT t.service, t.hour, {fifty}, {ninety} FROM {t} WHERE {days(*MONTH)} GROUP BY ALL",
    ]


def _ibis(lake: Any) -> Callable[[int], str]:
    """The same in Ibis, compiled anew each time."""
    import ibis

    from huixiang.lake.questions.slices import unbound

    t = unbound(lake.view("tickets"), "tickets")

    def of(first: date, last: date) -> Any:
        months = t.month.between(f"{first:%Y-%m}", f"{last:%Y-%m}")
        return t.filter(months, t.arrived_on.between(first, last), ~t.left)

    def p(part: float) -> Any:
        return ibis._.wait_seconds.quantile(part)

    over = (ibis._.wait_seconds > LIMIT).cast("int32").mean()
    asked: list[Callable[[], Any]] = [
        lambda: of(*MONTH).group_by("branch", "arrived_on").aggregate(p50=p(0.5), p95=p(0.95)),
        lambda: of(*QUARTER).filter(ibis._.branch == BRANCH).group_by("arrived_on").aggregate(p50=p(0.5), p95=p(0.95)),
        lambda: of(FIRST, LAST).group_by("lane", "arrived_on").aggregate(over=over),
        lambda: of(*MONTH).group_by("branch").aggregate(p90=p(0.9)).order_by(ibis.desc("p90")).limit(20),
        lambda: of(WEEKS[0][0], LAST).group_by(last=ibis._.arrived_on > WEEKS[0][1]).aggregate(p90=p(0.9)),
        lambda: of(*MONTH).group_by("service", "hour").aggregate(p50=p(0.5), p90=p(0.9)),
    ]
    return lambda place: str(ibis.to_sql(asked[place](), dialect="duckdb"))


def _polars(lake: Any) -> Callable[[int], Any] | None:
    if find_spec("polars") is None:
        return None
    import polars as pl

    t = pl.scan_parquet(lake.files("tickets"))
    wait, day = pl.col("wait_seconds"), pl.col("arrived_on")

    def of(first: date, last: date) -> Any:
        return t.filter(day.is_between(first, last), ~pl.col("left"))

    def p(*parts: float) -> list[Any]:
        return [wait.quantile(part, "lower").alias(f"p{part}") for part in parts]

    asked: list[Callable[[], Any]] = [
        lambda: of(*MONTH).group_by("branch", "arrived_on").agg(p(0.5, 0.95)),
        lambda: of(*QUARTER).filter(pl.col("branch") == BRANCH).group_by("arrived_on").agg(p(0.5, 0.95)),
        lambda: of(FIRST, LAST).group_by("lane", "arrived_on").agg((wait > LIMIT).mean()),
        lambda: of(*MONTH).group_by("branch").agg(p(0.9)).sort("p0.9", descending=True).limit(20),
        lambda: of(WEEKS[0][0], LAST).group_by(day > WEEKS[0][1]).agg(p(0.9)),
        lambda: of(*MONTH).group_by("service", "hour").agg(p(0.5, 0.9)),
    ]
    return lambda place: asked[place]().collect()


def _scanned(files: list[str]) -> int:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = 0
    for file in files:
        with pq.ParquetFile(file) as source:
            for batch in source.iter_batches(1_000_000, columns=["wait_seconds", "service_seconds"]):
                total += sum(pc.sum(column).as_py() or 0 for column in batch.columns)
    return total


def _one_day(folder: Path, rows: int) -> None:
    """A day comes in; what does it take until the pages tell it?"""
    import pyarrow.parquet as pq

    from huixiang.apps.feedback.facts import lake
    from huixiang.lake.questions import waits

    waits.count_waits(lake(), FIRST, LAST)
    some, day = max(1, rows // DAYS), LAST + timedelta(days=1)
    pq.write_table(made(day, 1, some, 99_999), folder / "day.parquet")
    print("\n| one more day | cpu s | clock s | |\n|---|---|---|---|")
    _line("load", _timed(lambda: _bring_in(folder / "day.parquet")), f"{some:,} tickets")
    took = _timed(lambda: waits.count_waits(lake(), FIRST, day))
    _line("roll-up", took, f"limit 5 s, ratio {took[0] / 5:.2f}")


def _best(ask: Callable[[], Any]) -> Took:
    ask()
    return min(_timed(ask) for _ in range(RUNS))


def _timed(ask: Callable[[], Any]) -> Took:
    used, begun = time.process_time(), time.perf_counter()
    ask()
    return time.process_time() - used, time.perf_counter() - begun


def _told(took: Took | None) -> str:
    return "not measured" if took is None else f"{took[0]:.3f} ({took[1]:.3f})"


def _memory(what: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"| {what} | | | {peak:.2f} GiB, limit 2 |", flush=True)


def _line(what: str, took: Took, beside: str = "") -> None:
    print(f"| {what} | {took[0]:.1f} | {took[1]:.1f} | {beside} |", flush=True)


__all__ = ["main", "tickets_made"]

if __name__ == "__main__":
    main()
