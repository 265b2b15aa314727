"""Does whoever sets a term see first what it would take, on a desk's screen and on a phone?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.feedback.models import Term
from tests import make
from tests.browser import voices as made
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot


@pytest.mark.parametrize("phone", [False, True])
def test_a_term_is_set_after_a_look_at_what_it_takes(
    lake: Any, bank: make.Bank, quality: Any, manager: Any, visit: Visit, address: Address, phone: bool
) -> None:
    long_ago, look = timezone.localdate() - timedelta(days=900), "phone" if phone else "desktop"
    made.fill(lake, [made.record(n, "北山的窗口排队太久，急死人", long_ago, branch="N11") for n in range(3)])
    page = visit(quality, phone=phone)
    page.goto(address("retention"))
    accessible(page)
    fits(page)
    shot(page, f"retention-{look}")
    page.goto(address("retention_channel", made.record(1, "", long_ago).channel))
    page.get_by_label("声音保存几个月").fill("12")
    page.get_by_role("button", name="先看会清理多少").click()
    expect(page.get_by_text("之前说的 3 条声音")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, f"retention-channel-{look}")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("之前说的 3 条声音")).to_be_visible()
    assert not Term.objects.exists(), "nobody said that she is sure"
    page.get_by_label("我已核对").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("12 个月，之后只留统计")).to_be_visible()
    page.goto(address("retention_channel", "answers"))
    page.get_by_label("保存几个月").fill("12")
    page.get_by_role("button", name="先看会清理多少").click()
    expect(page.get_by_text("现在没有什么会被清理")).to_be_visible()
    expect(page.get_by_text("还在的文字也一并只留统计")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, f"retention-answers-{look}")
    if not phone:
        other = visit(manager)
        other.goto(address("retention"))
        expect(other.get_by_text("这里只看不改")).to_be_visible()
        shot(other, "retention-manager")
        kinds = ("answers", "ideas", "utterances")
        in_english(page, {f"retention-{kind}": address("retention_channel", kind) for kind in kinds})
