"""How long does it take to read a million voices again, with how much memory, and what if it is killed half-way?

python -m benchmarks.rereading [--rows 1000000] [--models] [--killed]: voices of `benchmarks.search`, one month after
the other, in a lake and a database of their own, removed afterwards. `--models`: small models of sentiment, kind and
topics, learned from made-up labels, are activated before; how well they tell is no matter here. `--killed`: the process
that reads is killed (SIGKILL) when it has read half, and another one goes on.

The reading has a process of its own, so that its memory and time are told alone. Checked at the end: each voice is read
by the new, and its former reading is kept once.
"""

from __future__ import annotations

import argparse
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

from benchmarks.search import BATCH, voices
from huixiang.lake.store import Lake

MEMORY_LIMIT = 1_000  # MB
LEARNED = 2_000  # texts that each model learns from
EVERY = 60  # seconds between two lines of progress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--models", action="store_true")
    parser.add_argument("--killed", action="store_true")
    parser.add_argument("--reads", type=Path, help=argparse.SUPPRESS)  # the folder, in the process that reads
    args = parser.parse_args()
    if args.reads:
        return _read(args.reads, models=args.models)
    folder = Path(tempfile.mkdtemp(prefix="huixiang-rereading-"))
    try:
        lake = Lake(folder / "lake")
        for batch in range(0, args.rows, BATCH):
            rows = voices(batch, min(BATCH, args.rows - batch))
            lake.append_once("voices", rows, writer="benchmark", batch=batch // BATCH + 1)
        lake.tidy(older_than_hours=0)
        print(f"{args.rows:,} voices, {os.cpu_count()} cores, Python {platform.python_version()}\n", flush=True)
        _measured(folder, args)
        _checked(Lake(folder / "lake"), args.rows)
    finally:
        shutil.rmtree(folder)


def _measured(folder: Path, args: argparse.Namespace) -> None:
    began = time.perf_counter()
    kills = _carried_out(folder, args, until=args.rows // 2) if args.killed else 0
    assert _carried_out(folder, args) == 0, "the rereading failed"
    seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print("\n| voices | killed | seconds | CPU s | voices a CPU second | peak MB | limit MB | peak / limit | load |")
    print("|---|---|---|---|---|---|---|---|---|")
    told = (
        f"{seconds:.0f} | {cpu:.0f} | {args.rows / cpu:,.0f} | {peak:.0f} | {MEMORY_LIMIT} | {peak / MEMORY_LIMIT:.2f}"
    )
    print(f"| {args.rows:,} | {kills} | {told} | {os.getloadavg()[2]:.0f} |", flush=True)


def _carried_out(folder: Path, args: argparse.Namespace, until: int | None = None) -> int:
    """Reads, in a process of its own; kills it once it has read `until`. How many times was it killed?"""
    asked = [sys.executable, "-m", "benchmarks.rereading", "--reads", str(folder), *(["--models"] * args.models)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as process:  # of our own making
        assert process.stdout is not None
        began = told = time.perf_counter()
        for line in process.stdout:
            done, _, total = line.partition(" ")
            if time.perf_counter() - told > EVERY:
                told = time.perf_counter()
                print(f"{told - began:.0f} s: {int(done):,} of {int(total):,}", flush=True)
            if until and int(done) >= until:
                process.kill()
                print(f"killed at {int(done):,}", flush=True)
                return 1
    return process.returncode


def _checked(lake: Lake, rows: int) -> None:
    """Is every voice read by the new, and each former reading kept once, as it was?"""
    new = f'SELECT count(*) AS n, count(DISTINCT id) AS ids, count(DISTINCT understood_by) AS by FROM "{lake.view("voices")}"'  # noqa: E501
    old = f'SELECT count(*) AS n, count(DISTINCT id) AS ids, max(understood_by) AS by FROM "{lake.view("readings")}"'
    print(f"voices now {lake.fetch(new).to_pylist()[0]}; former readings {lake.fetch(old).to_pylist()[0]}")
    kept = lake.fetch(old).to_pylist()[0]
    assert kept == {"n": rows, "ids": rows, "by": "rules-1"}, kept


def _read(folder: Path, *, models: bool) -> None:
    os.environ |= {"HUIXIANG_MODE": "test", "HUIXIANG_DATA": str(folder), "HUIXIANG_LOG": "ERROR"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from huixiang.apps.annotation import actions, rereading
    from huixiang.apps.annotation.models import Rereading
    from huixiang.apps.feedback.facts import lake

    call_command("migrate", verbosity=0)
    of = Rereading.objects.first()
    if of is None:
        if models:
            _activate(voices(0, LEARNED).to_pylist())
        of = actions.reread(lake().months("voices"), by="cli:benchmark")
    said: Callable[..., None] = lambda done, total: print(done, total, flush=True)  # noqa: E731
    rereading.carry_out(of, said)


def _activate(rows: list[dict[str, Any]]) -> None:
    from huixiang.apps.access.sentences import Sentence
    from huixiang.apps.annotation import actions, cards, schooling

    normals = [row["searchable"] for row in rows]
    said = {
        "sentiment": [row["sentiment"] for row in rows],
        "kind": [row["kind"] for row in rows],
        "topics": [",".join(sorted(row["topics"])) or "-" for row in rows],
    }
    for task, labels in said.items():
        model, kept = schooling.fit(task, normals, labels, 0)
        card = cards.card(model, source=Sentence("benchmark", {}), labels=kept)
        version = actions.register(model, card, name="bench", by="cli:benchmark")
        actions.activate(version, by="cli:benchmark", although_worse=True, reason="benchmark")


if __name__ == "__main__":
    main()
