"""Is a reply written, looked at and sealed by the page alone, and can head office change the bank's words?"""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Receipt
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, shot

pytestmark = pytest.mark.one_database


def test_a_reply_from_its_draft_to_the_file(bank: make.Bank, quality: Staff, visit: Visit, address: Address) -> None:
    told = Receipt(way="phone", unit=bank.north_branch, title="年费没说清", text="没告诉我就扣了年费")
    case = actions.register(told, by=quality)
    for verb, doing in (("accept", Doing(told_at=timezone.now())), ("take", Doing()), ("decide", Doing(words="退"))):
        actions.do(case.pk, verb, doing, by=quality)
    page = visit(quality)
    page.goto(address("complaint", case.pk))
    page.locator("summary", has_text="答复并告知").click()
    page.get_by_role("link", name="用模板起草公文").click()
    words = page.get_by_label("正文")
    expect(words).to_have_value(re.compile("请填写：处理结果"))
    accessible(page)
    fits(page)
    shot(page, "complaint-letter")
    words.fill(re.sub("〔请填写：[^〕]*〕", "经核对录音，退还年费", words.input_value()))
    page.get_by_label("如何告知").select_option(label="信函")
    page.get_by_label("答复写明了核实情况与理由、依据").check()
    page.get_by_role("button", name="封存并办理").click()
    expect(page.get_by_role("link", name="Word")).to_be_visible()
    accessible(page)
    shot(page, "complaint-letter-sealed")
    small = visit(quality, phone=True)
    for name, args in (("complaint_templates", ()), ("complaint_template", ("reply",))):
        small.goto(address(name, *args))
        accessible(small)
        fits(small)
        shot(small, f"{name}-phone")
