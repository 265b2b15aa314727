"""A view is made embeddable by the page alone, and stands inside another page without leading anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.subscriptions.models import Embed
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_tickets import came, parquet
from tests.apps.test_waiting_pages import busy
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database


def test_a_view_is_embedded_in_a_page_that_was_named(
    lake: Lake, bank: make.Bank, quality: Staff, tmp_path: Path, visit: Visit, address: Address
) -> None:
    came(parquet(tmp_path / "a.parquet", [*busy("N11", 300), *busy("N12", 2_400), *busy("S11", 600)]))
    SavedView.objects.create(owner=quality, name="久等", page="waiting", chosen={"limit": ["20"]})
    page, small = visit(quality), visit(quality, phone=True)
    page.goto(address("embeds"))
    home = page.evaluate("location.origin")
    page.get_by_label("允许嵌入的网站").fill(home)
    page.get_by_role("button", name="新建嵌入").click()
    expect(page.get_by_text("<iframe src=")).to_be_visible()
    shown = [page, small]
    small.goto(address("embeds"))
    for each, name in zip(shown, ("embeds", "embeds-phone"), strict=True):
        accessible(each)
        fits(each)
        shot(each, name)
    source = address("embedded", Embed.objects.get().token)
    page.evaluate(
        """source => { const frame = document.createElement("iframe"); frame.src = source; frame.title = "久等";
            frame.width = "900"; frame.height = "420"; document.querySelector("main").prepend(frame); }""",
        source,
    )
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("row", name="北方分行")).to_be_visible()
    expect(frame.get_by_role("link")).to_have_count(0)
    shot(page, "embedded")
    in_english(small, {"embeds": address("embeds")})
