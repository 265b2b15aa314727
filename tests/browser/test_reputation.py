"""From stars to copies, from an original to its reach and to other banks; on the desktop and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from huixiang.apps.reputation.models import NameBook
from tests import make
from tests.apps.test_reputation import OWN, POSTS, RIVAL, came, exported, post, reviews
from tests.browser.conftest import Address, Visit
from tests.browser.test_needs import seen


@pytest.mark.one_database
def test_what_is_said_in_public_is_measured_read_and_kept_apart(
    lake: Any, bank: make.Bank, quality: Any, tmp_path: Path, visit: Visit, address: Address
) -> None:
    NameBook.objects.create(text=OWN + RIVAL)
    more = [post(f"9{n}", f"海川银行第{n}个网点要等{n}分钟", **{"转发数": n}) for n in range(1, 9)]
    came(exported(tmp_path, POSTS + more), "jsonl", mapping="social-posts")
    came(reviews(tmp_path), "android-reviews")
    page = visit(quality, dark=True)
    page.goto(address("reviews"))
    expect(page.locator("[data-chart] svg path").first).to_be_attached()
    expect(
        page.get_by_role("cell", name="8.1.0").or_(page.get_by_role("rowheader", name="8.1.0")).first
    ).to_be_visible()
    expect(page.get_by_text("登录之后一直转圈进不去").first).to_be_visible()
    seen(page, "reviews")
    page.goto(address("social"))
    expect(page.locator("[data-chart] svg path").first).to_be_attached()
    expect(page.get_by_role("heading", name="只说他行")).to_be_visible()
    expect(page.get_by_text("海川银行的App又登不上去了").first).to_be_visible()
    seen(page, "social")
    page.goto(address("overview", query="all=1"))
    expect(page.get_by_text("另有 1 条只说他行，未计入")).to_be_visible()
    page.get_by_role("link", name="看社交媒体").click()
    expect(page.get_by_role("heading", name="社交媒体", level=1)).to_be_visible()
