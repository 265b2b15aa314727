"""Is the demonstration whole? `huixiang demo` on a small bank: all that it imports is there, and once."""

from __future__ import annotations

import argparse
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord, Job, Staff, Token
from huixiang.apps.annotation.models import Label, Task
from huixiang.apps.complaints import backdating
from huixiang.apps.complaints.models import (
    Absence,
    Case,
    CaseFile,
    Denominator,
    Mention,
    OldNumber,
    OpeningTerm,
    ReturnVersion,
    VoiceRuleBook,
)
from huixiang.apps.feedback.models import Correction, Erasure, Import, Quarantined, Tombstone
from huixiang.apps.intake.models import PostBox
from huixiang.apps.needs.models import Need
from huixiang.apps.slips import reading
from huixiang.apps.slips.models import Slip
from huixiang.apps.sources.models import Source
from huixiang.apps.surveys import drawing
from huixiang.apps.surveys.models import Framed, Invitation, Response, Round, Survey
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import slices
from huixiang.lake.questions.hotline import calls
from huixiang.lake.questions.slices import ask
from huixiang.lake.store import Lake
from huixiang.web.commands import demo, demo_bringing
from huixiang.web.demo import BRANCH_MANAGER, forum, request, slips, survey_list, survey_rounds
from huixiang.web.demo.working import work_off
from tests import make
from tests.apps.paper import Written

UNREAD = {
    Channel.FOCUS_GROUP,
    Channel.OTHER,
}  # a bank of one month has held no focus group yet; nothing is of the other


