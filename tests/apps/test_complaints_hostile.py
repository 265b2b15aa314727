"""Does a hostile colleague get a case where it must not go, or see what is not for him, by whichever door he tries?"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, Event, Webhook
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.periods import period_of
from tests import make
from tests.apps import complaints_filled
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database
TITLE = "经理张伟骗我买理财"
PAGES = ("complaints", "complaint_register", "complaint_figures", "complaint_warnings", "complaint_risks",
         "complaint_signals", "complaint_mentions", "complaint_deputies", "complaint_agents", "complaint_summary",
         "complaint_returns", "complaint_voices_taken")  # fmt: skip
LISTS = ("/complaints", "/complaint-risks", "/complaint-signals", "/complaint-mentions", "/complaint-absences",
         "/complaint-agents", "/complaint-export", "/complaint-returns", "/complaint-summary", "/complaint-voices",
         "/complaint-return-versions")  # fmt: skip


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def case(bank: Bank, handler: Staff, manager: Staff) -> Case:
    """About the branch's manager, with risks, a file, a contact and a mention."""
    person = Person("complainant", Identity(name="王芳", phone="13800138000"))
    receipt = Receipt("phone", bank.north_branch, TITLE, "再不解决就找记者曝光", people=(person,), accused=(manager,))
    found = actions.register(receipt, by=handler)
    actions.do(found.pk, "accept", Doing(told_at=timezone.now()), by=handler)
    actions.attach(found.pk, b"%PDF-1.7\n%%EOF", "王芳.pdf", by=handler)
    actions.do(found.pk, "note", Doing(words="@1101 请看"), by=handler)
    complaints_filled.signal(found)
    return found


def told(person: Staff, case: Case) -> list[str]:
    """By which door does this person learn of it?"""
    browser, office, period = make.client(person), caller(person), period_of(timezone.localdate()).code
    doors = {name: browser.get(reverse(name), {"period": period}) for name in PAGES}
    doors |= {path: office.get(path, **({"period": period} if "return" in path else {})) for path in LISTS}
    doors |= {"of": browser.get(reverse("complaint_register"), {"text": TITLE}),
              "csv": browser.get(reverse("complaint_register_export", args=["csv"])),
              "case": browser.get(reverse("complaint", args=[case.pk])),
              "receipt": browser.get(reverse("complaint_receipt", args=[case.pk])),
              "alike": browser.get(reverse("complaint_alike", args=[case.pk])),
              "people": browser.post(reverse("complaint_people", args=[case.pk])),
              "letter": browser.get(reverse("complaint_letter", args=[case.pk, "reply"])),
              "export": browser.post(reverse("complaint_export"))}  # fmt: skip
    doors |= {f"api {path}": office.get(f"/complaints/{case.number}{path}")
              for path in ("", "/files", "/drafts/reply", "/proposed-classes", "/letters/2/pdf")}  # fmt: skip
    opened = {name: answer for name, answer in doors.items() if answer.status_code < 400}
    found = {name: answer.getvalue().decode(errors="replace") for name, answer in opened.items()}
    by_number = browser.get(reverse("complaints"), {"number": case.number}).context["cases"]
    told_by = [name for name, text in found.items() if any(said in text for said in (case.number, TITLE, "王芳"))]
    return told_by + (["by number"] if by_number else [])


def test_neither_who_is_complained_of_nor_another_unit_learns_of_it(
    bank: Bank, case: Case, manager: Staff, handler: Staff
) -> None:
    southern = make.staff("2101", bank.south, "quality_manager")
    actions.name_deputy(handler, make.staff("1109", bank.north_branch, "complaint_handler"), timezone.localdate(),
                        timezone.localdate(), by=handler)  # fmt: skip
    assert told(manager, case) == []
    assert told(southern, case) == []
    assert {"complaints", "/complaints", "case", "complaint_risks"} <= set(told(handler, case)), "the doors are open"


def test_what_is_kept_for_storage_is_seen_by_nobody_who_worked_on_it(case: Case, handler: Staff) -> None:
    actions.hold(case.pk)
    assert told(handler, case) == []


def test_what_is_told_to_other_systems_names_nobody(bank: Bank, case: Case, handler: Staff, quality: Staff) -> None:
    hook = Webhook.objects.create(name="CRM", url="https://crm.bank.example/", sealed=b"", by=quality)
    actions.do(case.pk, "note", Doing(words="王芳来电 13800138000，说是张伟"), by=handler)
    actions.do(case.pk, "accuse", Doing(accused=(make.staff("1110", bank.north_branch, name="张伟"),)), by=handler)
    bodies = "".join(hook.deliveries.values_list("body", flat=True))
    assert bodies.count(case.number) == 2
    assert not [said for said in ("王芳", "13800138000", "张伟", "1110", TITLE) if said in bodies]


def test_nothing_is_done_to_an_archived_case_by_any_door(case: Case, handler: Staff, quality: Staff) -> None:
    actions.do(case.pk, "withdraw", Doing(words="客户撤回"), by=handler)
    actions.do(case.pk, "archive", Doing(), by=quality)
    lines, browser, office = Event.objects.count(), make.client(quality), caller(quality)
    whole: dict[str, Any] = {"words": "x", "told_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}
    for verb in VERBS:
        page = browser.post(reverse("complaint_do", args=[case.pk, verb]), whole | {"key": uuid.uuid4().hex})
        assert page.status_code in {404, 422}, verb
        assert office.post(f"/complaints/{case.number}/{verb}", {}).status_code in {404, 422}, verb
    (bulk,) = office.post("/complaint-assignments", {"numbers": [case.number], "to": handler.number}).json()
    assert bulk["refused"]["code"] == "wrong_state"
    given = {"cases": [case.pk], "number": handler.number, "key": "k"}
    assert "现在的状态不能这样办理" in browser.post(reverse("complaints_assign"), given).content.decode()
    browser.post(reverse("complaint_attach", args=[case.pk]), {"key": "k"})
    assert Event.objects.count() == lines
    assert Case.objects.get().state == "archived"


def test_many_at_once_are_given_to_nobody_who_may_not_work_on_them(
    bank: Bank, case: Case, handler: Staff, clerk: Staff
) -> None:
    southern = make.staff("2101", bank.south_branch, "complaint_handler", name="赵南")
    for person in (southern, clerk):
        given = {"cases": [case.pk], "number": person.number, "key": person.number}
        answer = make.client(handler).post(reverse("complaints_assign"), given)
        assert "不能办理这件投诉" in answer.content.decode()
    assert Case.objects.get().handler is None
