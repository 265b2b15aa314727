"""`huixiang jobs reap`: put jobs whose worker died back into the queue, without `huixiang serve`."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["reap"], help="reap 接管 / take over")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import timezone

    from huixiang import loop
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    print(f"重新排队 / back into the queue: {loop.each_moment(timezone.now())}")
    return 0
