"""Can a return, its summary and its denominators be read on a desktop and on a telephone, in both languages?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.complaints import actions, tallying
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.domain.complaints.periods import period_of
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database
LAST = period_of(timezone.localdate()).before()


def test_a_return_is_drafted_and_its_figures_open(bank: make.Bank, visit: Visit, address: Address) -> None:
    officer = make.staff("1101", bank.head_office, "quality_manager", name="韩七")
    for n in range(14):
        at = tallying.begin(LAST.since) + timedelta(days=n, hours=9)
        unit = bank.north_branch if n % 2 else bank.south_branch
        case = actions.register(Receipt("phone", unit, f"年费 {n}", "没说清", received_at=at), by=officer)
        classes = {"channel": "A.back", "business": "B.card.credit", "cause": "C.pricing"}
        actions.do(case.pk, "classify", Doing(classes=classes), by=officer)
    given = [("customers", unit, LAST.until, 40_000, "核心系统") for unit in (bank.head_office, bank.north, bank.south)]
    actions.write_denominators(given, by=officer)
    page = visit(officer)
    page.goto(address("complaint_returns"))
    expect(page.get_by_role("heading", name="按业务类别")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "complaint-returns")
    page.get_by_role("button", name="编制草稿").click()
    page.get_by_role("button", name="核对并提交审批").click()
    expect(page.get_by_text("等待编制人以外的人审批")).to_be_visible()
    accessible(page)
    shot(page, "complaint-return")
    page.get_by_role("link", name="14", exact=True).first.click()
    expect(page.get_by_role("heading", name="14 件")).to_be_visible()
    for name in ("complaint_summary", "complaint_denominators"):
        page.goto(address(name))
        accessible(page)
        fits(page)
        shot(page, name)
    small = visit(officer, phone=True)
    for name in ("complaint_returns", "complaint_summary", "complaint_denominators"):
        small.goto(address(name))
        fits(small)
        shot(small, f"{name}-phone")
    places = {name: address(name) for name in ("complaint_returns", "complaint_summary", "complaint_denominators")}
    in_english(small, places)
