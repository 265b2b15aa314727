"""From how the line was reached to what was said on it: measures, one call, its dialogue; desktop and phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.apps.test_hotline import TALK, came
from tests.browser.conftest import Address, Visit
from tests.browser.test_needs import seen
from tests.channels.test_hotline import CALL, LOG


@pytest.mark.one_database
def test_from_the_measures_to_what_was_said(
    lake: Any, bank: make.Bank, quality: Any, tmp_path: Path, visit: Visit, address: Address
) -> None:
    day = [
        f"{1767222000 + 97 * n + after}|{1767222000 + 97 * n}.{n}|{'card' if n % 3 else 'loans'}|{who}|{event}"
        for n in range(300)
        for after, who, event in (
            (0, "NONE", f"ENTERQUEUE||139{n % 240:08d}|1"),
            (
                n % 40,
                "NONE" if n % 7 == 0 else "PJSIP/1001",
                f"ABANDON|1|1|{n % 40}" if n % 7 == 0 else f"CONNECT|{n % 40}|x|2",
            ),
            *([] if n % 7 == 0 else [(n % 40 + 90, "PJSIP/1001", f"COMPLETECALLER|{n % 40}|90|1")]),
        )
    ]
    (tmp_path / "queue_log").write_text(LOG + "\n".join(day))
    (tmp_path / f"{CALL}.vtt").write_text(TALK)
    came(tmp_path / "queue_log", "queue-log", '[queues]\ncard = "信用卡"\nloans = "贷款"')
    came(tmp_path / f"{CALL}.vtt", "transcripts")
    page = visit(quality, dark=True)
    page.goto(address("hotline", query="queue=信用卡"))
    expect(page.get_by_role("heading", name="热线", level=1)).to_be_visible()
    expect(page.locator("[data-chart] svg path").first).to_be_attached()
    expect(page.get_by_text("秒内挂断的").first).to_be_visible()
    seen(page, "hotline")
    page.get_by_role("link", name="逐次进队").click()
    expect(page.get_by_role("cell", name="信用卡").first).to_be_visible()
    seen(page, "hotline-calls")
    page.goto(address("hotline_calls", query="queue=贷款&since=2026-01-01&until=2026-01-01"))
    page.get_by_role("link", name="看对话").first.click()
    expect(page.get_by_role("heading", name="通话全文")).to_be_visible()
    expect(page.get_by_text("坐席 100123").first).to_be_visible()
    expect(page.get_by_role("heading", name="这通电话")).to_be_visible()
    seen(page, "hotline-voice")
