"""`huixiang nightly`: run the nightly round now, as `serve` does at 02:30."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: the round is the same every night."""


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.utils import timezone

    from huixiang import loop
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    told = loop.nightly(timezone.now())
    for step, outcome in told.items():
        print(f"{step}  {outcome}".rstrip())
    return 1 if any(outcome.startswith("!") for outcome in told.values()) else 0
