"""Does the complaint office wait for its pages when a million cases are kept, and how long does the night take?

python -m benchmarks.queue [--cases 1000000] [--open 100000] [--database sqlite|postgresql] [--rounds 30] [--night]

Made-up cases in a database of the benchmark's own, removed afterwards. Each page is a whole request, through all
middleware, by a handler of a branch, the head of a region and the quality office of the bank. CPU seconds, since the
machine is shared: of this process, and with PostgreSQL of its server process as well.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import queue_cases
from benchmarks.survey import rows_in

LIMIT = 0.100  # seconds, p95
FILTERS = ("whose=mine", "whose=nobody", "state=investigating", "state=disputed", "only=late", "only=soon",
           "only=major", "only=ended")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--night", action="store_true", help="the nightly round's part as well")
    args = parser.parse_args()
    with rows_in(args.database):
        begun = time.process_time()
        people = queue_cases.fill(args.cases, args.open)
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {args.database}; {args.cases:,} cases, "
              f"{args.open:,} open; filled in {time.process_time() - begun:.0f} CPU s\n", flush=True)  # fmt: skip
        if args.night:
            nights()
        print(f"{_yardstick()}\n", flush=True)
        pages(people, args.rounds)
        print(f"\n{_yardstick()}")


def pages(people: dict[str, Any], rounds: int) -> None:
    gc.collect()
    gc.freeze()  # as the server does at its start
    print("| who | page | p50 ms | p95 ms | of 100 ms |\n|---|---|---|---|---|")
    for role, person in people.items():
        browser = _browser(person)
        for name, path in _paths(browser, person):
            browser.get(path)  # what is read once a process
            taken = sorted(_timed(partial(browser.get, path)) for _ in range(rounds))
            half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
            print(f"| {role} | {name} | {half * 1000:.0f} | {most * 1000:.0f} | {most / LIMIT:.2f} |", flush=True)


def nights() -> None:
    """The first makes all columns anew, the second what a day has moved."""
    from django.utils import timezone

    from huixiang.apps.complaints import projecting

    print("| night | changed | CPU s |\n|---|---|---|")
    for name, days in (("all columns made anew", 0), ("a day later", 1)):
        at, begun, served = timezone.now() + timedelta(days=days), time.process_time(), _served()
        changed = projecting.project_open(at)
        print(f"| {name} | {changed:,} | {time.process_time() - begun + _served() - served:.1f} |", flush=True)
    print()


def _paths(browser: Any, person: Any) -> Iterator[tuple[str, str]]:
    from huixiang.apps.complaints.models import Case

    first = browser.get("/complaints/")
    assert first.status_code == 200, first.status_code
    yield "first page", "/complaints/"
    seen = Case.objects.visible_to(person).open().by_urgency()
    deep = seen[seen.count() * 9 // 10]
    yield "deep page", f"/complaints/?after={deep.rank}.{deep.pk}"
    for each in FILTERS:
        yield each, f"/complaints/?{each}"
    yield "what waits beside it", "/complaints/waiting/"
    yield "running out", "/complaints/warnings/"
    yield "number", f"/complaints/?number={deep.number}"
    link = re.search(rb'href="(/complaints/\d+/)"', first.content)
    assert link
    yield "a case", link[1].decode()


def _browser(person: Any) -> Any:
    from django.test import Client

    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _timed(work: Callable[[], Any]) -> float:
    begun, served = time.process_time(), _served()
    work()
    return time.process_time() - begun + _served() - served


def _yardstick() -> str:
    """How much longer does everything take because of what else the machine does? CPU time is no exception."""
    begun, total = time.process_time(), 0
    for number in range(3_000_000):
        total += number
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"3,000,000 additions: {(time.process_time() - begun) * 1000:.0f} ms; load {load}"


def _served() -> float:
    """CPU seconds of the server process that answers this connection; SQLite works in this one."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
