"""Does a message count once however often it is sent, how many come in a second, how fast do they become voices?

python -m benchmarks.intake [--messages 2000] [--times 3] [--threads 8]: made-up messages into a SQLite database and a
lake of their own, removed afterwards. Each is sent `--times` times, at once, from threads as a web server has them;
then all are taken in.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SAYINGS = (
    "排队等了一个多小时，只开一个窗口，太慢了。",
    "柜员态度很好，耐心解答，值得表扬。",
    "自助机吞卡，电话也打不通。",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=8)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-intake-"))
    os.environ |= {
        "HUIXIANG_MODE": "test",
        "HUIXIANG_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "huixiang.web.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        import django

        django.setup()
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite\n")
        print("| what | count | seconds | a second |\n|---|---|---|---|")
        _send(args.messages, args.times, args.threads)
        _take_in()
    finally:
        shutil.rmtree(folder)


def _send(messages: int, times: int, threads: int) -> None:
    from django.core.management import call_command
    from django.db import connections

    from huixiang.apps.access.models import Unit
    from huixiang.apps.intake.actions import open_box
    from huixiang.apps.intake.actions.boxes import Terms
    from huixiang.apps.intake.models import Submission
    from huixiang.apps.intake.receiving import Message, receive

    call_command("migrate", interactive=False, verbosity=0)
    unit = Unit.objects.create(code="HQ", name="演示银行总行", kind="head_office", path="/HQ/")
    box = open_box(unit, "suggestion_box", Terms("意见箱", 180), by="cli:benchmark")

    def send(number: int) -> str:
        from django.utils import timezone

        which = number % messages
        text = f"{SAYINGS[which % len(SAYINGS)]}（{which}）"
        try:
            return receive(box, Message(f"telephone-{which:09d}", text, 1 + which % 5), timezone.now()).code
        finally:
            connections["default"].close_if_unusable_or_obsolete()

    # Neighbours in the queue send the same message: they meet in the database at the same moment.
    queue = sorted(range(messages * times), key=lambda number: number % messages)
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as telephones:
        codes = list(telephones.map(send, queue))
    _tell("sent, each several times at once", len(queue), time.perf_counter() - started)
    kept = Submission.objects.count()
    for what, number in (("kept", kept), ("duplicates", kept - messages), ("tracking codes", len(set(codes)))):
        print(f"| {what} | {number:,} | | |")


def _take_in() -> None:
    from huixiang.apps.feedback.accounts import account
    from huixiang.apps.feedback.models import Import
    from huixiang.apps.intake import taking

    started = time.perf_counter()
    count = taking.take_in()
    _tell("taken in: masked, understood, in the lake", count, time.perf_counter() - started)
    print(f"| new voices by the account | {account(Import.objects.get()).new:,} | | |")


def _tell(what: str, count: int, seconds: float) -> None:
    print(f"| {what} | {count:,} | {seconds:.1f} | {count / seconds:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
