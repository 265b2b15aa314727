"""From a decided need to what a customer reads on her telephone: is it short, true and reachable?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.needs import actions, evidence
from huixiang.apps.needs.actions import Ruling, Wording
from tests import make
from tests.apps.intake import box
from tests.browser import voices as made
from tests.browser.conftest import Address, Visit, accessible, fits, shot

DID = "门口坡道装了扶手，填单台旁添了一张矮桌，坐着也能写。"


@pytest.mark.one_database
def test_from_the_need_to_the_customers_telephone(
    lake: Any, bank: make.Bank, manager: Any, visit: Visit, address: Address
) -> None:
    made.fill(lake, made.made_up(["N11"], timezone.localdate() - timedelta(days=1), count=20))
    rules = [evidence.rule(evidence.group(terms=["轮椅"]), kinds=["expectation"])]
    wording = Wording("轮椅进得来、够得着", "expectation", "坡道太陡，填单台太高，坐轮椅的人要能自己办。")
    need = actions.propose(wording, rules, "N1", by=manager)
    actions.confirm(need.pk, "", by=manager)
    actions.decide(need.pk, Ruling("process", "坡道加扶手，填单台旁加一张矮桌"), by=manager)
    there = box(bank.north_outlet)
    staff = visit(manager)
    staff.goto(address("need", need.pk))
    staff.get_by_role("link", name="告诉客户").click()
    staff.get_by_label("我们做", exact=True).fill(DID)
    staff.get_by_label("做完的日期").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    accessible(staff)
    fits(staff)
    shot(staff, "deed-draft")
    staff.get_by_role("button", name="存为草稿").click()
    staff.get_by_role("button", name="发布", exact=True).click()
    expect(staff.get_by_text("未证实")).to_have_count(2)  # of the deed, and in the explanation
    accessible(staff)
    fits(staff)
    shot(staff, "deeds")
    customer = visit(phone=True)
    customer.goto(address("public_box", there.slug))
    customer.get_by_role("link", name="您说，我们做").click()
    expect(customer.get_by_text(DID)).to_be_visible()
    accessible(customer)
    fits(customer)
    shot(customer, "did-phone")
    customer.get_by_role("link", name="我也要说").click()
    expect(customer.get_by_label("您想说什么？")).to_be_visible()
