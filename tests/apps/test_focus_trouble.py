"""What if a record was typed with names, a coder looks too soon or leaves, or a sign came along that nobody sees?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.focus import actions, naming
from huixiang.apps.focus.models import Coding, Participant, Session, Transcript, Utterance
from huixiang.apps.focus.views import coding
from huixiang.channels.contract import Fault
from tests import make
from tests.apps.api import caller
from tests.apps.focus import DAY, bring, seat, talk_of
from tests.make import Bank

pytestmark = pytest.mark.one_database

NAMED = "主持人：请说说。\n张伟：登录太慢。\n李娜女士：字太小。\n王芳女士：都还行。\n张伟：\n"


@pytest.fixture
def talk(bank: Bank, quality: Staff) -> Session:
    return talk_of(bank, quality)


@pytest.fixture
def pair(bank: Bank, quality: Staff, talk: Session) -> tuple[Staff, Staff]:
    """Two coders, of whom the first has said all, and the second something."""
    one = make.staff("1010", bank.head_office, "analyst")
    other = make.staff("1011", bank.head_office, "complaint_handler")
    seat(talk, quality, "参与者A")
    seat(talk, quality, "参与者B")
    bring(talk, quality)
    actions.begin_coding(talk.pk, [one.number, other.number], by=quality)
    slow = actions.add_code(talk.study_id, "慢", by=one)
    for each in Utterance.objects.of_participants():
        actions.code(each.pk, [], by=one)
        actions.code(each.pk, [slow.pk] if each.number == 2 else [], by=other)
    return one, other


def test_names_in_a_record_are_kept_nowhere_and_known_again(talk: Session, quality: Staff) -> None:
    browser, pages = make.client(quality), list[str]()
    for consented in (False, True):
        made = actions.upload(talk.pk, "座谈.txt", NAMED.encode(), by=quality)
        guess = actions.suggested(talk, {each.label: 1 for each in actions.turns(made)})
        who = dict(zip(("张伟", "李娜女士", "王芳女士"), ("P1", "P2", "P3"), strict=True))
        assert guess == {"主持人": "moderator"} | (who if consented else dict.fromkeys(who, "new"))
        # The page names two of them alike: their places tell them apart.
        answers = {f"who-{place}": answer for place, answer in enumerate(guess.values())}
        assert browser.post(reverse("focus_record", args=[made.pk]), answers).status_code == 302
        for each in Participant.objects.all():
            actions.record_consent(each.pk, "analysis", DAY, by=quality)
        pages.append(browser.get(reverse("focus_session", args=[talk.pk])).content.decode())
    assert Utterance.objects.of_participants().count() == 3
    kept = str(list(Participant.objects.values_list("spoken_as"))) + str(list(Transcript.objects.values_list("faults")))
    assert not [name for name in ("张伟", "李娜", "王芳") if name in kept + "".join(pages)]


@pytest.mark.parametrize("label", ["参与者A", "P1", "客户 12", "3号", "女1", "Speaker 2", "受访者三", "甲", ""])
def test_what_is_no_name_is_kept_as_it_is(label: str) -> None:
    assert naming.shown(naming.kept_as(1, label)) == label


def test_who_has_said_all_stays_blind_while_she_may_change_it(
    talk: Session, quality: Staff, pair: tuple[Staff, Staff]
) -> None:
    code = talk.study.codes.get()
    theme = actions.make_theme(talk.study_id, actions.Meaning("登录", codes=[code.pk]), by=quality)
    browser = make.client(pair[0])
    places = [
        reverse("focus_theme", args=[theme.pk]),
        reverse("focus_theme_change", args=[theme.pk]),
        reverse("focus_export", args=[talk.study_id, "coded"]),
        reverse("focus_report", args=[talk.pk]),
    ]
    assert {browser.get(place).status_code for place in places} == {302}
    assert caller(pair[0]).get(f"/focus/studies/{talk.study_id}/agreement").status_code == 422
    (disputed,) = [each for each in Utterance.objects.of_participants() if each.number == 2]
    actions.settle(disputed.pk, [code.pk], by=quality)
    actions.finish(talk.pk, by=quality)
    assert {browser.get(place).status_code for place in places[:3]} == {200}
    with pytest.raises(Fault, match="不在编码中"):
        actions.code(disputed.pk, [code.pk], by=pair[0])


def test_a_coder_who_left_does_not_keep_the_talk_open_for_ever(
    bank: Bank, talk: Session, quality: Staff, pair: tuple[Staff, Staff]
) -> None:
    one, other = pair
    third = make.staff("1012", bank.head_office, "analyst")
    with pytest.raises(Fault, match="还在岗"):
        actions.begin_coding(talk.pk, [one.number, third.number], by=quality)
    Staff.objects.filter(pk=other.pk).update(is_active=False)
    actions.begin_coding(talk.pk, [one.number, third.number], by=quality)
    assert not Coding.objects.filter(by=other).exists()
    assert [each.detail.get("dropped") for each in AuditRecord.objects.filter(verb="focus.begin_coding")].count(3) == 1


def test_a_sign_that_nobody_sees_ends_no_export(bank: Bank, quality: Staff, talk: Session) -> None:
    actions.change_study(talk.study_id, actions.Plan("手机\x0b银行\x02"), by=quality)
    actions.add_code(talk.study_id, "慢\x08", "登录\ufffe慢", by=quality)
    seat(talk, quality, "参与者A")
    bring(talk, quality, "参与者A：登录\x1b太慢\x7f。")
    browser: Any = make.client(quality)
    for kind in ("qdc", "qdpx", "sheet"):
        assert browser.get(reverse("focus_export", args=[talk.study_id, kind])).status_code == 200
    assert Utterance.objects.get().text == "登录太慢。"


def test_a_draft_under_another_key_is_told(talk: Session, quality: Staff, settings: Any) -> None:
    made = actions.upload(talk.pk, "座谈.txt", NAMED.encode(), by=quality)
    settings.MASKING_KEY = "another key that nobody sealed it under"
    page = make.client(quality).get(reverse("focus_record", args=[made.pk]), follow=True)
    assert "请重新上传" in page.content.decode()


def test_a_long_talk_is_saved_without_a_script_a_part_at_a_time(
    bank: Bank, quality: Staff, talk: Session, pair: tuple[Staff, Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it in one form would be more fields than Django takes: the answers of an afternoon, refused."""
    Coding.objects.all().delete()
    monkeypatch.setattr(coding, "SENT_AT_ONCE", 2)
    browser, place = make.client(pair[0]), reverse("focus_coding", args=[talk.pk])
    parts = browser.get(place).context["parts"]
    said = [sum(each.participant is not None for each, _mine in part) for part in parts]
    assert len(parts) == 2
    assert all(said), f"no part without a question: {said}"
    last = parts[-1][-1][0]
    saved = browser.post(place, {f"codes-{last.pk}": "none", "part": "2"})
    assert saved["Location"] == f"{place}#part-2", "on where she was"
    assert Coding.objects.get().utterance == last
