"""Do voices become complaints by a rule that two people stand for, each once, and never merged by a machine?"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, voicing
from huixiang.apps.complaints.actions import Receipt, ruling
from huixiang.apps.complaints.models import Case, CaseVoice, VoiceRuleBook, VoiceTaking
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from tests import make
from tests.apps.api import caller
from tests.browser import voices as made
from tests.make import Bank

pytestmark = pytest.mark.one_database
ALL = '["app_review", "website", "hotline", "suggestion_box", "social"]'
KINDS = '["demand", "pain_point"]'
RULES = f"""
[[rule]]
code = "unhappy"
title = "不满与诉求"
channels = {ALL}
kinds = {KINDS}
percent = 1
then = "register"
"""


@pytest.fixture
def chief(bank: Bank) -> Staff:
    return make.staff("9001", bank.head_office, "quality_manager", name="秦一")


@pytest.fixture
def second(bank: Bank) -> Staff:
    return make.staff("9002", bank.head_office, "quality_manager", name="吕三")


@pytest.fixture
def heard(lake: Any, bank: Bank) -> list[Any]:
    made.fill(lake, made.made_up(["N11", "N12"], timezone.localdate(), count=40))
    begun = timezone.localdate() - voicing.PREVIEWED
    unhappy = [each for each in questions.stream(lake, Slice()) if each.kind in {"demand", "pain_point"}]
    return [each for each in unhappy if timezone.localdate(each.received_at) >= begun]


def approved(chief: Staff, second: Staff, text: str = RULES) -> VoiceRuleBook:
    book = ruling.write_rules(text, effective_from=timezone.localdate(), note="试行", by=chief)
    book = ruling.approve_rules(book.pk, by=second)
    VoiceRuleBook.objects.update(effective_from=timezone.localdate() - voicing.PREVIEWED)  # as if a month ago
    return book


def test_a_rule_takes_each_voice_once_and_the_case_shows_why(
    heard: list[Any], bank: Bank, chief: Staff, second: Staff
) -> None:
    approved(chief, second)
    assert voicing.take_due(timezone.now()) == len(heard)
    assert voicing.take_due(timezone.now()) == 0
    assert VoiceTaking.objects.count() == CaseVoice.objects.count() + VoiceTaking.objects.waiting().count()
    assert VoiceTaking.objects.filter(state="registered").count() == Case.objects.count() > 0
    case = Case.objects.first()
    assert case
    page = make.client(chief).get(f"/complaints/{case.pk}/").content.decode()
    assert "由规则 不满与诉求" in page
    assert case.events.get(seq=1).by is None


def test_killed_between_the_voice_and_its_case_nothing_is_left_half_done(
    heard: list[Any], chief: Staff, second: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(chief, second)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(voicing.audit, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            voicing.take_due(timezone.now())
    assert (VoiceTaking.objects.count(), Case.objects.count()) == (0, 0)
    assert voicing.take_due(timezone.now()) == len(heard)


def test_nobody_approves_his_own_rules_and_nothing_holds_unapproved(
    heard: list[Any], chief: Staff, second: Staff, manager: Staff
) -> None:
    book = ruling.write_rules(RULES, effective_from=timezone.localdate(), note="试行", by=chief)
    with pytest.raises(Fault, match="不能自己批准"):
        ruling.approve_rules(book.pk, by=chief)
    assert voicing.take_due(timezone.now()) == 0
    with pytest.raises(Fault, match="channels"):
        ruling.write_rules(RULES.replace("social", "survey"), effective_from=timezone.localdate(), note="x", by=chief)
    assert make.client(manager).get("/complaints/voice-rules/").status_code == 404
    answer = caller(second).post(f"/complaint-voice-rules/{book.pk}/approval")
    assert answer.json()["approved_by"] == "9002"
    tried = caller(second).post("/complaint-voice-rules/preview", {"text": RULES}).json()
    assert 0 < sum(tried["rules"]["unhappy"].values()) <= len(heard)


def test_what_is_proposed_waits_for_one_click_or_a_reason(
    heard: list[Any], bank: Bank, chief: Staff, second: Staff
) -> None:
    approved(chief, second, RULES.replace('"register"', '"propose"'))
    voicing.take_due(timezone.now())
    assert Case.objects.count() == 0
    browser = make.client(chief)
    first, other = VoiceTaking.objects.waiting().exclude(unit=None)[:2]
    assert first.voice_id in browser.get("/complaints/taken/").content.decode()
    browser.post(f"/complaints/taken/{first.pk}/", {"deed": "take"})
    browser.post(f"/complaints/taken/{first.pk}/", {"deed": "take"})
    assert CaseVoice.objects.get().voice_id == first.voice_id
    browser.post(f"/complaints/taken/{other.pk}/", {"deed": "decline", "reason": ""})
    assert VoiceTaking.objects.waiting().filter(pk=other.pk).exists()
    browser.post(f"/complaints/taken/{other.pk}/", {"deed": "decline", "reason": "只是吐槽"})
    other.refresh_from_db()
    assert (other.state, other.decided_by) == ("declined", chief)


def test_the_same_customers_open_case_is_proposed_and_never_merged(
    heard: list[Any], bank: Bank, chief: Staff, second: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = next(each for each in heard if each.branch and Channel(each.channel).is_answered)
    monkeypatch.setattr(questions, "speakers", lambda _lake, ids: {known.id: "p" * 32} if known.id in ids else {})
    case = actions.register(
        Receipt(way="phone", unit=bank.north_outlet, title=voicing.title_of(known), text=known.text, customer="p" * 32),
        by=chief,
    )
    approved(chief, second)
    voicing.take_due(timezone.now())
    row = VoiceTaking.objects.get(voice_id=known.id)
    assert (row.state, row.case) == ("join", case)
    assert not CaseVoice.objects.filter(voice_id=known.id).exists()
