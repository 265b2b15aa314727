"""Can a customer's words be erased step by step, on a desk's screen and on a phone, and never by one press?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access import jobs
from huixiang.apps.feedback.models import Erasure
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from tests import make
from tests.browser import voices as made
from tests.browser.conftest import Address, Visit, accessible, fits, shot


@pytest.mark.parametrize("phone", [False, True])
def test_one_voice_is_erased_in_two_steps(
    lake: Any, bank: make.Bank, quality: Any, visit: Visit, address: Address, phone: bool
) -> None:
    day, look = timezone.localdate() - timedelta(days=1), "phone" if phone else "desktop"
    record = made.record(1, "北山的窗口排队太久，急死人", day, branch="N11")
    made.fill(lake, [record, made.record(2, "柜员热情", day, branch="N11")])
    page = visit(quality, phone=phone)
    page.goto(address("voice", make.voice_id(record)))
    page.get_by_role("link", name="应客户要求删除").click()
    expect(page.get_by_text("删除后无法恢复").first).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, f"erasure-{look}")
    page.get_by_role("button", name="删除，无法恢复").click()
    assert not Erasure.objects.exists(), "neither a reason nor consent was given"
    page.get_by_label("原因").fill("客户 11 月 3 日来函")
    page.get_by_label("我已核对").check()
    page.get_by_role("button", name="删除，无法恢复").click()
    expect(page.get_by_role("heading", name="删除记录", level=1)).to_be_visible()
    expect(page.get_by_text("正在后台删除")).to_be_visible()
    jobs.perform.call(str(Erasure.objects.get().job_id))  # type: ignore[attr-defined]
    page.goto(address("erasures"))
    expect(page.get_by_text("完成", exact=True)).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, f"erasures-{look}")
    assert questions.count(lake, Slice()) == 1
