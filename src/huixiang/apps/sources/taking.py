"""How does what a source has come into the lake exactly once, whenever the process is killed?

In four steps, each of which may be done again: what is new is written to a file; the file becomes an import, and in the
same transaction the source remembers up to where it will have been read; the import runs, as any other; then the source
has been read up to there. Killed before the second step, the mails are asked for again; after it, the same import goes
on. Only after the last step is a mail marked on its server.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import actions, importing, uploads
from huixiang.apps.feedback.faults import kept
from huixiang.apps.feedback.models import Import
from huixiang.apps.sources import feeds, mailboxes, pacing, repeats
from huixiang.apps.sources.models import Delivery, Source
from huixiang.channels.contract import Fault
from huixiang.lake.locks import held
from huixiang.polling.doors import Door, Limits

KINDS: dict[str, ModuleType] = {Source.Kind.IMAP: mailboxes, Source.Kind.FEED: feeds}


def door(limits: Limits | None = None) -> Door:
    """Which hosts has the administrator named?"""
    return Door(tuple(settings.SOURCES), settings.SOURCES_CA, limits or Limits())


@jobs.work("poll")
def work(progress: jobs.Progress, source_id: str) -> Sentence:
    """Ask one source, and take in what is new. What goes wrong stands at the source too."""
    with held(Path(settings.DATA_DIR) / "locks" / f"source-{source_id}", progress.beat):
        source = Source.objects.select_related("by", "branch", "taking").filter(pk=source_id).first()
        if source is None:
            return Sentence(gettext_noop("这个来源已删除。"), {})
        try:
            return _poll(progress, source)
        except Fault as fault:
            failed(source, fault, timezone.now())
            raise
        except (jobs.Cancelled, jobs.TakenOver):
            raise
        except Exception as error:
            unforeseen = Fault("意外错误（%(kind)s），详情见运行日志；会稍后再试", kind=type(error).__name__)
            failed(source, unforeseen, timezone.now())
            raise


def _poll(progress: jobs.Progress, source: Source) -> Sentence:
    _refuse_without_right(source)
    # One import a job: what a poll that was killed left is brought to its end first, the rest comes next.
    taken, more = (_take(progress, source), True) if source.taking else _bring(progress, source)
    with beats.alive(progress):
        if source.kind == Source.Kind.IMAP and mailboxes.finish(source, door()):
            source.save(update_fields=["reached"])
    _went_well(source, timezone.now(), more=more)
    return taken or Sentence(gettext_noop("没有新的内容。"), {})


def _refuse_without_right(source: Source) -> None:
    by = source.by
    if not by.is_active or "import.run" not in by.rights:
        raise Fault("负责人“%(who)s”已没有导入权限；请有权限的同事先“暂停”再“恢复”，由其接手", who=by.name)


def _bring(progress: jobs.Progress, source: Source) -> tuple[Sentence | None, bool]:
    """Steps one to four; what became of it, and whether more waits."""
    part, pk = KINDS[source.kind], uuid.uuid4()
    with beats.alive(progress), part.coming(source, door()) as coming:
        if coming.is_empty:
            source.reached = coming.reached
            source.save(update_fields=["reached"])
            return None, False
        name = f"{source.name} {timezone.localtime():%Y-%m-%d %H-%M}{part.SUFFIX}"
        place = uploads.keep(pk, name, coming.pieces)
    choice = actions.Choice(part.FORMAT, "", source.channel, source.branch, source.product)
    with transaction.atomic():
        source.taking = actions.begin_polled(pk, name, place, choice, by=source.by, source=f"source:{source.pk}")
        Delivery.objects.create(source=source, of=source.taking)
        source.coming = coming.reached
        source.save(update_fields=["taking", "coming"])
    return _take(progress, source), coming.more


def _take(progress: jobs.Progress, source: Source) -> Sentence:
    """Steps three and four. An import that was broken off, here or by a person, goes on where it stopped."""
    imported = source.taking
    assert imported is not None
    if not imported.finished_at and (imported.job is None or imported.job.state not in Job.OPEN):
        Import.objects.filter(pk=imported.pk).update(job=progress.job)
    try:
        outcome = importing.work(progress, str(imported.pk))
    except Fault:
        _confirm(source, arrived=False)
        raise
    imported.refresh_from_db()
    if source.kind == Source.Kind.FEED:
        repeats.settle(source, imported)
    _confirm(source, arrived=imported.fault is None)
    return Sentence(outcome, {}) if isinstance(outcome, str) else outcome


def _confirm(source: Source, *, arrived: bool) -> None:
    """Step four. Of a file that was refused as a whole nothing is in: it will be asked for again."""
    if arrived and source.coming is not None:
        source.reached = source.coming
    source.taking, source.coming = None, None
    source.save(update_fields=["reached", "taking", "coming"])


def _went_well(source: Source, now: datetime, *, more: bool) -> None:
    next_at = now if more else pacing.next_at(now, source.every, 0, str(source.pk))
    Source.objects.filter(pk=source.pk).update(
        polled_at=now, failures=0, failing_since=None, fault=None, next_at=next_at
    )


def failed(source: Source, fault: Fault, now: datetime) -> None:
    """It is told at the source since when and why, and asked again later, and later still."""
    source.refresh_from_db(fields=["failures", "failing_since"])
    failures = source.failures + 1
    Source.objects.filter(pk=source.pk).update(
        failures=failures,
        failing_since=source.failing_since or now,
        fault={"message": fault.message, "params": kept(fault)},
        next_at=pacing.next_at(now, source.every, failures, str(source.pk)),
    )


def start_due(now: datetime) -> int:
    """Put those whose turn it is into the queue; how many? Two who ask at once start each but once."""
    started = 0
    for source in Source.objects.due(now):
        with suppress(Source.DoesNotExist), transaction.atomic():
            soon = pacing.next_at(now, source.every, source.failures, str(source.pk))
            if Source.objects.filter(pk=source.pk, next_at=source.next_at).update(next_at=soon):
                start(source)
                started += 1
    return started


def start(source: Source) -> Job:
    """A job for one poll. That of the poll before goes, if it brought nothing: it would be one every quarter hour."""
    if source.job_id:
        Job.objects.filter(pk=source.job_id, state=Job.State.DONE, import_of=None).delete()
    title = Sentence(gettext_noop("收取 %(name)s"), {"name": source.name})
    job = jobs.start("poll", title, None, source_id=str(source.pk))
    Source.objects.filter(pk=source.pk).update(job=job)
    return job
