"""How long does it take to read a million voices again, and with how much memory? By the rules, and by trained models.

python -m benchmarks.rereading [--rows 1000000] [--models]: voices of `benchmarks.search`, one month after the other,
in a lake and a database of their own, removed afterwards. `--models`: small models of sentiment, kind and topics,
learned from made-up labels, are activated before; how well they tell is no matter here.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.search import BATCH, voices
from huixiang.lake.store import Lake

MEMORY_LIMIT = 1_000  # MB
LEARNED = 2_000  # texts that each model learns from


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--models", action="store_true")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-rereading-"))
    try:
        lake = Lake(folder / "lake")
        for batch in range(0, args.rows, BATCH):
            rows = voices(batch, min(BATCH, args.rows - batch))
            lake.append_once("voices", rows, writer="benchmark", batch=batch // BATCH + 1)
        lake.tidy(older_than_hours=0)
        print(f"{args.rows:,} voices, {os.cpu_count()} cores, Python {platform.python_version()}\n")
        print("| read by | voices | seconds | voices a second | CPU s | peak MB | limit MB |")
        print("|---|---|---|---|---|---|---|")
        _read(folder, lake, models=args.models)
    finally:
        shutil.rmtree(folder)


def _read(folder: Path, lake: Lake, *, models: bool) -> None:
    os.environ |= {"HUIXIANG_MODE": "test", "HUIXIANG_DATA": str(folder), "HUIXIANG_LOG": "ERROR"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from huixiang.apps.annotation import actions, rereading

    call_command("migrate", verbosity=0)
    if models:
        _activate(voices(0, LEARNED).to_pylist())
    of = actions.reread(lake.months("voices"), by="cli:benchmark")
    began, cpu = time.perf_counter(), time.process_time()
    rereading.carry_out(of, lambda done, total: None)
    seconds, worked = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = of.voices / seconds
    print(f"| {of.label} | {of.voices:,} | {seconds:.0f} | {rate:,.0f} | {worked:.0f} | {peak:.0f} | {MEMORY_LIMIT} |")


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
