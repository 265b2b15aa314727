"""From who still comes to the counter, to the step where people stop, to the outage that customers spoke of."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.lake.store import Lake
from tests import make
from tests.apps import test_tickets as queue
from tests.apps.test_screen_pages import MACHINE, OUTAGE, at_the_counter, on_screens, people
from tests.apps.test_screens import came, parquet, table
from tests.browser.conftest import Address, Visit, in_english
from tests.browser.test_waiting import seen


@pytest.mark.one_database
def test_from_who_comes_to_where_people_stop_to_what_was_down(
    lake: Lake, bank: make.Bank, quality: Staff, tmp_path: Path, visit: Visit, address: Address
) -> None:
    came(parquet(tmp_path / "clicks.parquet", on_screens()))
    came(table(tmp_path / "people.csv", people()), "customers")
    came(table(tmp_path / "outages.csv", [OUTAGE]), "downtimes")
    came(table(tmp_path / "machines.csv", [MACHINE]), "downtimes")
    queue.came(queue.parquet(tmp_path / "tickets.parquet", at_the_counter()))
    page, small = visit(quality), visit(quality, phone=True)
    page.goto(address("digital"))
    expect(page.get_by_role("heading", name="老年客户")).to_be_visible()
    seen(page, "digital")
    small.goto(page.url)
    seen(small, "digital-phone")
    page.get_by_role("link", name="办到哪一步").click()
    expect(page.get_by_text("版本 8.4.0 · 登录")).to_be_visible()
    seen(page, "digital-use")
    small.goto(page.url)
    seen(small, "digital-use-phone")
    page.get_by_role("link", name="故障与可用").click()
    expect(page.get_by_role("row", name="登录认证").first).to_be_visible()
    seen(page, "digital-outages")
    small.goto(page.url)
    seen(small, "digital-outages-phone")
    names = ("digital", "digital_use", "digital_outages")
    in_english(small, {f"{name}-english": address(name) for name in names})
