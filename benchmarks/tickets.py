"""How fast do the branch queue's tickets come in, and how fast are the six questions answered, in how much memory?

python -m benchmarks.tickets                                    # 10,000,000 made-up tickets of a year
python -m benchmarks.tickets --rows 100000000 --in FOLDER       # needs about 9 GB of disk
python -m benchmarks.tickets --rows 100000000 --in FOLDER --minutes 9   # stops in time; given again, it goes on
python -m benchmarks.tickets --only load-11,roll-ups,day,raw,first-a    # the last month alone, and some questions

Each part runs in a process of its own, so that its memory is its own, and what it found stands in FOLDER. A folder that
is not named is removed at the end. Times are of the processor, both cores together, and of the clock.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks import tickets_asked as asked
from benchmarks.tickets_made import BRANCHES, DAYS, FIRST, codes, made, months, written

RUNS = 3
ENGINES = ("raw", "ibis_once", "ibis_anew", "polars")
PARTS = (
    *(f"load-{number}" for number in range(len(months()))),
    "roll-ups",
    "day",
    *(f"first-{letter}" for letter in "abcdef"),
    *ENGINES,
    "scan",
    "pages",
    "postgres",
)
POSTGRES_MOST = 10_000_000
Told = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--in", dest="place", type=Path, default=None, help="a folder that keeps what was done")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no part after so many")
    parser.add_argument("--only", default="", help=f"of {', '.join(PARTS)}; the first must be a load")
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    folder = args.place or Path(tempfile.mkdtemp(prefix="huixiang-tickets-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"HUIXIANG_DATA": str(folder / "data"), "HUIXIANG_MODE": "test", "DATABASE_URL": ""}
    if args.part:
        _part(folder, args.rows, args.part)
        return
    try:
        wanted = [part for part in PARTS if not args.only or part in args.only.split(",")]
        _all(folder, args.rows, wanted, time.monotonic() + 60 * args.minutes)
    finally:
        if not args.place:
            shutil.rmtree(folder, ignore_errors=True)


def _all(folder: Path, rows: int, wanted: list[str], until: float) -> None:
    for part in wanted:
        if not (folder / f"{part}.json").exists():
            if time.monotonic() > until:
                print("out of time; give the command again to go on", file=sys.stderr)
                break
            of = [sys.executable, "-m", "benchmarks.tickets", "--rows", str(rows), "--in", str(folder), "--part", part]
            subprocess.run(of, check=True)
    from benchmarks import tickets_told

    tickets_told.tell(folder, rows)


def _part(folder: Path, rows: int, part: str) -> None:
    from benchmarks import tickets_pages, tickets_postgres

    name, _, which = part.partition("-")
    _database(folder, is_new=name == "load")
    work: dict[str, Callable[[], Told]] = {
        "load": lambda: _load(folder, rows, int(which)),
        "roll": _roll_ups,
        "first": lambda: _first("abcdef".index(which)),
        "scan": lambda: {"took": best(lambda: asked.scanned(_lake().files("tickets")))},
        "pages": tickets_pages.measured,
        "postgres": lambda: tickets_postgres.measured(_lake()) if rows <= POSTGRES_MOST else {"runs": None},
        "day": lambda: _day(folder, rows),
    } | {engine: lambda: _engine(part) for engine in ENGINES}
    told = work[name]()
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    told |= {
        "on": f"{time.strftime('%d %B %Y %H:%M')}, load {os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
    }
    (folder / f"{part}.json").write_text(json.dumps(told))
    print(part, {key: value for key, value in told.items() if key not in {"on", "python"}}, file=sys.stderr, flush=True)


def _database(folder: Path, *, is_new: bool) -> None:
    (folder / "data").mkdir(exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from huixiang.apps.access.models import Unit
    from huixiang.apps.feedback import landed

    landed.COUNTERS.clear()  # what an import counts at its end is measured by itself
    call_command("migrate", verbosity=0)
    if not is_new or Unit.objects.exists():
        return
    bank = Unit.objects.create(code="HQ", name="总行", kind="head_office", path="/HQ/")
    regions = [_region(bank, number) for number in range(20)]
    Unit.objects.bulk_create(
        Unit(code=code, name=code, kind="outlet", parent=(of := regions[number % 20]), path=f"{of.path}{code}/")
        for number, code in enumerate(codes())
    )


def _region(bank: Any, number: int) -> Any:
    code = f"R{number:02d}"
    return type(bank).objects.create(code=code, name=code, kind="region", parent=bank, path=f"/HQ/{code}/")


class _Silent:
    def report(self, done: int, *, done_share: float | None = None) -> None: ...


def _bring_in(file: Path) -> None:
    from huixiang.apps.feedback import importing
    from huixiang.apps.feedback.actions import Choice, open_file

    imported, _ = open_file(file, Choice("tickets", ""), actor="cli:benchmark")
    importing.run(_Silent(), str(imported.pk))


def _lake() -> Any:
    from huixiang.apps.feedback.facts import lake

    return lake()


def _load(folder: Path, rows: int, number: int) -> Told:
    """A month's file, made first and not measured."""
    file = written(folder, rows, number)
    size, some = file.stat().st_size, pq.read_metadata(file).num_rows
    took = timed(lambda: _bring_in(file))
    file.unlink()
    kept = sum(Path(each).stat().st_size for each in _lake().files("tickets"))
    return {"took": took, "in": size, "kept": kept, "rows": some}


