"""`huixiang migrate`: create or upgrade the database and the lake."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None: the database is what DATABASE_URL says."""


def run(args: argparse.Namespace) -> int:
    import django

    from huixiang.web.bilingual import both

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from huixiang.apps.feedback import facts
    from huixiang.web.commands.readiness import ready_erasures

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=1)
    if widened := facts.lake().upgrade():
        print(both("事实库升级：重写了 %(files)s 个文件。", {"files": widened}))
    ready_erasures()
    return 0
