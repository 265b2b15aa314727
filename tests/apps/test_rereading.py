"""A month read again: people's word stays, what changed meanwhile is left alone, and the old reading can be seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.annotation import actions, rereading
from huixiang.apps.annotation.models import Rereading
from huixiang.apps.feedback import actions as feedback
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.lake import questions
from huixiang.lake.questions import Voice, again
from huixiang.lake.store import Lake
from tests.apps import learning
from tests.apps.arrivals import spoken
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def contrary() -> Classifier:
    """It takes each feeling for its opposite, so that every reading changes."""
    return learning.model(upside_down=True)


@pytest.fixture
def heard(bank: Bank, lake: Lake, quality: Staff, contrary: Classifier) -> list[Voice]:
    """Twelve voices read by the rules, and a contrary model activated since."""
    found = learning.voices(lake, 12)
    actions.activate(learning.registered(contrary, quality), by=quality, although_worse=True, reason="试验")
    return found


def heard_out(done: int, total: int) -> None:
    """Nobody asks to stop."""


def stopped(done: int, total: int) -> None:
    """Somebody asks to stop after the first stretch."""
    if done:
        raise jobs.Cancelled


def done(of: Rereading) -> Rereading:
    jobs.perform.func(str(of.job_id))
    return Rereading.objects.get(pk=of.pk)


def test_all_voices_of_the_month_are_read_again_and_the_old_reading_is_kept(
    heard: list[Voice], quality: Staff, lake: Lake
) -> None:
    before = {voice.id: voice.sentiment for voice in heard}
    of = done(actions.reread(["2026-06"], by=quality))
    assert (of.voices, of.label) == (12, "trial-1")
    now = {voice.id: voice for voice in spoken(lake)}
    assert {voice.understood_by for voice in now.values()} == {"trial-1"}
    kept = {each["id"]: each for each in lake.rows("readings", before).to_pylist()}
    assert {id: each["sentiment"] for id, each in kept.items()} == before
    assert {each["understood_by"] for each in kept.values()} == {heard[0].understood_by}
    moved = questions.moves(lake, str(of.pk), "sentiment")
    assert sum(each.count for each in moved) == 12
    assert of.changed >= sum(each.count for each in moved if each.before != each.now) > 0
    job = Job.objects.get(pk=of.job_id)
    assert (job.state, job.total) == ("done", 12)
    assert "12" in job.outcome


def test_what_people_judged_stays(heard: list[Voice], quality: Staff, lake: Lake) -> None:
    judged, other = heard[0], heard[1]
    feedback.correct_voice(judged.id, "sentiment", "neutral", "", by=quality)
    feedback.correct_voice(other.id, "kind", "question", "", by=quality)
    of = done(actions.reread(["2026-06"], by=quality))
    assert of.by_people == 2
    now = {voice.id: voice for voice in spoken(lake)}
    assert (now[judged.id].sentiment, now[judged.id].understood_by) == ("neutral", "person")
    assert (now[other.id].kind, now[other.id].understood_by) == ("question", "trial-1")
    (moved, *_) = [each for each in questions.moves(lake, str(of.pk), "sentiment") if each.before != each.now]
    pair = ("sentiment", moved.before, moved.now)
    shown = questions.moved_voices(lake, str(of.pk), *pair)
    assert len(shown) == moved.count
    # What a person moves afterwards is neither counted nor shown as the model's doing.
    feedback.correct_voice(shown[0], "sentiment", "neutral", "", by=quality)
    assert shown[0] not in questions.moved_voices(lake, str(of.pk), "sentiment", moved.before, "neutral")


def test_a_killed_or_cancelled_run_goes_on_and_changes_nothing_twice(
    heard: list[Voice], quality: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = actions.reread(["2026-06"], by=quality)
    with pytest.raises(jobs.Cancelled):
        rereading.carry_out(of, stopped, at_once=5)
    assert {voice.understood_by for voice in spoken(lake)} == {heard[0].understood_by, "trial-1"}
    read, seen = rereading._read, list[str]()
    monkeypatch.setattr(
        rereading, "_read", lambda by, some, waiting: seen.extend(row["id"] for row in some) or read(by, some, waiting)
    )
    finished = done(of)
    assert (len(seen), finished.voices) == (7, 12), "it goes on where it was"
    assert lake.rows("readings", [voice.id for voice in heard]).num_rows == 12
    version = lake.version("voices"), lake.version("readings")
    rereading.carry_out(finished, heard_out)
    assert (lake.version("voices"), lake.version("readings")) == version


def test_a_voice_that_its_source_changed_meanwhile_is_left_alone(
    heard: list[Voice], quality: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, read = actions.reread(["2026-06"], by=quality), rereading._read

    def meanwhile(*given: Any) -> Any:
        found = read(*given)
        lake.set_columns("voices", heard[0].id, {"version": 2, "content_hash": "another", "rating": 2.0})
        return found

    monkeypatch.setattr(rereading, "_read", meanwhile)
    done(of)
    late = next(voice for voice in spoken(lake) if voice.version == 2)
    assert (late.rating, late.understood_by) == (2.0, heard[0].understood_by)
    assert lake.rows("readings", [voice.id for voice in heard]).num_rows == 11


def test_an_erasure_takes_the_old_readings_along(heard: list[Voice], quality: Staff, lake: Lake) -> None:
    done(actions.reread(["2026-06"], by=quality))
    lake.erase([heard[0].id])
    assert lake.rows("readings", [heard[0].id]).num_rows == 0
    assert lake.rows("readings", [heard[1].id]).num_rows == 1


def test_an_erasure_while_a_month_is_read_takes_only_what_was_erased(
    heard: list[Voice], lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 5)
    portions = questions.to_read_again(lake, "2026-06")
    first = {row["id"] for row in next(portions)}
    gone = next(voice.id for voice in heard if voice.id not in first)
    lake.erase([gone])
    lake.tidy(older_than_hours=0)
    rest = {row["id"] for some in portions for row in some}
    assert first | rest == {voice.id for voice in heard} - {gone}


def test_one_at_a_time_of_months_that_hold_voices_by_who_may(
    heard: list[Voice], quality: Staff, manager: Staff
) -> None:
    for months, why in (([], "至少一个月份"), (["2026-13"], "不是月份"), (["2020-01"], "没有声音")):
        with pytest.raises(Fault) as refused:
            actions.reread(months, by=quality)
        assert why in str(refused.value)
    with pytest.raises(PermissionDenied):
        actions.reread(["2026-06"], by=manager)
    actions.reread(["2026-06"], by=quality)
    with pytest.raises(Fault, match="还在进行"):
        actions.reread(["2026-06"], by="cli:tester")


def test_a_broken_model_reads_nothing_again(heard: list[Voice], quality: Staff, lake: Lake, data: Path) -> None:
    (data / "models/sentiment/1/model.npz").write_bytes(b"half of i")
    of = actions.reread(["2026-06"], by=quality)
    jobs.perform.func(str(of.job_id))
    job = Job.objects.get(pk=of.job_id)
    assert job.state == "failed"
    assert "不能使用" in job.outcome
    assert lake.version("readings") == -1
