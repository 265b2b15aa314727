"""Is a complaint that came twice proposed with its reasons, merged by a person alone, and never across customers?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions as annotation
from huixiang.apps.complaints import actions, repeating
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.repeats import Why
from huixiang.domain.understanding.learned import several_training
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.words import Words
from tests import make
from tests.apps import learning
from tests.make import Bank

FEES = "手机银行转账被扣了手续费，事前没有任何提示，乱收费"
AGAIN = "上次手机银行转账乱收费，扣的手续费到现在没退"
QUEUE = "网点排队两个小时没人管"
LIEN = "房贷结清后抵押登记未及时注销"
RATE = "个人住房贷款的利率调整与合同约定不一致"


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def taken_down(bank: Bank, by: Staff, text: str, **changed: Any) -> Case:
    asked: dict[str, Any] = {"way": "phone", "unit": bank.north_branch, "title": "投诉", "text": text}
    asked |= {"customer": "p-1"} | changed
    return actions.register(Receipt(**asked), by=by)


def test_the_same_matter_by_another_way_is_proposed_and_merged_with_one_click(bank: Bank, handler: Staff) -> None:
    first = taken_down(bank, handler, FEES)
    taken_down(bank, handler, QUEUE)
    second, browser = taken_down(bank, handler, AGAIN, way="supervisor"), make.client(handler)
    assert "可能是同一件" in browser.get(f"/complaints/{second.pk}/receipt/").content.decode()
    page = browser.get(f"/complaints/{second.pk}/")
    (found,) = page.context["repeats"]
    assert (found.case, found.may_merge) == (first, True)
    assert "同一客户" in page.content.decode()
    assert not repeating.proposed(first, handler)[0].may_merge, "the later one goes into the earlier"
    sent = {"key": "k", "other": first.number}
    assert browser.post(f"/complaints/{second.pk}/merge/", sent).status_code == 302
    second.refresh_from_db()
    assert second.merged_into == first
    assert repeating.proposed(first, handler) == []


def test_two_known_customers_are_never_one_complaint_and_of_nobody_known_a_person_must_confirm(
    bank: Bank, handler: Staff
) -> None:
    taken_down(bank, handler, FEES)
    other = taken_down(bank, handler, FEES, customer="p-2")
    assert repeating.proposed(other, handler) == []
    nobody, browser = taken_down(bank, handler, FEES, customer=""), make.client(handler)
    assert len(repeating.proposed(nobody, handler)) == 2
    sent = {"key": "k", "other": other.number}
    assert browser.post(f"/complaints/{nobody.pk}/merge/", sent).status_code == 422
    assert browser.post(f"/complaints/{nobody.pk}/merge/", sent | {"is_confirmed": "on"}).status_code == 302


def test_of_another_units_case_nothing_is_told(bank: Bank, handler: Staff, quality: Staff) -> None:
    taken_down(bank, quality, FEES, unit=bank.south_branch)
    assert repeating.proposed(taken_down(bank, handler, AGAIN), handler) == []


def taught() -> Several:
    """What people said of a bank's complaints: two matters of one class, with hardly a word in common."""
    of_loans, of_fees = {"B.loan", "C.contract"}, {"B.payment", "C.pricing"}
    texts = [LIEN, FEES, RATE, AGAIN] * 8
    return several_training.train(texts, [Words().tokens(each) for each in texts], [of_loans, of_fees] * 16)


def test_before_anybody_has_classed_what_the_banks_own_model_proposes_counts(
    bank: Bank, handler: Staff, quality: Staff, data: Path
) -> None:
    first, second = taken_down(bank, handler, LIEN), taken_down(bank, handler, RATE)
    other = taken_down(bank, handler, RATE, customer="p-2")
    assert repeating.proposed(second, handler) == []
    annotation.activate(learning.registered(taught(), quality, "t"), by=quality, although_worse=True, reason="试运行")
    (found,) = repeating.proposed(second, handler)
    assert (found.case, Why.PROPOSED in found.found.reasons) == (first, True)
    assert "本行模型建议的分类相同" in make.client(handler).get(f"/complaints/{second.pk}/").content.decode()
    assert repeating.proposed(other, handler) == []
