"""Does a gathering of like complaints come to the eyes of who must see it, and of nobody else?"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, signalling
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.complaints.models import Case, Signal
from huixiang.web.cli import main
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database

USUAL = ("柜台排队太久", "信用卡年费收了两次", "手机银行登录不了", "理财到期没有到账")


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def gathered(bank: Bank, handler: Staff, clerk: Staff) -> list[Case]:
    """Two months of one complaint a day, and in the last three days eight of a fee nobody had heard of."""
    template = _register(bank, handler, 0, USUAL[0])
    now, made = timezone.now(), []
    for day in range(90, 0, -1):
        made.append(_copy(template, f"2025-{day:06d}", now - timedelta(days=day), USUAL[day % len(USUAL)]))
    for n in range(8):
        text = "每月被扣短信管理费，开户时柜员没有说过"
        made.append(_copy(template, f"2025-{900 + n:06d}", now - timedelta(days=1 + n % 3), text))
    Case.objects.bulk_create(made)
    return list(Case.objects.filter(text__contains="短信管理费"))


def _register(bank: Bank, by: Staff, days: int, text: str) -> Case:
    at = timezone.now() - timedelta(days=days)
    return actions.register(Receipt(way="phone", unit=bank.north_branch, title=text, text=text, received_at=at), by=by)


def _copy(case: Case, number: str, at: Any, text: str) -> Case:
    same = {name: getattr(case, name) for name in ("pack", "rule", "state", "unit", "seriousness", "way")}
    return Case(number=number, received_at=at, title=text, text=text, complainant="self", **same)


def test_a_new_fee_is_a_signal_with_its_cases_and_its_words(
    bank: Bank, gathered: list[Case], manager: Staff, handler: Staff
) -> None:
    chief = make.staff("9001", bank.head_office, "quality_manager", name="秦一")
    assert signalling.watch_cases(timezone.now()) > 0
    assert signalling.watch_cases(timezone.now()) == 0, "a day is looked at once"
    found = [each for each in Signal.objects.all() if set(each.cases) == {case.pk for case in gathered}]
    assert found
    lead = next(each.lead or each for each in found)
    page = make.client(chief).get(f"/complaints/signals/{lead.pk}/").content.decode()
    assert gathered[0].number in page
    assert "暂无结论" in page
    assert lead.looks.get().staff == chief
    browser = make.client(chief)
    assert browser.post(f"/complaints/signals/{lead.pk}/", {"state": "dismissed", "reason": ""}).status_code == 422
    browser.post(f"/complaints/signals/{lead.pk}/", {"state": "problem", "reason": "新收费，转产品部"})
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by) == ("problem", chief)
    listed = caller(chief).get("/complaint-signals").json()["items"]
    assert {each["state"] for each in listed} >= {"problem"}
    assert make.client(handler).get(f"/complaints/signals/{lead.pk}/").status_code in {200, 404}


def test_a_colleagues_name_is_for_who_may_know_identities_and_not_for_herself(
    bank: Bank, gathered: list[Case], handler: Staff
) -> None:
    signalling.watch_cases(timezone.now())
    one = Signal.objects.first()
    assert one
    one.pk, one.dimension, one.value, one.unit = None, "accused", "9002", ""
    one.save(force_insert=True)
    inspector = make.staff("9003", bank.head_office, "inspector", name="魏二")
    chief = make.staff("9001", bank.head_office, "quality_manager", name="秦一")
    herself = make.staff("9002", bank.head_office, "quality_manager", name="吕三")
    seen = [one in Signal.objects.visible_to(each) for each in (chief, inspector, herself, handler)]
    assert seen == [True, False, False, False]
    assert make.client(herself).get(f"/complaints/signals/{one.pk}/").status_code == 404
    assert "9002" not in caller(inspector).get("/complaint-signals").content.decode()


def test_what_is_to_become_a_problem_is_listed_and_handed_on(
    bank: Bank, gathered: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    chief = make.staff("9001", bank.head_office, "quality_manager", name="秦一")
    signalling.watch_cases(timezone.now())
    found = next(each for each in Signal.objects.all() if set(each.cases) == {case.pk for case in gathered})
    lead = found.lead or found
    office = caller(chief)
    assert office.get("/complaint-signals", state="problem").json()["items"] == []
    office.post(f"/complaint-signals/{lead.pk}/judgement", {"state": "problem", "reason": "新收费没有告知"})
    assert [each["id"] for each in office.get("/complaint-signals", state="problem").json()["items"]] == [lead.pk]
    page = make.client(chief)
    assert "待交问题台账的" in page.get("/complaints/signals/").content.decode()
    told = json.loads(page.post("/complaints/signals/problems.json").content)
    assert [(each["id"], each["reason"], len(each["cases"])) for each in told["signals"]] == [
        (lead.pk, "新收费没有告知", 8)
    ]
    assert AuditRecord.objects.get(verb="complaint.signal_export").detail["count"] == 1
    clerk = make.staff("1109", bank.north_branch, "complaint_handler")
    assert make.client(clerk).post("/complaints/signals/problems.json").status_code in {403, 404}
    capsys.readouterr()
    assert main(["complaints", "signals", "--state", "problem"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)["signals"]] == [lead.pk]
