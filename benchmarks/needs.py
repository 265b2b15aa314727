"""Is the needs library quick among a million voices: its list, a need's page, and what a night proposes?

python -m benchmarks.needs [--rows 1000000] [--needs 30]: made-up voices in a lake of their own, removed afterwards.
Each need's page is asked once, so that nothing of it was counted before; then once more; once more after voices of the
newest month came in; and the list many times.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.search import BATCH, EVENTS, TOPICS, voices
from huixiang.lake.store import Lake

DEEDS = 10  # of so many needs
NIGHT = 2_000  # voices that come in while everybody sleeps
PAGE_LIMIT = 0.300  # seconds, p95: our own sense of what a page may take
ASPECTS = ("积分兑换", "信用卡积分兑换", "年费", "到账时间", "额度", "利率", "客服电话", "账单")
TIERS = ("ordinary", "ordinary", "ordinary", "ordinary", "gold", "platinum", "private", None)
DIMENSIONS = ("D.responsiveness.waiting", "D.reliability.system", "D.empathy.attitude", "D.beyond.price", "C.pricing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--needs", type=int, default=30)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-needs-"))
    try:
        lake = Lake(folder / "lake")
        for batch in range(0, args.rows, BATCH):
            rows = spoken(batch, min(BATCH, args.rows - batch))
            lake.append_once("voices", rows, writer="benchmark", batch=batch // BATCH + 1)
        lake.tidy(older_than_hours=0)
        print(f"{args.rows:,} voices, {os.cpu_count()} cores, Python {platform.python_version()}\n")
        print("| what | times | p50 ms | p95 ms | limit ms | CPU ms |\n|---|---|---|---|---|---|")
        _library(folder, args.needs)
        print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    finally:
        shutil.rmtree(folder)


def spoken(start: int, count: int) -> pa.Table:
    """The voices of `benchmarks.search`, with topics to propose from, aspects, tiers, and one in ten a copy."""
    rows = voices(start, count).to_pylist()
    for place, row in enumerate(rows):
        chosen = hash_of(row["id"])
        row["topics"] = [DIMENSIONS[chosen % 5]] if chosen % 3 else []
        row["aspects"] = [f"{ASPECTS[chosen % 8]}\t{('negative', 'neutral')[chosen % 2]}"] if not chosen % 4 else []
        row["tier"] = TIERS[chosen % 11 % 8]
        row["duplicate_of"] = rows[place - 1]["id"] if place and chosen % 10 == 7 else None
    return pa.Table.from_pylist(rows, schema=voices(0, 1).schema)


def hash_of(voice_id: str) -> int:
    return int(voice_id[:12], 16)


def _library(folder: Path, number: int) -> None:
    os.environ |= {"HUIXIANG_MODE": "test", "HUIXIANG_DATA": str(folder), "HUIXIANG_LOG": "ERROR"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from huixiang.apps.feedback.facts import lake
    from huixiang.apps.needs import actions, evidence
    from huixiang.apps.needs.models import KINDS
    from huixiang.lake import questions
    from huixiang.lake.questions import Slice
    from tests import make

    call_command("migrate", verbosity=0)
    quality = make.staff("10001", make.bank().head_office, "quality_manager")
    span = questions.span(lake(), Slice())
    assert span is not None
    began, cpu = time.perf_counter(), time.process_time()
    proposed = actions.propose_from(span[1] - timedelta(days=89), span[1], by="system:benchmark")
    _row(f"a night's proposals ({proposed})", [(time.perf_counter() - began, time.process_time() - cpu)], None)
    made = []
    for place in range(number):
        words = evidence.group(terms=[TOPICS[place % 10][:2], EVENTS[place // 10 % 10]])
        topics = evidence.group(topics=[DIMENSIONS[place % 5]])
        rules = [evidence.rule((words, topics)[place % 2], kinds=KINDS)]
        made.append(actions.propose(actions.Wording(f"需求{place}", "pain_point"), rules, by=quality).pk)
    client = make.client(quality)
    client.get(f"/needs/{made[0]}/")  # the first look at a version reads the files' footers
    _row("page of a need, never asked before", [_took(client, f"/needs/{pk}/") for pk in made[1:]], PAGE_LIMIT)
    _row("page of a need, asked again", [_took(client, f"/needs/{pk}/") for pk in made[1:]], PAGE_LIMIT)
    _newest(lake(), span[1].isoformat()[:7])
    client.get(f"/needs/{made[0]}/")  # as above
    _row("page of a need, first after an import", [_took(client, f"/needs/{pk}/") for pk in made[1:]], PAGE_LIMIT)
    _deeds(client, quality, made[:DEEDS], span[1] - timedelta(days=90))
    _row("page of the list, first time", [_took(client, "/needs/")], None)
    _row("page of the list", [_took(client, "/needs/?q=") for _time in range(20)], PAGE_LIMIT)


def _deeds(client: Any, by: Any, needs: list[int], day: date) -> None:
    """What was done is told of each; what customers said since is asked behind the list, one by one."""
    from huixiang.apps.needs import actions

    for pk in needs:
        actions.confirm(pk, "", by=by)
        actions.decide(pk, actions.Ruling("process", "改"), by=by)
        actions.publish(actions.draft(pk, actions.Telling(f"第{pk}件", f"做了{pk}", day), by=by).pk, by=by)
    _row("what was told, the list", [_took(client, "/deeds/") for _time in range(10)], PAGE_LIMIT)
    _row("voices since one deed, first", [_took(client, f"/deeds/{n}/since/") for n in _numbers()], None)
    _row("voices since one deed, again", [_took(client, f"/deeds/{n}/since/") for n in _numbers()], PAGE_LIMIT)


def _numbers() -> list[int]:
    from huixiang.apps.needs.models import Deed

    return list(Deed.objects.values_list("pk", flat=True))


def _newest(lake: Lake, month: str) -> None:
    """Voices of the newest month come in, as each night."""
    rows = spoken(0, NIGHT).to_pylist()
    new = [row | {"id": row["id"][::-1], "month": month, "said_on": date.fromisoformat(f"{month}-01")} for row in rows]
    lake.append_once("voices", pa.Table.from_pylist(new, schema=voices(0, 1).schema), writer="night", batch=1)


def _took(client: Any, address: str) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    assert client.get(address).status_code == 200
    return time.perf_counter() - began, time.process_time() - cpu


def _row(name: str, taken: Iterable[tuple[float, float]], limit: float | None) -> None:
    times = 1000 * np.array(list(taken))
    p50, p95 = np.percentile(times[:, 0], [50, 95])
    bound = f"{1000 * limit:.0f}" if limit else "–"
    print(f"| {name} | {len(times)} | {p50:.0f} | {p95:.0f} | {bound} | {np.median(times[:, 1]):.0f} |", flush=True)


if __name__ == "__main__":
    main()
