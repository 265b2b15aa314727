"""What do more facts cost, here and on a cluster? Measured at four sizes, reckoned on by slope to 10⁹ and 10¹¹.

python -m benchmarks.sizes                       # 1, 3, 10 and 30 million made-up tickets, one after the other
python -m benchmarks.sizes --rows 1000000        # only this size; what was measured stays in --kept
python -m benchmarks.sizes --told                # the tables alone, from what was measured
Seconds are of the processor, all processes of the engine together. The cluster is a master and two workers of one core.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.tickets_made import DAYS, FIRST, UNDERSTAFFED, codes, months, written

SIZES = (1_000_000, 3_000_000, 10_000_000, 30_000_000)
WANTED = (10**9, 10**11)
LAST = FIRST + timedelta(days=DAYS - 1)
OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
BRANCH = f"W{UNDERSTAFFED:04d}"
PERIODS = {
    "branch_days": OCTOBER,
    "one_branch": (LAST - timedelta(days=89), LAST),
    "over_limit": (FIRST, LAST),
    "worst": OCTOBER,
    "weeks": (LAST - timedelta(days=13), LAST),
    "service_hours": OCTOBER,
}
OPTIONS = {"spark.executor.memory": "2g", "spark.driver.memory": "3g", "spark.sql.shuffle.partitions": "8"}
DISK, ROLLED, LOAD = "disk, MB", "disk of the roll-ups, MB", "load, cpu s"
HERE, THERE = "DuckDB", "Spark"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "huixiang-sizes.jsonl")
    parser.add_argument("--told", action="store_true", help="measure nothing, tell what was measured")
    args = parser.parse_args()
    if args.rows:
        with args.kept.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(_measured(args.rows)) + "\n")
        return
    known = _known(args.kept)
    for rows in [] if args.told else [each for each in SIZES if each not in known]:
        command = [sys.executable, "-m", "benchmarks.sizes", "--rows", str(rows), "--kept", str(args.kept)]
        subprocess.run(command, check=True)  # a process for each, so that none finds what another has left in memory
    _tell(_known(args.kept))


def _known(kept: Path) -> dict[int, dict[str, float]]:
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    found = {told.pop("rows"): told for told in map(json.loads, lines)}
    return {rows: found[rows] for rows in sorted(found)}


def _measured(rows: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="huixiang-sizes-"))
    os.environ |= {"HUIXIANG_DATA": str(folder / "data"), "HUIXIANG_MODE": "test", "DATABASE_URL": ""}
    try:
        _database(folder)
        return {"rows": rows, **_loaded(folder, rows), **_engines()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _database(folder: Path) -> None:
    (folder / "data").mkdir()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from huixiang.apps.access.models import Unit

    bank = Unit.objects.create(code="HQ", name="总行", kind="head_office", path="/HQ/")
    Unit.objects.bulk_create(
        Unit(code=code, name=code, kind="outlet", parent=bank, path=f"/HQ/{code}/") for code in codes()
    )


class _Silent:
    def report(self, done: int, *, done_share: float | None = None) -> None: ...


def _loaded(folder: Path, rows: int) -> dict[str, float]:
    from huixiang.apps.feedback import importing, landed
    from huixiang.apps.feedback.actions import Choice, open_file
    from huixiang.apps.feedback.facts import lake

    landed.COUNTERS.clear()  # roll-ups are measured by themselves

    def bring_in(file: Path) -> None:
        imported, _ = open_file(file, Choice("tickets", ""), actor="cli:benchmark")
        importing.run(_Silent(), str(imported.pk))

    took = 0.0
    for number in range(len(months())):
        file = written(folder, rows, number)
        took += _timed(lambda file=file: bring_in(file))[0]  # type: ignore[misc]
        file.unlink()
    kept = sum(Path(each).stat().st_size for each in lake().files("tickets"))
    return {DISK: kept / 1e6, LOAD: took}


def _engines() -> dict[str, float]:
    """Roll-ups of a year and the six questions, on both."""
    from huixiang.apps.feedback.facts import lake
    from huixiang.lake.spark import session
    from huixiang.lake.spark.chosen import Chosen
    from huixiang.lake.spark.cluster import Cluster
    from tests.standalone import Cluster as Standalone

    found = dict(_answered(HERE))
    rolled = lake().path / ".rolled"
    found[ROLLED] = sum(each.stat().st_size for each in rolled.rglob("*.parquet")) / 1e6
    shutil.rmtree(rolled)
    standalone = Standalone(2, "2g")
    try:
        lake().cluster = Cluster(Chosen(standalone.url, OPTIONS, from_mb=0), lake().path)
        lake().cluster.session()
        with lake().heavily():
            found |= dict(_answered(THERE))
        session.end()
    finally:
        standalone.stop()
    return found


def _answered(engine: str) -> Iterator[tuple[str, float]]:
    from huixiang.apps.feedback.facts import lake
    from huixiang.lake.questions import raw_waits, waits

    asks: dict[str, Callable[[], Any]] = {
        name: lambda name=name: raw_waits.ask(lake(), name, raw_waits.Asked(*PERIODS[name], BRANCH))  # type: ignore[misc]
        for name in raw_waits.QUESTIONS
    }
    asks["one_branch"]()  # what is loaded once is not of the question
    asks["roll-ups"] = lambda: waits.count_waits(lake(), FIRST, LAST)
    for name, ask in asks.items():
        cpu, clock = _timed(ask)
        yield f"{name}, {engine}, cpu s", cpu
        yield f"{name}, {engine}, clock s", clock


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    used, begun = _used(), time.perf_counter()
    ask()
    return _used() - used, time.perf_counter() - begun


def _used() -> float:
    """Seconds of the processor of this process and all below it, Spark's too."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = each.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(told[1]), []).append(int(each.parent.name))
        ticks[int(each.parent.name)] = sum(map(int, told[11:15]))  # with those of children that have ended
    total, left = 0, [os.getpid()]
    while left:
        process = left.pop()
        total += ticks.get(process, 0)
        left += children.get(process, [])
    return total / os.sysconf("SC_CLK_TCK")