def filled(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return demo.run(parser.parse_args(arguments))


def counted(lake: Lake) -> Counter[str]:
    """Voices of each channel, calls, and the rows of all that people did, down to the last record of the audit."""
    found = Counter(str(voice.channel) for voice in questions.stream(lake, questions.Slice()))
    found["calls"] = len(ask(lake, calls(lake).select("voice")))
    done = (AuditRecord, Correction, Erasure, Import, Job, Label, Need, PostBox, Quarantined, Source, Staff, Token)
    asked = (Framed, Invitation, Response, Round, Survey)
    found["responses"] = len(ask(lake, slices.voices(lake, table="responses").select("id")))
    return found + Counter({model.__name__: model.objects.count() for model in (*done, *asked)})


class Here:
    """Calls and tickets come in by this process: another would not know the tests' database."""

    def __init__(self, exports: Path) -> None:
        demo_bringing.bring_records(exports)

    def wait(self) -> None:
        pass


def broken_off(_job: Any) -> bool:
    raise KeyboardInterrupt


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_demonstration_has_something_on_every_page_goes_on_when_killed_and_a_second_run_adds_nothing(
    lake: Lake, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(demo_bringing, "records_beside", Here)
    monkeypatch.setenv("HUIXIANG_SHARED", str(tmp_path / "nothing"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(forum, "FORUM", address)
    settings.SOURCES = [address]
    monkeypatch.setattr(slips, "WRITTEN", slips.WRITTEN[:3])  # paper, read as tests/apps/paper.py says
    monkeypatch.setattr(reading, "Reader", lambda: Written(("空调太冷。", 0.99)))
    monkeypatch.setattr(request, "work_off", broken_off)
    with pytest.raises(KeyboardInterrupt):
        filled("--branches", "4", "--months", "1")
    monkeypatch.setattr(request, "work_off", work_off)
    assert Erasure.objects.get().finished_at is None
    assert filled("--branches", "4", "--months", "1") == 0
    assert demo.PASSWORD in capsys.readouterr().out, "who can log in"
    before = counted(lake)
    assert all(before[channel] for channel in Channel if channel not in UNREAD), before
    assert before["calls"] > 1000
    assert all(imported.state == "finished" for imported in Import.objects.all())
    assert Import.objects.filter(file_name="mails.mbox").exists()
    assert {"tickets", "clicks", "downtimes", "customers"} <= set(Import.objects.values_list("format", flat=True))
    assert Slip.objects.in_state("taken").count() == 5
    a_survey_was_drawn_and_one_branch_asks_the_pleased(tmp_path / "demo-bank")
    a_customer_is_gone(lake)
    a_branch_manager_finds_her_book_and_her_correction(lake)
    there_is_something_of_each_task_and_a_forum_was_asked_once()
    the_complaint_office_has_a_day_and_two_people_stand_for_a_quarter()
    assert {token.staff.number: token.is_usable for token in Token.objects.all()} == {
        "10001": True,
        "10002": True,
        "10004": False,
    }
    assert {(job.kind, job.state) for job in Job.objects.all() if job.state != Job.State.DONE} == set()
    before = counted(lake)
    assert filled("--branches", "4", "--months", "1") == 0
    assert counted(lake) == before


def there_is_something_of_each_task_and_a_forum_was_asked_once() -> None:
    assert {label.task for label in Label.objects.all()} == set(Task.values)
    source = Source.objects.get()
    assert source.paused_at
    assert source.polled_at
    assert sum(batch.new for batch in source.deliveries.get().of.batches.all()) == len(forum.POSTS)


def the_complaint_office_has_a_day_and_two_people_stand_for_a_quarter() -> None:
    of_the_day = (Absence, CaseFile, Mention, VoiceRuleBook, OldNumber, OpeningTerm, Denominator)
    assert [kind.__name__ for kind in of_the_day if not kind.objects.exists()] == []
    assert Case.objects.filter(old_number=None, is_open=True).exists(), "beside those of the old register"
    assert Case.objects.exclude(call_back_at=None).count() == 1
    assert list(backdating.lines(Case.objects.all())) == [], "the made-up past was written down when it happened"
    stands = ReturnVersion.objects.get()
    assert stands.state == "frozen"
    assert stands.approved_by != stands.drafted_by


def a_survey_was_drawn_and_one_branch_asks_the_pleased(exports: Path) -> None:
    """Both draws can be done again; the branch that the truth names left customers out and handed links over."""
    survey = Survey.objects.get(name=survey_rounds.NAME)
    drawn = {round_.name: round_ for round_ in survey.rounds.filter(is_handed=False)}
    assert drawn.keys() == {survey_rounds.DRAWN, survey_rounds.OWN}
    assert all(drawing.redraw(round_).is_same for round_ in drawn.values())
    for round_ in survey.rounds.all():
        sent = round_.invitations.filter(state=Invitation.State.SENT)
        assert 0 < sent.filter(is_used=True).count() < sent.count()
    (gaming, *_), _size = survey_list.planted(exports)
    by_hand = Invitation.objects.filter(round__survey=survey, round__is_handed=True)
    assert {one.unit.code for one in by_hand.select_related("unit") if one.unit} == {gaming}
    assert set(survey.frame.exclude(left_out_for="").values_list("unit__code", flat=True)) <= {gaming}


def a_customer_is_gone(lake: Lake) -> None:
    erased = Erasure.objects.get()
    assert erased.finished_at
    assert erased.reason == request.REASON, "nothing of it was masked: by it a later run knows its own"
    stones = list(Tombstone.objects.values_list("pk", flat=True))
    assert len(stones) >= erased.voices + erased.calls > 0, "and her tickets of the queue"
    assert not lake.rows("voices", stones)
    assert not any(lake.rows(table, stones) for table in ("tickets", "clicks", "customers"))


def a_branch_manager_finds_her_book_and_her_correction(lake: Lake) -> None:
    """The store's two rows that cannot be read wait, as one of the book's three does."""
    states = Counter(Quarantined.objects.values_list("state", flat=True))
    assert states == {"open": 3, "mended": 1, "discarded": 1}
    manager = Staff.objects.get(number=BRANCH_MANAGER)
    assert "来客意见簿" in make.client(manager).get("/imports/").content.decode()
    for correction in Correction.objects.filter(by=manager):
        voice = questions.voice(lake, correction.voice_id)
        assert voice is not None
        assert getattr(voice, correction.field) == correction.after
    assert Need.objects.filter(unit__code="HC010101").exists(), "what she raised herself"
