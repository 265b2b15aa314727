"""Can figures and register be read on a desktop and on a telephone, in both languages?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Receipt
from huixiang.domain.complaints.acting import REMEDIES
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, shot

pytestmark = pytest.mark.one_database


def test_a_figure_opens_to_its_cases(bank: make.Bank, manager: object, visit: Visit, address: Address) -> None:
    clerk = make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")
    for n in range(12):
        at = timezone.now() - timedelta(days=80 - n)
        said = Receipt(way="phone", unit=bank.north_branch, title=f"年费 {n}", text="没说清", received_at=at)
        case = actions.register(said, by=clerk)
        for verb, doing in (
            ("accept", Doing(told_at=at, at=at)),
            ("take", Doing(at=at)),
            ("decide", Doing(words="退还", at=at + timedelta(days=2 * n))),
            ("reply", Doing(words="已退", told_at=at + timedelta(days=2 * n), at=at + timedelta(days=2 * n),
                            names_grounds=True, remedies=REMEDIES)),
        )[: 4 if n < 10 else 2]:  # fmt: skip
            actions.do(case.pk, verb, replace(doing, is_simulated=True), by=clerk)
    page = visit(manager)
    page.goto(address("complaint_figures"))
    expect(page.get_by_role("img", name="到每一天为止")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "complaint-figures")
    page.get_by_role("link", name="4 件").click()
    expect(page.get_by_role("heading", name="4 件")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "complaint-register")
    small = visit(manager, phone=True)
    for name in ("complaint_figures", "complaint_register"):
        small.goto(address(name))
        fits(small)
        shot(small, f"{name}-phone")
