"""`huixiang sources list|poll`: how do the polled sources fare, and ask those whose turn it is without `serve`."""

from __future__ import annotations

import argparse

from huixiang.web.bilingual import both


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["list", "poll"], help="list 查看 / show; poll 收取 / take in")
    parser.add_argument(
        "name", nargs="?", default="", help="只收取这个名称的来源 / only this source; 不写则收取到时的 / else those due"
    )


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    return _listed() if args.what == "list" else _polled(args.name)


def _listed() -> int:
    from django.utils import timezone

    from huixiang.apps.sources.models import Source

    for source in Source.objects.select_related("job", "by"):
        last = f"{timezone.localtime(source.polled_at):%Y-%m-%d %H:%M}" if source.polled_at else "—"
        print(f"{source.name}  {source.kind}  {source.address}  {source.state}  {last}  {source.trouble}".rstrip())
    return 0


def _polled(name: str) -> int:
    """Each in a job of its own, done here at once: a worker need not run. 1 where one of them failed."""
    from django.utils import timezone

    from huixiang.apps.access import jobs
    from huixiang.apps.access.models import Job
    from huixiang.apps.sources import taking
    from huixiang.apps.sources.models import Source
    from huixiang.channels.contract import Fault

    wanted = Source.objects.filter(name=name, paused_at=None) if name else Source.objects.due(timezone.now())
    if name and not wanted:
        raise Fault("没有名为“%(name)s”的来源，或它已暂停", name=name)
    failed = 0
    for source in list(wanted):
        job = taking.start(source)
        jobs.perform.func(str(job.pk))
        job.refresh_from_db()
        print(f"{source.name}：{job.outcome}")
        failed += job.state != Job.State.DONE
    if not wanted and not name:
        print(both("没有到时的来源。"))
    return 1 if failed else 0
