"""How long do the regulator's return and the summary take when many complaints were received in one quarter?

python -m benchmarks.returns [--cases 200000] [--database sqlite|postgresql]

Made-up cases (benchmarks.queue_cases), nine tenths of them in the last whole quarter and the rest in the one before,
all classed at random. CPU seconds, since the machine is shared: of this process; with PostgreSQL of its server's too.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from datetime import timedelta
from random import Random

from benchmarks import queue_cases
from benchmarks.queue import _served
from benchmarks.survey import rows_in

LIMIT = 5.0  # seconds for 200,000 cases of one quarter, and the two periods it is compared with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    args = parser.parse_args()
    with rows_in(args.database):
        queue_cases.fill(args.cases, args.cases // 20)
        _class(args.cases)
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {args.database}; {args.cases:,} cases\n\n"
              "| what | CPU s | of 5 s |\n|---|---|---|", flush=True)  # fmt: skip
        _measure()


def _class(count: int) -> None:
    """Class and date them; a twentieth stays without a cause."""
    from django.db import connection, transaction
    from django.utils import timezone

    from huixiang.apps.complaints import tallying
    from huixiang.apps.complaints.models import Case
    from huixiang.domain.complaints.periods import period_of
    from huixiang.domain.understanding.book import shipped

    dice, last = Random(7), period_of(timezone.localdate()).before()
    codes = {top: [n.code for n in shipped("taxonomy").nodes if n.code.startswith(f"{top}.")] for top in "ABC"}
    begin, ways, rows = tallying.begin(last.since), Case.Way.values, []
    for pk in Case.objects.order_by("pk").values_list("pk", flat=True)[:count]:
        days = dice.random() * last.days - (90 if dice.random() < 0.1 else 0)
        cause = dice.choice(codes["C"]) if dice.random() > 0.05 else ""
        rows.append((begin + timedelta(days=days), dice.choice(ways), dice.choice(codes["A"]), dice.choice(codes["B"]),
                     cause, pk))  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany("UPDATE complaints_case SET received_at = %s, way = %s, channel_code = %s, "
                           "business_code = %s, cause_code = %s WHERE id = %s", rows)  # fmt: skip


def _measure() -> None:
    from django.urls import reverse
    from django.utils import timezone

    from huixiang.apps.access.models import Unit
    from huixiang.apps.complaints import return_paper, returning, summarising, tallying
    from huixiang.domain.complaints.periods import period_of

    reverse("complaints")  # the addresses of all pages are read once a process
    head, last = Unit.objects.get(parent=None), period_of(timezone.localdate()).before()
    asked = returning.Question(tallying.all_below(head), last, head)
    at = timezone.now()
    for name, does in (
        ("return", lambda: return_paper.paper(returning.reckoned(asked, at))),
        ("summary", lambda: summarising.summarised(asked, at)),
    ):
        begun, served = time.process_time(), _served()
        does()
        taken = time.process_time() - begun + _served() - served
        print(f"| {name} | {taken:.1f} | {taken / LIMIT:.2f} |", flush=True)


if __name__ == "__main__":
    main()
