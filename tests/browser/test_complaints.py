"""From the angry call to the archive, by the pages alone: can the complaint office work in them?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from huixiang.apps.complaints.models import Case
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, shot

pytestmark = pytest.mark.one_database


def do(page: Page, title: str, **said: str) -> None:
    """Open a verb's form, say what it asks for, and send it."""
    page.locator("summary", has_text=re.compile(rf"^\s*{title}\s*$")).click()
    form = page.locator("details[open] form").last
    for label, words in said.items():
        form.get_by_label(label).fill(words)
    for box in form.get_by_role("checkbox").all():
        box.check()
    form.get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_text("已记录。")).to_be_visible()


def test_from_the_angry_call_to_the_archive(bank: make.Bank, quality: object, visit: Visit, address: Address) -> None:
    page = visit(quality)
    page.goto(address("complaint_new"))
    page.get_by_label("承办机构").select_option(label="北山支行")
    page.get_by_label("一句话说明").fill("年费没说清就扣了")
    page.get_by_label("事情经过").fill("卡年费 200 元，从没告诉过我，打了三次电话都推来推去！要投诉到监管。")
    accessible(page)
    fits(page)
    shot(page, "complaint-new")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("答复期限")).to_be_visible()
    shot(page, "complaint-receipt")
    page.get_by_role("link", name="去办理").click()
    accessible(page)
    fits(page)
    shot(page, "complaint-registered")
    do(page, "受理")
    do(page, "开始调查")
    do(page, "作出决定", 说明="退还年费")
    do(page, "答复并告知", 答复内容="经核实……")
    accessible(page)
    shot(page, "complaint-replied")
    do(page, "办结")
    do(page, "归档")
    expect(page.get_by_text("已归档").first).to_be_visible()
    shot(page, "complaint-archived")
    assert Case.objects.get().state == "archived"
    page.goto(address("complaints", query="only=ended"))
    accessible(page)
    fits(page)
    shot(page, "complaints-ended")
    small = visit(quality, phone=True)
    small.goto(address("complaint", Case.objects.get().pk))
    fits(small)
    shot(small, "complaint-phone")
    small.goto(address("complaint_new"))
    fits(small)
    shot(small, "complaint-new-phone")