def _tell(known: dict[int, dict[str, float]]) -> None:
    names = [name for name in dict.fromkeys(name for told in known.values() for name in told) if "clock" not in name]
    wanted = " | ".join(f"{rows:.0e}" for rows in WANTED)
    sizes = " | ".join(f"{rows / 1e6:g} M" for rows in known)
    print(f"{os.cpu_count()} cores\n\n| | {sizes} | a million more | {wanted} |")
    print(f"|---|{'---|' * (len(known) + 1 + len(WANTED))}")
    for name in names:
        told = {rows: each[name] for rows, each in known.items()}
        cells = " | ".join(f"{value:,.2f}" for value in told.values())
        print(f"| {name} | {cells} | {_ahead(told)} |")


def _ahead(told: dict[int, float]) -> str:
    """The slopes between one size and the next, and where the least and the largest of them lead.

    What costs no more at the larger size than other work on the machine makes it differ has no slope to go on by.
    """
    pairs = list(pairwise(told.items()))
    slopes = [(more - less) / (larger - smaller) for (smaller, less), (larger, more) in pairs]
    if not slopes or min(slopes) <= 0:
        return " | ".join(["not seen"] * (1 + len(WANTED)))
    last, value = list(told.items())[-1]
    ends = [[value + slope * (rows - last) for slope in (min(slopes), max(slopes))] for rows in WANTED]
    found = [f"{min(slopes) * 1e6:.3f} … {max(slopes) * 1e6:.3f}", *(f"{low:,.0f} … {high:,.0f}" for low, high in ends)]
    return " | ".join(found)


if __name__ == "__main__":
    main()
