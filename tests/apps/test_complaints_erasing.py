"""Who has what she said erased: does her complaint go on until it is answered, and into storage in that very moment?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, catching_up, erasing
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.actions.ties import add_account
from huixiang.apps.complaints.models import Case, CaseVoice, PartyMark
from huixiang.apps.complaints.standings import history
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import certifying, tombstones
from huixiang.apps.feedback import erasing as feedback_erasing
from huixiang.apps.feedback.erasing import Kept
from huixiang.apps.feedback.models import Addendum, Erasure, Tombstone, Withheld
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, spoken, table
from tests.apps.test_erasure import hers
from tests.make import Bank

PHONE, MAIL = "13800138000", "wang.fang@example.com"


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def registered(bank: Bank, by: Staff, **changed: Any) -> Case:
    said = {"way": "phone", "unit": bank.north_branch, "title": "年费", "text": "没说清"} | changed
    return actions.register(Receipt(**said), by=by)


def do(case: Case, verb: str, by: Staff, **said: Any) -> Case:
    return actions.do(case.pk, verb, Doing(**said), by=by)


def closed(case: Case, by: Staff) -> Case:
    now = timezone.now
    for verb, said in (
        ("accept", {"told_at": now()}),
        ("take", {}),
        ("decide", {"words": "退还"}),
        ("reply", {"words": "经核实", "told_at": now(), "names_grounds": True, "remedies": REMEDIES}),
    ):
        do(case, verb, by, **said)
    return do(case, "close", by)


def erased(erasure: Erasure) -> Erasure:
    feedback_erasing.carry_out(erasure)
    erasure.refresh_from_db()
    return erasure


def held(*cases: Case) -> list[bool]:
    return [Case.objects.get(pk=case.pk).is_held for case in cases]


def test_by_voice_or_by_customer_an_open_complaint_is_answered_first_and_stored_as_it_ends(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff, tmp_path: Path
) -> None:
    bring_in(table(tmp_path / "a.csv", [hers(20)]))
    (voice,) = spoken(lake)
    of_voice = registered(bank, handler, voices=(voice.id,))
    of_customer, over = registered(bank, handler, customer="c1"), registered(bank, handler, customer="c1")
    do(over, "withdraw", handler, words="不投诉了")
    page = make.client(quality)
    assert "在办的须先答复" in page.get(f"/voices/{voice.id}/erase/").content.decode()
    assert "还有 2 件投诉" in page.post("/erasures/customer/", {"pseudonym": "c1"}).content.decode()
    asked = {"what": "voice", "reason": "来函", "sure": "on"}
    told = page.post(f"/voices/{voice.id}/erase/", asked, follow=True).content.decode()
    assert "另有 1 件投诉正在办理，本行依规须先答复（令2020年第3号" in told
    for_all = feedback.erase_customer("c1", "来函", by=quality)
    for_one = Erasure.objects.get(what="voice")
    erased(for_one), erased(for_all)
    assert held(of_voice, of_customer, over) == [False, False, True]
    assert not CaseVoice.objects.exists(), "which voice it was is forgotten"
    assert all(certifying.is_clean(each) for each in (for_one, for_all))
    assert ["其中 1 件" in each or "另有 1 件" in each for each in certifying.remarks(for_all)][:2] == [True, True]
    assert not Addendum.objects.exists(), "of what had ended the certificate itself tells"

    assert closed(of_voice, handler).is_held
    assert not Case.objects.visible_to(handler).filter(pk=of_voice.pk).exists()
    assert Case.objects.visible_to(quality).filter(pk=of_voice.pk).exists()
    assert history(of_voice).standing().is_held
    page_of_it = make.client(handler).post(f"/complaints/{of_customer.pk}/withdraw/", {"key": "x", "words": "算了"})
    assert page_of_it.headers["Location"] == "/complaints/", "it is out of her sight now"
    assert held(of_voice, of_customer, over) == [True, True, True]
    assert erasing.hold_ended() == 0, "nothing waits for the night"
    one, other = Addendum.objects.order_by("at")
    assert (one.erasure, other.erasure) == (for_one, for_all)
    assert of_voice.number in one.told["lines"][0]
    assert AuditRecord.objects.filter(verb="erasure.addendum", detail__sha256=one.sha256).exists()
    assert page.get(f"/erasures/addenda/{one.pk}/").content.startswith(b"%PDF")
    assert f"/erasures/addenda/{one.pk}/" in page.get("/erasures/").content.decode()
    assert make.client(handler).get(f"/erasures/addenda/{one.pk}/").status_code == 404
    certified = caller(quality, "voice.erase").post(f"/erasures/{for_one.pk}/certificate").json()
    assert [each["sha256"] for each in certified["addenda"]] == [one.sha256]
    assert "已转为仅存储" in certified["remarks"][0]
    assert set(for_all.tombstones.values_list("voice_id", flat=True)) <= tombstones._kept()


def test_only_the_complainant_has_a_stored_case_dealt_with_again_until_its_next_end(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff
) -> None:
    reopened, case = registered(bank, handler, customer="c1"), registered(bank, handler, customer="c1")
    do(closed(reopened, handler), "reopen", handler, words="发现算错")
    erased(feedback.erase_customer("c1", "来函", by=quality))
    assert held(reopened) == [False], "opened again before she asked: it must be answered"
    closed(case, handler)
    for verb in ("reopen", "note", "archive"):
        with pytest.raises(Fault, match="只可存档"):
            do(case, verb, quality, words="再看看")
    assert "/dispute/" in make.client(quality).get(f"/complaints/{case.pk}/").content.decode()
    assert not do(case, "dispute", quality, words="她来电：没有算对").is_held
    assert Case.objects.visible_to(handler).filter(pk=case.pk).exists()
    assert do(case, "close", handler).is_held
    assert Addendum.objects.count() == 2, "a page each time"


def test_a_merged_case_goes_on_as_the_one_it_is_in(bank: Bank, lake: Lake, quality: Staff, handler: Staff) -> None:
    hers, other, split = (registered(bank, handler, customer=name) for name in ("c1", "c2", "c1"))
    for each in (hers, split):
        do(each, "merge", handler, other=other.number, is_confirmed=True)
    erased(feedback.erase_customer("c1", "来函", by=quality))
    assert held(hers, split, other) == [False, False, False]
    do(split, "split", handler, other=other.number)
    closed(other, handler)
    assert held(hers, split, other) == [True, False, False], "the other one is not hers, and what was split goes on"
    do(split, "withdraw", handler, words="算了")
    assert held(split) == [True]


def test_who_got_the_key_of_an_erased_case_later_is_another(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff
) -> None:
    """A database that began anew, or from a backup of before that case, gives its key to the next who complains."""
    coming = registered(bank, handler, customer="c1").pk + 1
    tombstones.keep({erasing.name_of_case(coming)})
    tombstones.made_even()
    (restored,) = Erasure.objects.all()
    another = registered(bank, handler, customer="c2")
    assert another.pk == coming
    assert not closed(another, handler).is_held
    erased(restored)
    assert (erasing.hold_ended(), held(another)) == (0, [False])
    assert not certifying.withheld(restored), "no certificate tells of it"
    hers = erased(feedback.erase_customer("c2", "来函", by=quality))
    assert (erasing.hold_ended(), held(another)) == (1, [True]), "until she asks herself"
    assert [each.erasure for each in Addendum.objects.all()] == [hers]


def test_by_telephone_or_mail_her_cases_are_found_though_her_number_was_known(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff
) -> None:
    she = Person("complainant", Identity(name="王芳", phone="+86 138-0013-8000", mail=MAIL, customer_number="C7"))
    agent = Person("agent", Identity(name="李律师", phone=PHONE))
    case = registered(bank, handler, people=(she,), customer=feedback.known_as("C7"))
    for_another = registered(bank, handler, people=(agent,), complainant="agent", customer="c2")
    for typed in (PHONE, "138 0013 8000", MAIL.upper()):
        assert feedback.of_customer(feedback.known_as(typed), None).kept.names == {erasing.name_of_case(case.pk)}
    marks = set(PartyMark.objects.filter(kind=PartyMark.REACHED).values_list("mark", flat=True))
    assert not any(PHONE[-8:] in mark or "wang" in mark for mark in marks)
    PartyMark.objects.filter(kind=PartyMark.REACHED).delete()  # as before it was noted
    assert catching_up.catch_up(timezone.now()) == 2
    assert set(PartyMark.objects.filter(kind=PartyMark.REACHED).values_list("mark", flat=True)) == marks
    asked = caller(quality).post("/erasures", {"customer": PHONE, "reason": "来电", "sure": True}).json()
    assert "另有 1 件投诉正在办理" in asked["withheld"][0]
    erased(Erasure.objects.get(pk=asked["id"]))
    do(case, "withdraw", handler, words="算了")
    do(for_another, "withdraw", handler, words="算了")
    assert held(case, for_another) == [True, False], "an agent does not hide the cases of those he speaks for"


def test_a_telephone_that_two_customers_share_hides_nobodys_case(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff
) -> None:
    """A couple's, or a company's: whose complaint it is, only the customer's number tells. Her own goes, his stays."""
    at_home = Person("complainant", Identity(name="王芳", phone=PHONE))
    hers, his = (registered(bank, handler, people=(at_home,), customer=name) for name in ("c1", "c2"))
    nameless = registered(bank, handler, people=(at_home,))
    for case in (hers, his, nameless):
        do(case, "withdraw", handler, words="算了")
    page = make.client(quality)
    assert (
        "另有 3 件投诉只凭这一电话或邮箱查到" in page.post("/erasures/customer/", {"customer": PHONE}).content.decode()
    )
    by_phone = erased(feedback.erase_customer(feedback.known_as(PHONE), "来电", by=quality))
    assert not certifying.withheld(by_phone), "what is another's is told to the bank's people alone"
    told = caller(quality, "voice.erase").get("/erasures").json()["items"][0]
    assert told["shared_cases_count"] == 3
    assert held(hers, his, nameless) == [False, False, False]
    erased(feedback.erase_customer("c1", "她报了客户号", by=quality))
    assert held(hers, his, nameless) == [True, False, False]


