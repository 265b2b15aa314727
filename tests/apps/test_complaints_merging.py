"""Does a split undo a merger to the byte, and does a merger let nobody see or handle what is about himself?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, chain, files, projecting
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.standings import history
from huixiang.channels.contract import Fault
from tests import make
from tests.apps.api import caller
from tests.make import Bank

PDF = b"%PDF-1.7\n%%EOF"
# All that hangs on a case but its history; the two lines of merger and split are named apart.
HANGING = ("files", "mentions", "ties", "marks", "parties", "voices", "accused", "risk_marks", "notices")


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def colleague(bank: Bank) -> Staff:
    return make.staff("1102", bank.north_branch, "complaint_handler", name="李四")


def do(case: Case, verb: str, by: Staff, **said: Any) -> None:
    actions.do(case.pk, verb, Doing(**said), by=by)


def registered(bank: Bank, by: Staff, days_ago: int, **changed: Any) -> Case:
    people = (Person("complainant", Identity(name="王芳", phone="13800138000", id_number="110101199001011237")),)
    receipt = {"way": "phone", "unit": bank.north_branch, "title": "理财亏损", "text": "亏了一半，再不解决就找记者",
               "demand": "退还本金", "people": people, "customer": "c1",
               "received_at": timezone.now() - timedelta(days=days_ago)} | changed  # fmt: skip
    return actions.register(Receipt(**receipt), by=by)


def worked_on(bank: Bank, case: Case, by: Staff, colleague: Staff, tied: Case, accused: Staff) -> None:
    """With something of everything that a case can have."""
    do(case, "accept", by, told_at=timezone.now(), medium="phone")
    do(case, "accuse", by, accused=(accused,), conflicts=(bank.north_outlet_2,))
    do(case, "assign", by, to=by)
    do(case, "take", by)
    actions.attach(case.pk, PDF + case.number.encode(), "回单.pdf", by=by)
    withdrawn = actions.attach(case.pk, PDF, "传错.pdf", by=by)
    do(case, "detach", by, file={"id": str(withdrawn.pk)}, words="传错了")
    do(case, "note", by, words=f"请 @{colleague.number} 看一下")
    do(case, "tie", by, other=tied.number, is_confirmed=True, words="客户确认")
    do(case, "add_account", by, account=f"62220000000000{case.pk:05}")
    do(case, "contact", by, medium="phone", direction="out", outcome="call_back", words="明天再打",
       call_back_at=timezone.now() + timedelta(days=1))  # fmt: skip
    do(case, "classify", by, classes={"business": "B.card.credit", "cause": "C.pricing", "responsibility": "part"})
    do(case, "pause", by, reason="appraisal", told_at=timezone.now(), medium="phone", words="送鉴定")
    do(case, "ask_extension", by, rule="complex", words="须外地取证")


def columns(row: Model) -> dict[str, Any]:
    """As the database has it."""
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


def whole(case: Case) -> dict[str, Any]:
    """All rows of a case and all that is read from them, but its history and what is counted in it."""
    case = Case.objects.select_related("unit", "pack", "handler").get(pk=case.pk)
    told, at = history(case), timezone.now().replace(microsecond=0) + timedelta(days=3)
    rows = {name: [columns(row) for row in getattr(case, name).order_by("pk")] for name in HANGING}
    standing = {name: getattr(told.standing(), name) for name in told.standing().__slots__ if name != "last_at"}
    at = case.received_at + timedelta(days=40)
    contents = [files.VAULT.content(each.pk) for each in case.files.order_by("pk")]
    return {"case": columns(case), "standing": standing, "contents": contents,
            "clocks": repr(told.clocks(at))} | rows  # fmt: skip


def listed(browser: Any, office: Any) -> tuple[list[Any], ...]:
    """The queue, the registry and the queue by API, as one who may see both finds them."""
    queue = browser.get(reverse("complaints")).context["cases"]
    register = browser.get(reverse("complaint_register")).context["cases"]
    return [columns(each) for each in queue], [columns(each) for each in register], office.get("/complaints").json()


def lines(case: Case) -> list[dict[str, Any]]:
    return [columns(each) for each in case.events.order_by("seq")]


def test_a_split_undoes_a_merger_to_the_byte(bank: Bank, handler: Staff, colleague: Staff, manager: Staff) -> None:
    third = registered(bank, handler, 9)
    one = registered(bank, handler, 8, voices=("a" * 24,))
    other = registered(bank, handler, 2, voices=("b" * 24,), risks=("press",))
    cases = (one, other)
    for case, accused in zip(cases, (manager, make.staff("1103", bank.north_branch)), strict=True):
        worked_on(bank, case, handler, colleague, third, accused)
    browser, office = make.client(handler), caller(handler)
    rows, lists, told = [whole(each) for each in cases], listed(browser, office), [lines(each) for each in cases]
    do(one, "merge", handler, other=other.number)
    assert [whole(each) for each in cases] != rows
    assert listed(browser, office) != lists
    do(one, "split", handler)
    for case, before in zip(cases, rows, strict=True):
        after = whole(case)
        assert {name: after[name] for name in before if after[name] != before[name]} == {}
    assert listed(browser, office) == lists
    for case, before, added in zip(cases, told, (["merge", "split"], ["absorb", "release"]), strict=True):
        now = lines(case)
        assert now[: len(before)] == before, "no line of the past was touched"
        assert [each["verb"] for each in now[len(before) :]] == added
    assert chain.verify()[1] == []
    assert list(projecting.rebuild(timezone.now())) == []
    assert Event.objects.filter(case=third).count() == 1, "what is tied to both knows nothing of it"


def test_who_is_complained_of_in_the_one_sees_neither_while_both_are_one(
    bank: Bank, handler: Staff, colleague: Staff
) -> None:
    one, other = registered(bank, handler, 3, accused=(colleague,)), registered(bank, handler, 1)
    assert Case.objects.visible_to(colleague).get() == other
    do(other, "accept", handler, told_at=timezone.now())
    do(one, "merge", handler, other=other.number)
    assert not Case.objects.visible_to(colleague).exists(), "he would handle what is about himself"
    assert list(projecting.rebuild(timezone.now())) == []
    with pytest.raises(ObjectDoesNotExist):
        do(other, "note", colleague, words="x")
    with pytest.raises(Fault, match="被投诉人"):
        do(other, "assign", handler, to=colleague)
    do(one, "split", handler)
    assert Case.objects.visible_to(colleague).get() == other


def test_who_is_complained_of_in_the_one_that_goes_on_does_not_see_what_was_merged_into_it(
    bank: Bank, handler: Staff, colleague: Staff
) -> None:
    one, other = registered(bank, handler, 3), registered(bank, handler, 1)
    do(one, "merge", handler, other=other.number)
    assert Case.objects.visible_to(colleague).count() == 2
    do(other, "accuse", handler, accused=(colleague,))
    assert not Case.objects.visible_to(colleague).exists(), "they are one complaint"
    with pytest.raises(ObjectDoesNotExist):
        do(one, "split", colleague)
    do(one, "split", handler)
    assert Case.objects.visible_to(colleague).get() == one


def test_a_case_whose_handler_is_complained_of_in_the_other_is_given_to_another_first(
    bank: Bank, handler: Staff, colleague: Staff
) -> None:
    one, other = registered(bank, handler, 3, accused=(colleague,)), registered(bank, handler, 1)
    do(other, "accept", handler, told_at=timezone.now())
    do(other, "assign", handler, to=colleague)
    with pytest.raises(Fault, match="先改派"):
        do(one, "merge", handler, other=other.number)
    assert Event.objects.filter(verb__in=["merge", "absorb"]).count() == 0
    do(other, "assign", handler, to=handler)
    do(one, "merge", handler, other=other.number)
