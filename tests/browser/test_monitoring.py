"""A shift is read on its page: what moved, where, since when and how sure, with its chart, on any screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.models import Rise
from tests.apps.test_monitoring import BEGAN, Moves, look, moves  # noqa: F401
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database
FOUND = {"topic": "C.pricing", "where": "S11", "on": f"{BEGAN}", "since": f"{BEGAN}", "window": 7, "observed": 20,
         "expected": 5.0, "ratio": {"value": 4.0, "low": 2.0, "high": 6.0}, "p": 1e-6, "q": 1e-4,
         "verdict": "rising"}  # fmt: skip


def test_a_shift_is_told_in_words_and_drawn(
    moves: Moves,  # noqa: F811
    quality: Staff,
    visit: Visit,
    address: Address,
) -> None:
    moves({"S11": 2.5})
    page, small = visit(quality), visit(quality, phone=True)
    page.goto(address("monitoring"))
    expect(page.get_by_text("还没有监测过")).to_be_visible()
    shot(page, "monitoring-empty")
    look(BEGAN + timedelta(days=20))
    days = {"since": BEGAN, "alerted_on": BEGAN, "last_on": BEGAN}
    Rise.objects.create(topic="C.pricing", unit="S11", alert=FOUND, last=FOUND, **days)
    page.goto(address("monitoring"))
    expect(page.get_by_role("img", name="浅色带是平常的范围")).to_be_visible()
    expect(page.get_by_text("一同变动：")).to_be_visible()
    expect(page.get_by_role("link", name="定价收费")).to_be_visible()
    accessible(page)
    shot(page, "monitoring")
    small.goto(address("monitoring"))
    fits(small)
    accessible(small)
    shot(small, "monitoring-phone")
    in_english(small, {"monitoring": address("monitoring")})
    expect(small.get_by_text("times the usual")).to_be_visible()
