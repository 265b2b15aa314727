"""A job survives the death of its worker, never runs twice at once, stops when asked to, and says how it ended."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job
from huixiang.web.cli import main
from tests.loop import worker
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def works() -> None:
    worker.register()


@pytest.fixture
def start_worker(elsewhere: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    running = []

    def start() -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen([sys.executable, "-m", "tests.loop.worker"], cwd=ROOT, env=elsewhere))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_job_killed_in_the_middle_is_finished_by_the_next_worker(start_worker: Any, data: Path) -> None:
    path = data / "numbers"
    job = jobs.start("count", "数数", None, path=str(path), until=80)
    first = start_worker()
    until(lambda: len(lines(path)) > 5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert jobs.reap(timezone.now()) == 0, "it may still be alive"
    assert state_of(job) == "running"
    assert jobs.reap(timezone.now() + timedelta(seconds=90)) == 1
    start_worker()
    until(lambda: state_of(job) == "done")
    job.refresh_from_db()
    assert (job.outcome, job.attempts, job.percent) == ("数到 80", 2, 100)
    assert [int(number) for number, _ in lines(path)] == list(range(80))
    until(lambda: not DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).exists())


def test_a_worker_told_twice_to_stop_hands_its_job_back_at_once(start_worker: Any, data: Path) -> None:
    path = data / "numbers"
    job = jobs.start("count", "数数", None, path=str(path), until=60)
    first = start_worker()
    until(lambda: len(lines(path)) > 5)
    until(lambda: first.terminate() or first.poll() is not None)
    assert state_of(job) == "waiting"
    assert jobs.reap(timezone.now()) == 1
    start_worker()
    until(lambda: state_of(job) == "done")
    assert [int(number) for number, _ in lines(path)] == list(range(60))


def test_two_workers_never_do_the_same_job_at_once(start_worker: Any, data: Path) -> None:
    path = data / "numbers"
    job = jobs.start("count", "数数", None, path=str(path), until=60)
    for _ in range(3):  # as if three reapers had put it into the queue
        jobs.perform.enqueue(str(job.pk))
    start_worker(), start_worker()
    until(lambda: state_of(job) == "done" and not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists())
    assert len({pid for _, pid in lines(path)}) == 1
    assert len(lines(path)) == 60
    assert Job.objects.get(pk=job.pk).attempts == 1


def test_a_running_job_stops_when_asked_to(start_worker: Any, data: Path, administrator: Any) -> None:
    job = jobs.start("count", "数数", administrator, path=str(data / "numbers"), until=2000)
    start_worker()
    until(lambda: state_of(job) == "running")
    jobs.cancel(job, administrator, "10.0.0.7")
    until(lambda: state_of(job) == "cancelled")
    assert "停止" in Job.objects.get(pk=job.pk).outcome
    assert AuditRecord.objects.get(verb="job.cancel").actor == administrator.number


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_before_it_starts(administrator: Any, data: Path) -> None:
    job = jobs.start("count", "数数", administrator, path=str(data / "numbers"), until=3)
    jobs.cancel(job, administrator)
    jobs.perform.func(str(job.pk))
    assert state_of(job) == "cancelled"
    assert not (data / "numbers").exists()


@pytest.mark.django_db
def test_what_a_job_breaks_on_is_told_without_what_a_customer_said(caplog: pytest.LogCaptureFixture) -> None:
    job = jobs.start("fail", "出错", None, words="王小明的电话是 13800138000")
    jobs.perform.func(str(job.pk))
    job.refresh_from_db()
    assert job.state == "failed"
    assert "RuntimeError" in job.outcome
    assert "RuntimeError" in caplog.text
    assert "13800138000" not in job.outcome + caplog.text


@pytest.mark.django_db
def test_a_worker_that_was_only_slow_gives_way_to_the_one_that_took_over(data: Path) -> None:
    job = jobs.start("count", "数数", None, path=str(data / "numbers"), until=3)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, beat_at=timezone.now())
    slow = jobs.Progress(Job.objects.get(pk=job.pk))
    slow.report(1)
    later = timezone.now() + timedelta(minutes=5)
    jobs.reap(later)
    jobs.perform.func(str(job.pk))
    slow._written_at = -1.0
    with pytest.raises(jobs.TakenOver):
        slow.write()
    assert Job.objects.get(pk=job.pk).outcome == "数到 3"


@pytest.mark.django_db
def test_a_job_that_broke_its_worker_three_times_is_given_up() -> None:
    job = jobs.start("fail", "总是崩溃", None)
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=jobs.MOST_ATTEMPTS, beat_at=long_ago)
    assert jobs.reap(timezone.now()) == 0
    job.refresh_from_db()
    assert (job.state, "三次" in job.outcome) == ("failed", True)


@pytest.mark.django_db
def test_a_waiting_job_whose_queue_entry_was_lost_gets_a_new_one() -> None:
    jobs.start("fail", "丢失", None)
    DBTaskResult.objects.all().delete()
    assert jobs.reap(timezone.now()) == 1
    assert jobs.reap(timezone.now()) == 0
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_failed_never_was() -> None:
    with transaction.atomic():
        jobs.start("fail", "回滚", None)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_jobs_of_dead_workers_are_taken_over_by_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    job = jobs.start("fail", "失联", None)
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, beat_at=long_ago)
    DBTaskResult.objects.all().delete()
    assert main(["jobs", "reap"]) == 0
    assert capsys.readouterr().out.strip().endswith("1")
    assert state_of(job) == "waiting"