def _roll_ups() -> Told:
    from huixiang.lake.questions import waits

    took = timed(lambda: [waits.count_waits(_lake(), first, first) for first, _days in months()])
    found = sum(file.stat().st_size for file in (_lake().path / ".rolled").rglob("*.parquet"))
    return {"took": took, "kept": found}


def _first(place: int) -> Told:
    """By a process that has never asked before, as after a restart, when all its modules are imported; then again."""
    import pandas  # noqa: F401  # Arrow imports it with the first array

    from huixiang.lake.store import Lake

    lake = Lake(_lake().path)
    ask = asked.from_roll_ups(lake)[place]
    gc.collect()  # what starting up has left to be looked through is none of the question's
    first = timed(ask)
    again = min(timed(ask) for _ in range(RUNS))
    found = None
    if place == 3:
        found = ask()[0] == asked.BRANCH
    return {"first": first, "again": again, "is_found": found}


def _engine(name: str) -> Told:
    lake = _lake()
    made_by: dict[str, Callable[[], Any]] = {
        "raw": lambda: asked.raw(lake),
        "ibis_once": lambda: asked.in_ibis(lake, once=True),
        "ibis_anew": lambda: asked.in_ibis(lake, once=False),
        "polars": lambda: asked.in_polars(lake),
    }
    asks = made_by[name]()
    return {"runs": [best(ask) for ask in asks] if asks else None}


def _day(folder: Path, rows: int) -> Told:
    """The last day of a long month comes in, when thirty are counted; what does it take until the pages tell it?"""
    from huixiang.lake.questions import waits

    some, day = max(1, rows // DAYS), asked.LAST
    pq.write_table(made(day, 1, some, 99_999), folder / "day.parquet")
    load = timed(lambda: _bring_in(folder / "day.parquet"))
    return {"rows": some, "load": load, "roll": timed(lambda: waits.count_waits(_lake(), day, day))}


def best(ask: Callable[[], Any]) -> tuple[float, float]:
    """The best of some, when it was asked once before."""
    ask()
    return min(timed(ask) for _ in range(RUNS))


def timed(ask: Callable[[], Any]) -> tuple[float, float]:
    used, begun = time.process_time(), time.perf_counter()
    ask()
    return time.process_time() - used, time.perf_counter() - begun


__all__ = ["BRANCHES", "FIRST", "best", "main", "timed"]

if __name__ == "__main__":
    main()
