"""From the bank's waits down to one branch's tickets of a day, and whether the standard is kept; desktop and phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.subscriptions.models import Subscription
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_standards import SET, hold
from tests.apps.test_standards_waiting import last_months
from tests.apps.test_tickets import came, gone, parquet, ticket
from tests.apps.test_waiting_pages import bank_of_six
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot


@pytest.mark.one_database
def test_from_the_bank_to_the_ticket_and_to_the_standard(
    lake: Lake, bank: make.Bank, quality: Staff, tmp_path: Path, visit: Visit, address: Address
) -> None:
    slow = [ticket(number, 2_400 + number, branch="N12") for number in range(60)]
    quick = [ticket(number, 60 + number, branch="S11") for number in range(60)]
    rows = last_months([*slow, *quick, gone(70)])
    came(parquet(tmp_path / "a.parquet", rows))
    second = make.staff("9010", bank.head_office, "quality_manager", name="郑七")
    for code in ("waiting-ordinary", "handling-cash"):
        hold(replace(SET[code], effective_from=timezone.localdate()), quality, second)
    page, small = visit(quality), visit(quality, phone=True)
    page.goto(address("waiting"))
    expect(page.locator("[data-chart] svg path").first).to_be_attached()
    seen(page, "waiting")
    page.get_by_role("link", name="北方分行").click()
    page.get_by_role("link", name="北山支行").click()
    page.get_by_role("link", name="北山二路网点").click()
    small.goto(page.url)
    seen(small, "waiting-outlet-phone")
    page.get_by_text("查看数据表").click()
    day: Any = page.get_by_role("link", name=f"{rows[0]['arrived_at']:%Y-%m-%d}")
    day.click()
    expect(page.get_by_role("rowheader", name="A000")).to_be_visible()
    small.goto(page.url)
    seen(small, "waiting-day-phone")
    seen(page, "waiting-day")
    places = {"waiting-english": address("waiting"), "waiting-day-english": page.url}
    page.goto(address("standard_conformance"))
    expect(page.get_by_role("row", name="普通业务等候时长")).to_contain_text("未达标")
    page.get_by_role("row", name="普通业务等候时长").get_by_role("link", name="各机构").click()
    expect(page.get_by_role("row", name="北山二路网点")).to_contain_text("未达标")
    seen(page, "standard-units")
    small.goto(page.url)
    seen(small, "standard-units-phone")
    places["standard-units-english"] = page.url
    in_english(small, places)


@pytest.mark.one_database
def test_branches_are_compared_fairly_on_any_screen(
    lake: Lake, bank: make.Bank, quality: Staff, tmp_path: Path, visit: Visit, address: Address
) -> None:
    bank_of_six(tmp_path)
    page, small = visit(quality), visit(quality, phone=True)
    page.goto(address("waiting"))
    page.get_by_role("link", name="公平比较").click()
    expect(page.locator("[data-chart=funnel] svg path").first).to_be_attached()
    expect(page.get_by_role("row", name="北山二路网点")).to_contain_text("比全行差")
    seen(page, "waiting-fair")
    page.get_by_label("看多久").select_option("3")
    expect(page.get_by_text("与 2025-10-01 至 2025-12-31 相比")).to_be_visible()
    page.locator(".hx-saved summary").click()
    page.get_by_label("视图名称").fill("南方三个月")
    page.get_by_role("button", name="保存现在的筛选").click()
    expect(page.get_by_text("已保存视图“南方三个月”")).to_be_visible()
    page.locator(".hx-saved summary").click()
    seen(page, "waiting-saved")
    page.get_by_role("link", name="南方三个月").click()
    expect(page.get_by_label("看多久")).to_have_value("3")
    small.goto(address("saved_views"))
    seen(small, "saved-views-phone")
    Staff.objects.filter(pk=quality.pk).update(email="9001@bank.example")
    small.get_by_role("link", name="订阅").click()
    small.get_by_role("button", name="每周").click()
    expect(small.get_by_role("button", name="退订")).to_be_visible()
    seen(small, "subscriptions-phone")
    page.goto(address("subscription_stop", Subscription.objects.get().key))
    seen(page, "subscription-stop")
    small.goto(address("waiting_fair"))
    small.locator(".hx-saved summary").click()
    seen(small, "waiting-fair-phone")
    counter = visit(make.staff("100123", bank.north_outlet, "staff", name="冯十"))
    counter.goto(address("own_service", query="month=2026-03"))
    expect(counter.get_by_role("row", name="现金存取")).to_be_visible()
    seen(counter, "own-service")
    small.goto(address("team_service", query="unit=N1&month=2026-03"))
    seen(small, "team-service-phone")
    in_english(
        small,
        {
            "waiting-fair": address("waiting_fair"),
            "saved-views": address("saved_views"),
            "subscriptions": address("subscriptions"),
            "own-service": address("own_service"),
            "team-service": address("team_service"),
        },
    )


def seen(page: Any, name: str) -> None:
    accessible(page)
    fits(page)
    shot(page, name)
