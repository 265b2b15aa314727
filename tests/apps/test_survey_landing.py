"""From sent forms to the lake: once, masked, without a trace of who in anonymous surveys, and gone when erased."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import batches, erasing
from huixiang.apps.feedback.actions import erase_customer
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.surveys import result_exports, taking
from huixiang.apps.surveys.models import Invitation, Response, Round
from huixiang.apps.surveys.result_cells import Choice as Results
from huixiang.apps.surveys.result_cells import asked
from huixiang.domain.feedback import pseudonym
from huixiang.lake import questions
from huixiang.lake.questions import AnswerSlice
from huixiang.lake.store import Lake
from tests.apps.arrivals import spoken
from tests.apps.surveys import answered, survey
from tests.apps.test_erasure import in_any_file
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank

pytestmark = pytest.mark.one_database

WHY = "排队太久了，我叫李娜，电话13912345678。"
GIVEN: dict[str, Any] = {
    "nps": 3,
    "csat": 2,
    "wait": 1,
    "what": ["cash", "other"],
    "what:other": "换零钱",
    "age": "old",
}


def rows(lake: Lake, table: str) -> list[dict[str, Any]]:
    return list(lake.fetch(f'SELECT * FROM "{lake.view(table)}"').to_pylist())


def test_a_form_becomes_a_response_its_answers_and_voices(bank: Bank, lake: Lake) -> None:
    row = answered(survey(bank.head_office), GIVEN | {"why": WHY}, unit=bank.north_outlet, tier="金卡", weight=4.0)
    assert taking.take_in() == 1
    assert taking.take_in() == 0
    (response,) = rows(lake, "responses")
    assert (response["unit"], response["tier"], response["weight"], response["is_marked"]) == (
        "N11",
        "金卡",
        4.0,
        False,
    )
    told = {(one["question"], one["item"]): one for one in rows(lake, "answers")}
    assert told["nps", ""]["value"] == 3
    assert told["age", ""]["code"] == "old"
    assert [told["what", choice]["value"] for choice in ("cash", "card", "other")] == [1, 0, 1]
    assert told["staff", ""]["value"] is None  # shown, and passed over
    voices = {one.id: one for one in spoken(lake)}
    assert voices[told["why", ""]["voice"]].text == "排队太久了，我叫〔姓名〕，电话〔手机〕。"
    assert voices[told["what:other", ""]["voice"]].text == "换零钱"
    assert {one.rating for one in voices.values()} == {2.0}  # of the satisfaction asked first
    it = asked(row.version.survey, Results(), None)
    sheet = result_exports.sheet(it, with_words=True)
    (leaves,) = result_exports.leaving(lake, it, sheet).rows
    assert dict(zip([column.name for column in sheet.columns], leaves, strict=True))["what_other_words"] == "换零钱"
    row.refresh_from_db()
    assert row.sealed is None
    assert "13912345678" not in in_any_file(lake.path)


def test_a_link_handed_over_before_weighs_nothing_any_more(bank: Bank, lake: Lake, quality: Staff) -> None:
    version = survey(bank.head_office)
    handed = Round.objects.create(survey=version.survey, name="当面邀请", by=quality, is_handed=True)
    invitation = Invitation.objects.create(
        round=handed, token="t", medium="link", probability=1.0, keep_until=timezone.localdate()
    )
    for of in (invitation, None):
        answered(version, GIVEN, invitation=of, weight=1.0)
    assert taking.take_in() == 2
    assert (taking.unweigh_handed(), taking.unweigh_handed()) == (1, 0)
    for table in ("responses", "answers"):
        assert {row["weight"] for row in rows(lake, table)} == {0.0, 1.0}


DIES = [
    (batches.journal, "write"),
    (Batch, "save"),
    (Lake, "append_once"),
    (batches, "_carry"),
    (batches, "_confirm"),
    (taking, "_erase_answers"),
]


def test_killed_half_way_nothing_is_lost_or_counted_twice(bank: Bank, lake: Lake) -> None:
    version, sent = survey(bank.head_office), []
    for points, (owner, name) in enumerate(DIES):
        sent.append(float(points))
        answered(version, {"nps": points, "why": f"第{points}次来，还是老样子"})
        with pytest.MonkeyPatch.context() as patch:
            dies_after(patch, owner, name)
            with pytest.raises(Killed):
                taking.take_in()
        taking.take_in()
        assert sorted(one["value"] for one in rows(lake, "answers") if one["question"] == "nps") == sent
    assert len(rows(lake, "responses")) == len(spoken(lake)) == len(sent)
    assert not Response.objects.exclude(sealed=None).exists()
    account = Import.objects.get(format="survey").batches.values_list("read", "new", "same")
    assert [sum(column) for column in zip(*account, strict=True)] == [len(sent), len(sent), 0]


def test_an_anonymous_answer_tells_neither_who_nor_when(bank: Bank, lake: Lake) -> None:
    version = survey(bank.head_office, is_anonymous=True)
    for points in (5, 7, 9):
        answered(version, {"nps": points, "why": f"给{points}分的理由"}, unit=bank.north_outlet)
    taking.take_in()
    monday = {row.answered_on for row in Response.objects.all()}
    assert {one["answered_on"] for one in rows(lake, "responses")} == monday
    voices = spoken(lake)
    assert {one.said_precision for one in voices} == {"day"}
    assert {timezone.localtime(one.said_at).date() for one in voices} == monday
    assert {timezone.localtime(one.received_at).date() for one in voices} == monday
    assert rows(lake, "speakers") == []
    assert set(Response.objects.values_list("landed_as", flat=True)) == {""}
    keys = [row.pk.hex for row in Response.objects.all()]
    assert not any(key in in_any_file(lake.path) for key in keys)


def test_a_customer_has_her_answers_erased(bank: Bank, lake: Lake, quality: Staff, settings: Any) -> None:
    version = survey(bank.head_office)
    hers = pseudonym("C7", settings.MASKING_KEY.encode())
    sent = Round.objects.create(survey=version.survey, name="一月", by=quality)
    asked = [
        Invitation.objects.create(
            round=sent, token=str(n), customer=hers, medium="sms", probability=0.5, keep_until=timezone.localdate()
        )
        for n in range(2)
    ]
    answered(version, {"nps": 1, "why": "很不满意这次服务"}, invitation=asked[0])
    answered(version, {"nps": 9}, unit=bank.south_outlet)
    taking.take_in()
    answered(version, {"nps": 2}, invitation=asked[1])  # still waits
    erasure = erase_customer(hers, "客户来函", by=quality)
    erasing.carry_out(erasure)
    assert [one["value"] for one in rows(lake, "answers") if one["value"] is not None] == [9.0]
    assert spoken(lake) == []
    assert Response.objects.count() == 1
    taking.take_in()
    assert len(questions.worded(lake, AnswerSlice("visit"))) == 0
    assert questions.response_count(lake, AnswerSlice("visit")) == 1
