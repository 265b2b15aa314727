"""A focus group from the guide to the need: who agreed to what, who coded blind, what is proven, what goes again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback.models import Erasure, Import
from huixiang.apps.focus import actions, coded, erasing, themes, voices
from huixiang.apps.focus.models import Coding, Session, Theme, Utterance
from huixiang.apps.needs.models import Need
from huixiang.channels.contract import Fault
from huixiang.domain.coding import Unknown
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import spoken
from tests.apps.focus import DAY, bring, seat, talk_of
from tests.apps.test_erasure import done
from tests.make import Bank


@pytest.fixture
def analyst(bank: Bank) -> Staff:
    return make.staff("1010", bank.head_office, "analyst", name="许闻溪")


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1011", bank.head_office, "complaint_handler", name="何照临")


@pytest.fixture
def talk(bank: Bank, quality: Staff) -> Session:
    return talk_of(bank, quality)


def erased() -> None:
    for erasure in Erasure.objects.filter(finished_at=None):
        done(erasure)


def test_words_come_in_masked_once_and_only_of_who_agreed(talk: Session, quality: Staff, lake: Lake) -> None:
    seat(talk, quality, "参与者A")
    seat(talk, quality, "参与者B", "quote")
    silent = seat(talk, quality, "参与者C", "")
    first = bring(talk, quality)
    assert (first.read, first.added, first.known, first.left_out) == (6, 5, 0, 1), "C has not agreed yet"
    assert first.sealed is None, "the words are not kept a second time"
    assert "参与者C" in str(first.faults), "the empty line is told"
    assert not Utterance.objects.filter(text__contains="13812345678").exists()
    assert Session.objects.get().state == "held"
    assert Session.objects.get().subject == "手机银行好不好用"
    assert (bring(talk, quality).added, bring(talk, quality, name="again.txt").known) == (0, 5)
    actions.record_consent(silent.pk, "analysis", DAY, by=quality)
    assert bring(talk, quality).added == 1, "the same file, after she agreed"
    assert voices.take_in() == 2
    assert voices.take_in() == 0
    said = spoken(lake)
    assert {(each.channel, each.branch, str(each.said_on)) for each in said} == {("focus_group", "N11", "2026-03-16")}
    assert len(said) == 2, "neither the moderator, nor who only agreed to less"
    assert Import.objects.get(format="focus").finished_at


def test_consent_taken_back_takes_her_words_along_and_leaves_the_fact(
    talk: Session, quality: Staff, lake: Lake
) -> None:
    anna, berta = seat(talk, quality, "参与者A"), seat(talk, quality, "参与者B")
    actions.keep_contact(anna.pk, "13812345678", by=quality)
    bring(talk, quality)
    voices.take_in()
    assert len(spoken(lake)) == 3
    actions.record_consent(berta.pk, "quote", DAY, by=quality)
    erased()
    assert len(spoken(lake)) == 2, "narrower: her words are analysed still, and no voice any more"
    assert Utterance.objects.filter(participant=berta).count() == 1
    gone = actions.withdraw(anna.pk, by=quality)
    erased()
    assert (gone.removed, gone.contact, gone.consent) == (2, None, "")
    assert gone.withdrawn_at
    assert spoken(lake) == []
    assert not Utterance.objects.filter(participant=anna).exists()
    assert bring(talk, quality).added == 0, "nor does she come back by her file"
    assert AuditRecord.objects.get(verb="focus.withdraw").detail["removed"] == 2
    with pytest.raises(Fault, match="已撤回"):
        actions.record_consent(anna.pk, "voice", DAY, by=quality)
    assert erasing.forget_erased() == 0


def test_an_erasure_by_her_telephone_finds_her_and_contacts_go_with_their_days(
    talk: Session, quality: Staff, bank: Bank
) -> None:
    anna = seat(talk, quality, "参与者A")
    actions.keep_contact(anna.pk, "138 1234 5678", by=quality)
    bring(talk, quality)
    boss = make.staff("1002", bank.north_branch, "branch_manager")
    assert actions.contact_of(anna.pk, by=boss) == "138 1234 5678"
    assert AuditRecord.objects.filter(verb="focus.contact_read", actor="1002").count() == 1
    with pytest.raises(ObjectDoesNotExist):
        actions.contact_of(anna.pk, by=make.staff("1003", bank.south_branch, "branch_manager"))
    assert erasing.forget_contacts(timezone.localdate() + timedelta(days=90)) == 0
    feedback.erase_customer(feedback.known_as("13812345678"), "客户来电要求", by=quality)
    erased()
    anna.refresh_from_db()
    assert (anna.contact, anna.removed, anna.utterances.count()) == (None, 2, 0)
    other = seat(talk, quality, "参与者D")
    actions.keep_contact(other.pk, "d@example.com", by=quality)
    assert erasing.forget_contacts(timezone.localdate() + timedelta(days=91)) == 1


def test_two_code_blind_a_third_settles_and_the_theme_bears_out_a_need(
    talk: Session, quality: Staff, analyst: Staff, handler: Staff, lake: Lake
) -> None:
    for name in ["参与者A", "参与者B", "参与者C"]:
        seat(talk, quality, name)
    bring(talk, quality)
    voices.take_in()
    with pytest.raises(Fault, match="两位"):
        actions.begin_coding(talk.pk, [analyst.number], by=quality)
    actions.begin_coding(talk.pk, [analyst.number, handler.number], by=quality)
    slow = actions.add_code(talk.study_id, topic="D.reliability.system", by=analyst)
    small = actions.add_code(talk.study_id, "字太小", "看不清界面上的字", by=analyst)
    tiny = actions.add_code(talk.study_id, "看不清", by=handler)
    assert actions.add_code(talk.study_id, "字太小", by=handler) == small, "found twice, it is one"
    said = list(Utterance.objects.of_participants())
    answers = [([slow.pk], [slow.pk]), ([], []), ([small.pk], [tiny.pk]), ([], [slow.pk])]
    for each, (one, other) in zip(said, answers, strict=True):
        actions.code(each.pk, one, by=analyst)
        actions.code(each.pk, one, by=analyst)  # a slow network sends it again
        actions.code(each.pk, other, by=handler)
    assert Coding.objects.count() == 8
    with pytest.raises(PermissionDenied):
        actions.code(said[0].pk, [], by=quality)
    assert coded.progress(talk).disputed == 2
    actions.merge_codes(tiny.pk, small.pk, by=quality)
    assert coded.progress(talk).disputed == 1, "two words for one thing were no disagreement"
    with pytest.raises(Fault, match="1 处分歧"):
        actions.finish(talk.pk, by=quality)
    with pytest.raises(Fault, match="第三人"):
        actions.settle(said[3].pk, [], by=analyst)
    actions.settle(said[3].pk, [], by=quality)
    assert actions.finish(talk.pk, by=quality).state == "done"
    overall, by_code = coded.agreement(coded.of_sessions([talk]))
    assert (overall.value, overall.why) == (None, Unknown.FEW), "four utterances prove nothing"
    assert {each.why for each in by_code.values()} == {Unknown.FEW}
    meaning = actions.Meaning("登录费劲", "登录慢，字又小", [slow.pk, small.pk], [said[0].pk])
    theme = actions.make_theme(talk.study_id, meaning, by=quality)
    told = themes.told(theme)
    assert (told.utterances, told.people, told.talks, told.of_people) == (2, 1, 1, 3)
    actions.propose(theme.pk, "pain_point", by=quality)
    need = Need.objects.get()
    assert Theme.objects.get().need == need
    assert [pin.voice_id for pin in need.pins.all()] == [said[0].voice_id], "its quote is evidence"
