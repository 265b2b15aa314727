"""An import that must wait, or reads long, keeps showing that it lives: it is not taken for dead, and still stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.feedback import importing, reading
from huixiang.apps.feedback.actions import Choice, begin_import, receive_upload
from huixiang.apps.feedback.models import Import
from huixiang.lake.locks import held
from huixiang.lake.store import Lake
from tests.apps.arrivals import MAPPING, bring_in, counts, row, table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(tmp_path: Path, lake: Lake, quality: Staff) -> Job:
    file = table(tmp_path / "留言.csv", [row(number) for number in range(6)])
    draft = receive_upload(file.name, [file.read_bytes()], by=quality)
    return begin_import(draft, Choice("csv", MAPPING), by=quality)


@pytest.fixture
def elsewhere_busy() -> Iterator[ExitStack]:
    """What another process holds, until it is closed."""
    with ExitStack() as holding:
        yield holding


def beats(monkeypatch: pytest.MonkeyPatch, at_third: object) -> list[int]:
    """Every sign of life is written, and counted; something happens at the third."""
    written: list[int] = []
    write = jobs.Progress.write

    def counted(progress: jobs.Progress) -> None:
        written.append(progress.done)
        if len(written) == 3:
            at_third()  # type: ignore[operator]
        write(progress)
        progress._written_at = -1.0

    monkeypatch.setattr(jobs.Progress, "write", counted)
    return written


@pytest.mark.parametrize("lock", ["lake", "import"])
def test_who_waits_for_another_shows_signs_of_life_and_then_goes_on(
    job: Job, lock: str, data: Path, monkeypatch: pytest.MonkeyPatch, elsewhere_busy: ExitStack
) -> None:
    place = data / "lake" / ".lock" if lock == "lake" else importing.lock_of(job.arguments["import_id"])
    elsewhere_busy.enter_context(held(place))
    written = beats(monkeypatch, elsewhere_busy.close)
    jobs.perform.func(str(job.pk))
    assert len(written) >= 3
    assert Job.objects.get(pk=job.pk).state == "done"
    assert counts(Import.objects.get()) == (6, 6, 0, 0, 0)


def test_who_waits_still_stops_when_asked_to(
    job: Job, data: Path, quality: Staff, monkeypatch: pytest.MonkeyPatch, elsewhere_busy: ExitStack
) -> None:
    elsewhere_busy.enter_context(held(data / "lake" / ".lock"))
    beats(monkeypatch, lambda: jobs.cancel(job, quality))
    jobs.perform.func(str(job.pk))
    assert Job.objects.get(pk=job.pk).state == "cancelled"
    assert Import.objects.get().state == "stopped", "it can go on later"


def test_a_large_file_is_hashed_with_signs_of_life(tmp_path: Path) -> None:
    large, told = tmp_path / "large", []
    large.write_bytes(b"x" * (5 << 20))
    reading.fingerprint(large, lambda: told.append(1))
    assert len(told) == 5


def test_the_lock_of_an_import_that_has_ended_stays_the_same_file(tmp_path: Path, lake: Lake, bank: object) -> None:
    imported = bring_in(table(tmp_path / "留言.csv", [row(1)]))
    assert importing.lock_of(str(imported.pk)).exists(), "whoever opened it before must meet the next one there"
