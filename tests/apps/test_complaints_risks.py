"""Do risk words reach who must know at once, and go up the tree while nobody says so?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, chain, projecting, risk_mails, risking
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case, RiskMail, RiskMark
from huixiang.apps.intake import leaving
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.warning import Level
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


@pytest.fixture
def region(bank: Bank) -> Staff:
    return make.staff("1201", bank.north, "branch_manager", name="卫八", email="wei@bank.example")


@pytest.fixture
def leader(bank: Bank) -> Staff:
    return make.staff("1102", bank.north_branch, "branch_manager", name="郑九")


def registered(bank: Bank, by: Staff, text: str) -> Case:
    return actions.register(Receipt(way="phone", unit=bank.north_branch, title="投诉", text=text), by=by)


def test_fraud_waits_for_the_superior_unit_and_not_for_who_handles_it(
    bank: Bank, handler: Staff, leader: Staff, region: Staff
) -> None:
    case = registered(bank, handler, "我的信用卡被盗刷了五千元")
    calm = registered(bank, handler, "营业时间太短")
    assert list(Case.objects.open().by_urgency()) == [case, calm], "it stands before the other from its receipt on"
    assert list(projecting.rebuild(timezone.now())) == []
    (mark,) = RiskMark.objects.all()
    assert (mark.case, mark.code, mark.level) == (case, "fraud", "urgent")
    assert mark.words, "which words it was"
    seen = {each.number: risking.waiting(each, timezone.now(), 9)[0].is_for_me for each in (handler, leader, region)}
    assert seen == {"1101": False, "1102": False, "1201": True}
    with pytest.raises(Fault, match="应知悉的一级"):
        actions.do(case.pk, "acknowledge", Doing(), by=leader)
    page = make.client(region).get("/complaints/waiting/").content.decode()
    assert '需上报 <span class="badge bg-red-lt">1</span>' in page
    assert "待您知悉" in make.client(region).get("/complaints/risks/").content.decode()
    assert calm.number not in make.client(region).get("/complaints/risks/").content.decode()
    assert make.client(region).post(f"/complaints/{case.pk}/acknowledge/", {"key": "k1"}).status_code == 302
    event = case.events.get(verb="acknowledge")
    assert event.told == {"level": "superior", "risks": ["fraud"]}
    assert risking.count(Case.objects.visible_to(region), 9) == 0
    assert chain.verify()[1] == []


def test_what_nobody_knows_of_goes_up_after_its_hours_and_a_voice_that_joins_waits_anew(
    bank: Bank, handler: Staff, region: Staff
) -> None:
    case = registered(bank, handler, "信用卡被盗刷")
    now = timezone.now()
    levels = [risking.waiting(region, now + timedelta(hours=hours), 9)[0].duty.level for hours in (0, 3, 5, 100)]
    assert levels == [Level.SUPERIOR, Level.SUPERIOR, Level.HEAD_OFFICE, Level.HEAD_OFFICE]
    actions.do(case.pk, "acknowledge", Doing(), by=region)
    actions.join_voice(case.number, "0" * 24, by=handler, risks=["press"])
    assert list(projecting.rebuild(timezone.now())) == []
    (waits,) = caller(region).get("/complaint-risks").json()
    assert [(each["code"], each["voice_id"]) for each in waits["risks"]] == [("press", "0" * 24)]
    assert (waits["must_know"], waits["is_for_you"]) == ("superior", True)


def test_a_mail_goes_to_who_must_know_once_and_names_nobody(
    bank: Bank, handler: Staff, region: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "leaves", lambda _medium: True)
    case = registered(bank, handler, "张三丰的信用卡被盗刷，电话13812345678")
    assert [risk_mails.write_due(timezone.now()) for _ in range(2)] == [1, 0]
    mail = RiskMail.objects.select_related("case__unit", "staff").get()
    message = risk_mails.message_of(mail)
    assert message.to == "wei@bank.example"
    assert case.number in message.text
    assert "138" not in message.text
    assert "张" not in message.text
