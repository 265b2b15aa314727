"""Is a complaint classed by what stands in the tree, with the model only proposing, and a person's choice kept?"""

from __future__ import annotations

from typing import Any

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions, projecting
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.apps.complaints.models import Case
from huixiang.channels.contract import Fault
from tests import make
from tests.make import Bank

pytestmark = pytest.mark.one_database

FEES = "手机银行转账被扣了手续费，事前没有任何提示，乱收费"


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def taken_down(bank: Bank, by: Staff, text: str = FEES) -> Case:
    receipt = Receipt(way="phone", unit=bank.north_branch, title="投诉", text=text)
    return actions.register(receipt, by=by)


def classed(case: Case) -> tuple[str, str, str]:
    case.refresh_from_db()
    return case.channel_code, case.business_code, case.cause_code


def test_what_the_model_proposes_is_taken_with_one_click_and_corrected_for_good(bank: Bank, handler: Staff) -> None:
    case, browser = taken_down(bank, handler), make.client(handler)
    page = browser.get(f"/complaints/{case.pk}/")
    proposed = page.context["class_take"]
    assert proposed["cause"] == "C.pricing"
    assert "乱收费" in page.content.decode().partition('id="classes"')[2], "the words that decided"
    key: Any = page.context["class_key"]
    assert browser.post(f"/complaints/{case.pk}/classify/", proposed | {"key": key}).status_code == 302
    assert classed(case)[2] == "C.pricing"
    actions.do(case.pk, "classify", Doing(classes={"cause": "C.disclosure"}), by=handler)
    assert classed(case) == (proposed.get("channel", ""), proposed.get("business", ""), "C.disclosure")
    assert projecting.project(case, case.received_at) == []
    page = browser.get(f"/complaints/{case.pk}/")
    assert page.context["class_take"] == {"cause": "C.pricing"}, "it may say otherwise, and changes nothing"
    assert "韩七" in page.content.decode()


def test_no_code_but_of_the_day_and_no_money_that_nobody_decided(bank: Bank, handler: Staff) -> None:
    case = taken_down(bank, handler)
    for classes in ({"cause": "收费"}, {"business": "C.pricing"}, {"mood": "bad"}, {"root_cause": "moon"}, {}):
        with pytest.raises(Fault):
            actions.do(case.pk, "classify", Doing(classes=classes), by=handler)
    with pytest.raises(Fault, match="不能超过决定"):
        actions.do(case.pk, "classify", Doing(classes={"paid_fen": "100"}), by=handler)
    actions.do(case.pk, "classify", Doing(classes={"root_cause": "rule", "responsibility": "part"}), by=handler)


def test_of_words_that_tell_nothing_the_model_says_that_it_does_not_know(bank: Bank, handler: Staff) -> None:
    case = taken_down(bank, handler, "来电表示要投诉，之后再说")
    page = make.client(handler).get(f"/complaints/{case.pk}/")
    assert not page.context["class_take"]
    assert page.content.decode().count("模型：不知道") == 3
