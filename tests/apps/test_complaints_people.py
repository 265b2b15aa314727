"""Is one customer counted as one, and is an agent of many seen, without anybody being judged by a machine?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, agents, chain, customers, keeping, outcomes, projecting
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, CustomerTie, Event, Party, PartyMark
from huixiang.channels.contract import Fault
from tests import make
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def received(bank: Bank, by: Staff, days_ago: int = 0, **who: str) -> Case:
    person = Person(Party.Role.COMPLAINANT, Identity(**who))
    at = timezone.now() - timedelta(days=days_ago)
    text = "去年已销卡，今年又收年费"
    return actions.register(
        Receipt("phone", bank.north_branch, "年费收错了", text, people=(person,), received_at=at), by=by
    )


def test_two_numbers_of_one_telephone_are_proposed_and_a_person_makes_them_one(bank: Bank, handler: Staff) -> None:
    first = received(bank, handler, 2, customer_number="C1", phone="13800138000")
    second = received(bank, handler, 1, customer_number="C2", phone="138 0013 8000")
    page = make.client(handler)
    assert "电话相同" in page.get(f"/complaints/{second.pk}/").content.decode()
    assert not customers.are_one(first, second), "nobody has said so yet"
    with pytest.raises(Fault, match="请先核对"):
        actions.do(second.pk, "tie", Doing(other=first.number), by=handler)
    page.post(f"/complaints/{second.pk}/tie/", {"other": first.number, "is_confirmed": "on", "key": "k"})
    assert customers.are_one(first, second)
    assert CustomerTie.objects.count() == 1
    told = Event.objects.get(verb="tie").told
    assert told == {"case": first.number, "is_confirmed": True}, "no pseudonym stands in what nobody can change"
    assert "可能是同一件" in page.get(f"/complaints/{second.pk}/").content.decode()
    assert list(projecting.rebuild(timezone.now())) == []
    actions.do(second.pk, "untie", Doing(other=first.number, words="看错了"), by=handler)
    assert not customers.are_one(first, second)


def test_what_comes_in_under_an_added_account_is_the_same_customer_again(bank: Bank, handler: Staff) -> None:
    first = received(bank, handler, 9, customer_number="C1")
    actions.do(first.pk, "add_account", Doing(account="C9"), by=handler)
    again = received(bank, handler, 1, customer_number="C9")
    assert customers.are_one(first, again)
    assert "C9" not in str(list(Event.objects.values_list("told", flat=True)))
    matter = {"business_code": "B.card", "cause_code": "C.pricing"}
    Case.objects.update(**matter)
    found = outcomes._contacts([outcomes._as_judged(Case.objects.get(pk=first.pk), [])], customers.groups())
    assert len(found) == 2, "for the first-time resolution she came again"
    assert chain.verify()[1] == []


def by_agent(bank: Bank, by: Staff, days_ago: int, customer: str, **agent: Any) -> Case:
    people = (Person(Party.Role.COMPLAINANT, Identity(customer_number=customer)),
              Person(Party.Role.AGENT, Identity(**{"name": "李四"} | agent)))  # fmt: skip
    text = "依据消保条例第八条，贵行侵害知情权，要求全额退还息费并出具结清证明"
    at = timezone.now() - timedelta(days=days_ago)
    said = {"complainant": "agent", "people": people, "received_at": at, "has_mandate": False}
    return actions.register(Receipt("letter", bank.north_branch, "要求退还息费", text, **said), by=by)


def test_an_agent_of_many_is_shown_with_reasons_and_handled_like_any_other(bank: Bank, handler: Staff) -> None:
    old = by_agent(bank, handler, 200, "C0", phone="13900139000")
    first, second, third = (by_agent(bank, handler, n, f"C{n}", phone="13900139000") for n in (3, 2, 1))
    page = make.client(handler)
    there = page.get(f"/complaints/{third.pk}/").content.decode()
    assert "同一代理人或电话 90 天内有 3 件" in there
    assert "2 件别的投诉文字几乎相同" in there
    assert "还没有收到" in there
    listed = page.get("/complaints/agents/").content.decode()
    assert "3 件，3 位客户" in listed
    assert old.number not in listed
    assert "李四" not in listed
    actions.do(third.pk, "suspect", Doing(suspicion="suspected", words="同文多件"), by=handler)
    actions.do(third.pk, "check_mandate", Doing(mandate="held"), by=handler)
    actions.do(third.pk, "accept", Doing(told_at=timezone.now()), by=handler)
    assert "照常办理" in page.get(f"/complaints/{third.pk}/").content.decode()
    assert {case.pk for case in agents.seen(third, handler).cases} == {first.pk, second.pk}


def test_a_name_alone_is_told_to_be_no_proof_and_marks_go_with_the_term(bank: Bank, handler: Staff) -> None:
    cases = [by_agent(bank, handler, n, f"C{n}") for n in (3, 2, 1)]
    seen = agents.seen(cases[-1], handler)
    assert seen
    assert "只凭姓名" in seen.reasons[0]
    assert agents.many(handler, timezone.now()) == []
    for case in cases:
        actions.do(case.pk, "withdraw", Doing(words="撤回"), by=handler)
    assert keeping.clear(timezone.now() + timedelta(days=366 * 6)) == 3
    assert PartyMark.objects.count() == 0
