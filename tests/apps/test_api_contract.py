"""Does the API keep what its schema promises, whatever is sent? Schemathesis makes requests, good ones and bad ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db import transaction as db_transaction
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation.models import ModelVersion
from huixiang.apps.feedback.models import Attachment, Erasure, Import
from huixiang.apps.focus import actions as focus
from huixiang.apps.ideas.actions import Wanted, file_idea
from huixiang.apps.intake import taking
from huixiang.apps.needs import actions, evidence
from huixiang.apps.needs.models import Deed
from huixiang.apps.slips import actions as slips
from huixiang.apps.slips import receiving
from huixiang.apps.slips.models import File, Slip
from huixiang.apps.sources.models import Source
from huixiang.apps.standards import actions as standards
from huixiang.apps.surveys.actions import Terms, create_survey
from huixiang.apps.surveys.models import AnswerFile, Round, Survey, Version
from huixiang.apps.surveys.starting import started
from huixiang.channels.pictures import redrawn
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.writing import write as standard_file
from huixiang.domain.surveys.plain import to_plain
from huixiang.lake.store import Lake
from tests import make
from tests.apps import complaints_filled, inspections
from tests.apps.api import FORM, caller, messages, token
from tests.apps.arrivals import row
from tests.apps.intake import Customer, box
from tests.apps.surveys import VISIT, lies_in_the_lake, people, survey
from tests.apps.test_monitoring import shift
from tests.channels.test_pictures import photo


@pytest.fixture
def filled(transactional_db: None, bank: make.Bank, lake: Lake, quality: Staff) -> dict[str, Any]:
    """A small bank with an import; the ids by which a path finds something."""
    begun = caller(quality).upload(messages(*(row(n) for n in range(4)), row(9, 机构="N13")), **FORM).json()
    jobs.perform.func(begun["job"]["id"])
    (refused,) = caller(quality).get(f"/imports/{begun['id']}/quarantine").json()["items"]
    opened = box(bank.north_outlet)
    Customer(opened).sends(photos=1)
    taking.take_in()
    enclosed = Attachment.objects.get()
    make.post(quality, bank.head_office, "auditor")
    make.post(quality, bank.head_office, "administrator")
    person = make.staff("7001", bank.north_outlet, "inspector")
    token(person)
    ids = {"code": "N12", "number": "7001", "post_id": person.posts.get().pk, "token_id": person.tokens.get().pk}
    kept = ModelVersion.objects.create(
        task="sentiment", name="q1", number=1, folder="sentiment/1", sha256="0" * 64, card={"data": {"n": 40}}
    )
    ids |= {"model_id": kept.pk, "task": "sentiment", "name": "llm"}
    feed = Source.objects.create(
        kind="feed", name="论坛", address="https://forum.example/rss", channel="social", by=quality
    )
    ids["source_id"] = str(feed.pk)
    done = Erasure.objects.create(what="voice", reason="来函", voices=1, by=quality, finished_at=timezone.now())
    ids["idea_id"] = file_idea(Wanted("扫码取号", "让客户在家取号"), "k", by=quality).pk
    ids["erasure_id"] = str(done.pk)
    slips.bring_in([("意见单.png", b"\x89PNG\r\n\x1a\n")], bank.north_outlet, None, by=quality)
    with db_transaction.atomic():
        ready = receiving.prepared(File.objects.get(), 1, "", redrawn(photo()), bank.north_outlet)
        paper = ready.save() if ready else None
    assert paper
    Slip.objects.update(state=Slip.State.READ)
    ids["slip_id"] = str(paper.pk)
    lies_in_the_lake(lake, survey(bank.head_office, slug=opened.slug), people(60))
    Survey.objects.update(draft=to_plain(VISIT))  # a short id that was guessed finds it too
    ids |= {"channel": "hotline", "slug": opened.slug, "voice_id": enclosed.voice_id, "attachment_id": str(enclosed.pk)}
    ids |= {"import_id": begun["id"], "job_id": begun["job"]["id"], "row_id": refused["id"]}
    asked = create_survey(bank.north_outlet, Terms("到店"), started("visit"), by="cli:test")
    ids |= {"survey_id": asked.pk, "round_id": Round.objects.create(survey=asked, name="到店客户", by=quality).pk}
    came = Import.objects.create(
        format="survey-answers", fingerprint="0" * 64, bytes=1, by=quality, actor=quality.number
    )
    Import.objects.filter(pk=came.pk).update(started_at=timezone.now(), finished_at=timezone.now())
    version = Version.objects.create(survey=asked, number=1, definition=to_plain(VISIT))
    ids["answers_id"] = str(AnswerFile.objects.create(of=came, version=version).of_id)
    wording, rules = actions.Wording("少等一点", "demand"), [evidence.rule(evidence.group(terms=["等"]))]
    ids["need_id"] = need_id = actions.propose(wording, rules, by=quality).pk
    ids["deed_id"] = Deed.objects.create(
        need_id=need_id, said="等得久", did="增开窗口", done_on=timezone.localdate()
    ).pk
    setting = focus.Setting(date(2026, 3, 16), bank.north_outlet)
    study = focus.open_study(bank.head_office, focus.Plan("网点排队"), by=quality)
    talk = focus.add_session(study.pk, setting, by=quality)
    person = focus.add_participant(talk.pk, spoken_as="参与者A", by=quality)
    focus.record_consent(person.pk, "voice", date(2026, 3, 16), by=quality)
    record = focus.upload(talk.pk, "座谈.txt", "参与者A：排队太久".encode(), by=quality)
    focus.bring_in(record.pk, {"参与者A": "P1"}, by=quality)
    ids |= {"study_id": study.pk, "session_id": talk.pk, "participant_id": person.pk}
    ids["utterance_id"] = talk.utterances.get().pk
    ids["code_id"] = word = focus.add_code(study.pk, "排队", by=quality).pk
    ids["theme_id"] = focus.make_theme(study.pk, focus.Meaning("等候", codes=[word]), by=quality).pk
    ids["kind"] = "answers"
    written = standards.write_version(standard_file(starter_set()[0]), by=quality)
    ids |= {"standard_code": written.standard.code, "version_number": written.number}
    ids["shift_id"] = shift(unit="").pk
    ids |= inspections.filled_ids(bank, quality)
    ids |= complaints_filled.filled(bank, quality, enclosed.voice_id)
    return ids | {"token": token(Staff.objects.get(pk=quality.pk))}


def test_no_request_breaks_it_and_every_answer_is_as_promised(filled: dict[str, Any]) -> None:
    from tests.apps import contract  # three seconds to import: for who runs this story, not for who collects all

    operations = contract.operations()
    assert len(operations) >= 36
    # Who leaves a talk takes her words along: asked last, or nothing would be left to code.
    operations.sort(key=lambda each: "/participants/{" in each.label)
    if connection.vendor != "sqlite":
        operations = [each for each in operations if each.method != "get"]
    missed = []
    for operation in operations:
        given_ids = {each.name: filled[each.name] for each in operation.path_parameters if each.name in filled}
        if not contract.reached(operation, given_ids, filled["token"]):
            missed.append(operation.label)
    assert not missed, f"never reached: {missed}"
