"""What is being done in the background, how far is it, and what if the machine stops in the middle of it?

A job is a row (models.Job) and a task of django-tasks' database queue. The row tells progress and end; the task only
brings a worker to it. Every job may be run twice without harm; it never runs twice at the same time:
- a worker takes a job by one conditional UPDATE from waiting to running;
- it shows signs of life by `Progress.report`; a job without one for STALE is taken over by `reap`;
- the number of the attempt fences off a worker that was only slow: its next report raises TakenOver.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from huixiang.apps.access import audit
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.masking import mask

STALE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
Work = Callable[..., str | Sentence]
WORKS: dict[str, Work] = {}
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody asked the job to stop."""


class TakenOver(Exception):
    """Another worker has this job now: stop without a trace."""


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind: `f(progress, **arguments)` returns how it ended, one sentence.

    The module must be imported by its app's `AppConfig.ready`, so that the worker knows it.
    """

    def register(function: Work) -> Work:
        WORKS[kind] = function
        return function

    return register


def start(kind: str, title: str | Sentence, by: Staff | None, **arguments: Any) -> Job:
    """Put a job in the queue, in the caller's transaction: no worker sees it before the commit, none without."""
    if kind not in WORKS:
        raise ValueError(f"no work is registered for {kind!r}")
    with transaction.atomic():
        message, params = _kept(title)
        job = Job.objects.create(kind=kind, title_message=message, title_params=params, by=by, arguments=arguments)
        perform.enqueue(str(job.pk))
    return job


class Progress:
    """What a job tells of itself while it works."""

    def __init__(self, job: Job) -> None:
        self.job, self.done, self.total, self.done_share = job, job.done, job.total, job.done_share
        self._written_at = -1.0

    def report(self, done: int, total: int | None = None, *, done_share: float | None = None) -> None:
        """How far is it? Call at least every half minute, outside a transaction; written about once a second.

        `done_share` (0 to 1) is for work whose pieces cannot be counted beforehand: a file's rows, by its bytes.

        Raises Cancelled when somebody asked to stop, TakenOver when the job was given to another worker.
        """
        self.done, self.total = done, total if total is not None else self.total
        self.done_share = done_share if done_share is not None else self.done_share
        if time.monotonic() - self._written_at >= 1:
            self.write()

    def beat(self) -> None:
        """A sign of life while nothing moves."""
        self.report(self.done)

    def write(self) -> None:
        self._written_at = time.monotonic()
        told = {"done": self.done, "total": self.total, "done_share": self.done_share}
        if not _mine(self.job).update(**told, beat_at=timezone.now()):
            raise TakenOver
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


@task()
def perform(job_id: str) -> None:
    """Do one job, if it still waits. The worker (`manage.py db_worker`) calls this."""
    if not Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, beat_at=timezone.now(), attempts=F("attempts") + 1
    ):
        return  # cancelled meanwhile, or another worker has it
    job = Job.objects.get(pk=job_id)
    progress = Progress(job)
    try:
        outcome = WORKS[job.kind](progress, **job.arguments)
        # What was read is all there was, where it could not be counted beforehand.
        total = progress.total if progress.done_share is None else progress.done
        _end(job, Job.State.DONE, outcome, done=progress.done, total=total, done_share=progress.done_share)
    except TakenOver:
        log.warning("job %s: another worker has taken over", job.pk)
    except Cancelled:
        _end(job, Job.State.CANCELLED, gettext_noop("已按要求停止。"), done=progress.done, total=progress.total)
    except Fault as fault:
        _end(job, Job.State.FAILED, _sentence(fault), done=progress.done)
    except Exception as error:
        # The traceback's lines, not the message: it might quote a customer.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("job %s (%s) failed: %s\n%s", job.pk, job.kind, type(error).__name__, where)
        message = gettext_noop("意外错误（%(error)s），详情见运行日志。可以重新开始，不会重复计数。")
        _end(job, Job.State.FAILED, Sentence(message, {"error": type(error).__name__}), done=progress.done)
    except BaseException:  # the worker was told to stop at once: hand the job back for the next one
        _mine(job).update(state=Job.State.WAITING, beat_at=None)
        raise


def cancel(job: Job, by: Staff | str, source: str = "") -> None:
    """Ask a job to stop: at once if it waits, else at its next sign of life."""
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(
            state=Job.State.CANCELLED,
            ended_at=timezone.now(),
            outcome_message=gettext_noop("开始之前已取消。"),
            cancel_requested=True,
        )
        running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)
        if waiting or running:
            audit.record("job.cancel", by=by, on_kind="job", on_id=job.pk, source=source, kind=job.kind)


def reap(now: datetime) -> int:
    """Take over what dead workers left behind; how many jobs were put back into the queue?"""
    _end_hopeless(now)
    silent = Q(beat_at__lt=now - STALE) | Q(beat_at=None)
    for job in Job.objects.filter(silent, state=Job.State.RUNNING):
        _mine(job).filter(beat_at=job.beat_at).update(state=Job.State.WAITING, beat_at=None)
    live = _settle_tasks(now)
    lost = [job for job in Job.objects.filter(state=Job.State.WAITING) if str(job.pk) not in live]
    for job in lost:
        log.warning("job %s (%s): back into the queue after attempt %d", job.pk, job.kind, job.attempts)
        perform.enqueue(str(job.pk))
    return len(lost)


def _end_hopeless(now: datetime) -> None:
    """Silent jobs that were to stop anyway, or have been tried often enough."""
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - STALE)
    silent.filter(cancel_requested=True).update(
        state=Job.State.CANCELLED, ended_at=now, outcome_message=gettext_noop("已按要求停止（执行进程已不在）。")
    )
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED,
        ended_at=now,
        outcome_message=gettext_noop("执行进程三次中断，未再自动重试。请查看运行日志后重新开始。"),
    )


def _settle_tasks(now: datetime) -> set[str]:
    """Close the queue's entries whose worker is gone. Which jobs have an entry that will still bring a worker?"""
    queue = DBTaskResult.objects.filter(task_path=perform.module_path)
    live = {entry.args_kwargs["args"][0] for entry in queue.filter(status=TaskResultStatus.READY)}
    running = set(map(str, Job.objects.filter(state=Job.State.RUNNING).values_list("pk", flat=True)))
    for entry in queue.filter(status=TaskResultStatus.RUNNING):
        job_id = entry.args_kwargs["args"][0]
        if job_id in running or (entry.started_at and entry.started_at > now - STALE):
            live.add(job_id)
        else:
            entry.set_failed(TakenOver())
    return live


def forget_queue(before: datetime) -> int:
    """Delete the queue's closed entries; the jobs themselves stay."""
    closed = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    return DBTaskResult.objects.filter(status__in=closed, finished_at__lt=before).delete()[0]


def _mine(job: Job) -> Any:
    """The row as long as this attempt owns it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _end(job: Job, state: Job.State, outcome: str | Sentence, **progress: float | None) -> None:
    message, params = _kept(outcome)
    _mine(job).update(state=state, outcome_message=message, outcome_params=params, ended_at=timezone.now(), **progress)


def _sentence(fault: Fault) -> Sentence:
    """What JSON can keep of a fault, masked: it may quote a cell."""
    return Sentence(fault.message, {name: _value(value) for name, value in fault.params.items()})


def _value(value: object) -> object:
    if isinstance(value, Fault):
        return _sentence(value)._asdict()
    return value if isinstance(value, int | float) else mask(str(value)).text


def _kept(sentence: str | Sentence) -> Sentence:
    """A plain text has no placeholders."""
    return sentence if isinstance(sentence, Sentence) else Sentence(sentence, {})
