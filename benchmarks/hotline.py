"""Are the hotline's measures quick on a million calls, asked for the first time and counted before?

python -m benchmarks.hotline                  # 1,000,000 made-up stays of two years, removed afterwards
python -m benchmarks.hotline --rows 100000
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from huixiang.lake import questions
from huixiang.lake.questions import CallSlice
from huixiang.lake.schema import CALLS
from huixiang.lake.store import Lake

LIMIT = 0.300  # seconds, for a question
FIRST, DAYS = date(2024, 12, 1), 730
QUEUES = np.array(["普通业务", "信用卡", "老年专线", "投诉受理"])
RUNS = 5
KEPT = ".kept"


def made_up(rows: int) -> pa.Table:
    """As the exchange would tell: waits that are short or long, one in ten gives up, callers who call again."""
    dice = np.random.default_rng(7)
    seconds = np.sort(dice.integers(0, DAYS * 86_400, rows))
    wait = np.where(dice.random(rows) < 0.6, dice.integers(1, 15, rows), dice.exponential(90, rows).astype(int))
    outcome = np.where(dice.random(rows) < 0.1, "abandoned", "answered")
    days, hours = seconds // 86_400, seconds // 3600 % 24
    begins = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    starts = np.array([FIRST + timedelta(days=day) for day in range(DAYS)])
    callers = dice.integers(0, rows // 4, rows)
    answered = pa.array(outcome == "answered")
    columns: dict[str, Any] = {
        "id": pa.array([f"{number:024x}" for number in range(rows)]),
        "voice": pa.array([f"{number:024x}" for number in range(rows)]),
        "call_id": pa.array([f"{number}" for number in range(rows)]),
        "queue": pa.array(QUEUES[dice.integers(0, 4, rows)]),
        "caller": pa.array([f"{number * 2654435761 % 2**64:032x}" for number in callers.tolist()]),
        "entered_at": pa.array((int(begins.timestamp()) + seconds) * 1_000_000, pa.timestamp("us", "UTC")),
        "entered_on": pa.array(starts[days]),
        "hour": pa.array(hours, pa.int8()),
        "outcome": pa.array(outcome),
        "wait_seconds": pa.array(wait, pa.int32()),
        "talk_seconds": pa.array(dice.exponential(150, rows).astype(int), pa.int32(), mask=~np.array(answered)),
        "month": pa.array([f"{day:%Y-%m}" for day in starts]).take(pa.array(days)),
    }
    rest = {"rings_unanswered": 0, "continues": False, "is_whole": True, "import_row": 0}
    for field in CALLS:
        if field.name not in columns:
            value = rest.get(field.name, "" if field.type == pa.string() and not field.nullable else None)
            columns[field.name] = pa.array([value] * rows, field.type)
    return pa.table({name: columns[name] for name in CALLS.names}).cast(CALLS)


def asked(since: date | None) -> dict[str, Callable[[Lake], object]]:
    """The five questions of the page, with the limits it opens with."""
    whole = CallSlice(since, None)
    return {
        "all together": lambda lake: questions.tally(lake, whole, "", 20),
        "by queue": lambda lake: questions.tally(lake, whole, "queue", 20),
        "by day": lambda lake: questions.tally(lake, whole, "entered_on", 20),
        "by hour": lambda lake: questions.tally(lake, whole, "hour", 20),
        "repeat calls": lambda lake: questions.repeats(lake, whole, 7),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "lake"
        Lake(place).append_once("calls", made_up(rows), writer="benchmark", batch=1)
        print(f"{rows:,} stays of {DAYS} days; load {os.getloadavg()[0]:.1f}; best and median of {RUNS}, ms\n")
        print("| question | period | months counted before | best | median | limit | ratio | processor |")
        print("|---|---|---|---|---|---|---|---|")
        for period, since in (("all", None), ("3 months", FIRST + timedelta(days=DAYS - 92))):
            for title, ask in asked(since).items():
                for is_known in (False, True):
                    took = sorted(_timed(ask, place, is_known=is_known) for _time in range(RUNS))
                    (best, _), (middle, _), cpu = took[0], took[RUNS // 2], min(each for _, each in took)
                    times = f"{1000 * best:.0f} | {1000 * middle:.0f} | {1000 * LIMIT:.0f} | {middle / LIMIT:.2f}"
                    known = ("no", "yes")[is_known]
                    print(f"| {title} | {period} | {known} | {times} | {1000 * cpu:.0f} |", flush=True)


def _timed(ask: Callable[[Lake], object], place: Path, *, is_known: bool) -> tuple[float, float]:
    """Seconds that passed, and seconds of both processors, where no process has asked before, or another one has."""
    if not is_known:
        shutil.rmtree(place / KEPT, ignore_errors=True)
    lake = Lake(place)  # remembers nothing but what stands on the disk, like a process of its own
    questions.queues(lake)  # the first look at a version reads the files' footers
    begun, used = time.perf_counter(), time.process_time()
    ask(lake)
    return time.perf_counter() - begun, time.process_time() - used


if __name__ == "__main__":
    main()
