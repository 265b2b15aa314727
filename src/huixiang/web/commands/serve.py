"""`huixiang serve`: the pages, the background jobs and the nightly round, until SIGTERM or Ctrl+C."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="默认 127.0.0.1 / address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="默认 8000 / port")
    parser.add_argument("--workers", type=int, default=2, help="网页进程数，默认 2 / processes that serve pages")


def run(args: argparse.Namespace) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    django.setup()
    from django.utils import timezone

    from huixiang import loop
    from huixiang.web.commands.readiness import ready_database, ready_erasures, ready_pages
    from huixiang.web.supervisor import Child, Supervisor, commands

    ready_database()
    ready_erasures()
    ready_pages()
    children = [Child(name, command) for name, command in commands(args.host, args.port, args.workers).items()]
    print(f"回响 http://{args.host}:{args.port}/  （Ctrl+C 停止 / to stop）", flush=True)
    Supervisor(children, reap=_reap, local_now=timezone.localtime, last_night=loop.last_turned).run()
    return 0


def _reap() -> None:
    from django.db import close_old_connections
    from django.utils import timezone

    from huixiang import loop

    close_old_connections()
    loop.each_moment(timezone.now())