def test_one_customer_with_two_accounts_is_one(bank: Bank, lake: Lake, quality: Staff, handler: Staff) -> None:
    she = Person("complainant", Identity(name="王芳", phone=PHONE))
    one, other = (registered(bank, handler, people=(she,), customer=feedback.known_as(n)) for n in ("C7", "C8"))
    both = {erasing.name_of_case(each.pk) for each in (one, other)}
    assert feedback.of_customer(feedback.known_as(PHONE), None).kept == Kept(shared=frozenset(both))
    do(other, "tie", handler, other=one.number, is_confirmed=True)
    assert feedback.of_customer(feedback.known_as(PHONE), None).kept.names == both, "as a person confirmed"
    do(other, "untie", handler, other=one.number, words="看错了")
    add_account(one, "C8")
    assert feedback.of_customer(feedback.known_as(PHONE), None).kept.names == both, "or by an added account"
    third = registered(bank, handler, people=(she,))
    add_account(third, "C9")
    assert len(feedback.of_customer(feedback.known_as(PHONE), None).kept.shared) == 3, "and that is another's"


def test_a_second_request_is_told_what_the_first_put_into_storage(
    bank: Bank, lake: Lake, quality: Staff, handler: Staff
) -> None:
    case = closed(registered(bank, handler, customer="c1"), handler)
    first, second = (erased(feedback.erase_customer("c1", "来函", by=quality)) for _ in range(2))
    for each in (first, second):
        assert "其中 1 件已登记为投诉" in certifying.withheld(each)[0]
        assert certifying.is_clean(each)
    do(case, "dispute", quality, words="没有算对")
    third = erased(feedback.erase_customer("c1", "又来函", by=quality))
    assert "另有 1 件投诉正在办理" in certifying.withheld(third)[0]
    do(case, "close", handler)
    assert Addendum.objects.count() == 3, "to whom it was certified that it is stored, each a page"


def test_a_voice_whose_time_is_over_leaves_its_case_as_it_is(bank: Bank, lake: Lake, handler: Staff) -> None:
    """And one that became a case after its erasure was asked for takes that with it."""
    expired, late = "a" * 24, "b" * 24
    cases = [registered(bank, handler, voices=(each,)) for each in (expired, late)]
    erasure = Erasure.objects.create(what="voice", voices=1)
    Tombstone.objects.create(voice_id=late, erasure=erasure)
    for case in cases:
        do(case, "withdraw", handler, words="算了")
    assert (erasing.keep_for_storage([expired, late]), erasing.keep_for_storage([expired, late])) == (1, 0)
    assert held(*cases) == [False, True]
    assert list(Withheld.objects.values_list("name", flat=True)) == [erasing.name_of_case(cases[1].pk)]
    assert not CaseVoice.objects.exists()
