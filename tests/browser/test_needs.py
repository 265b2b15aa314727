"""Can a need be found, read and decided upon, on a phone in the dark as on a desk's screen?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from huixiang.apps.needs import actions, evidence
from huixiang.apps.needs.models import Need
from tests import make
from tests.browser import voices as made
from tests.browser.conftest import DESKTOP, PHONE, Address, Visit, accessible, fits, shot

TIERS = ("ordinary", "gold", "ordinary", "", "ordinary", "gold", "private")


@pytest.mark.one_database
def test_from_the_list_to_a_decision(lake: Any, bank: make.Bank, quality: Any, visit: Visit, address: Address) -> None:
    said = made.made_up(["N11", "S11"], timezone.localdate() - timedelta(days=1), count=180)
    made.fill(lake, [replace(each, tier=TIERS[n % len(TIERS)]) for n, each in enumerate(said)])
    rules = [evidence.rule(evidence.group(["D.reliability"], ["闪退", "登录"]))]
    need = actions.propose(actions.Wording("登得上、不闪退", "pain_point", "更新以后打不开。"), rules, by=quality)
    page = visit(quality, phone=True, dark=True)
    page.goto(address("customer_tiers"))
    page.get_by_role("group", name="金卡").get_by_label("权重").fill("3")
    seen(page, "tiers")
    page.get_by_role("button", name="保存").click()
    page.goto(address("needs", query="q=闪"))
    seen(page, "needs")
    page.get_by_role("link", name="登得上、不闪退").click()
    expect(page.get_by_text("= 1000 × 频率 × 严重度 × 客户价值")).to_be_visible()
    expect(page.get_by_role("row", name="金卡")).to_be_visible()
    seen(page, "need")
    page.get_by_role("link", name="确认").click()
    page.get_by_role("button", name="确认").click()
    page.get_by_role("link", name="登记决定").click()
    page.get_by_label("内容").fill("8.3 版修复登录")
    seen(page, "need-decide")
    page.get_by_role("button", name="登记决定").click()
    expect(page.get_by_text("8.3 版修复登录").first).to_be_visible()
    assert Need.objects.get(pk=need.pk).state == "decided"


def seen(page: Page, name: str, *, again: bool = False) -> None:
    """On both screens; for barriers in the dark, where contrast is hardest. `again`: searched for barriers before."""
    if not again:
        accessible(page)
    for screen, size in (("desktop", DESKTOP), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        fits(page)
        shot(page, f"{name}-{screen}")
