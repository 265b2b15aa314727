"""Can a handler do a day's work on the pages: files, contacts, a hand-over, a mention, a deputy?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Receipt
from tests import make
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database


def test_a_day_of_work(bank: make.Bank, quality: object, visit: Visit, address: Address) -> None:
    handler = make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")
    colleague = make.staff("1102", bank.north_branch, "complaint_handler", name="李四")
    receipt = Receipt(way="phone", unit=bank.north_branch, title="年费没说清", text="卡年费 200 元，从没告诉过我")
    case = actions.register(receipt, by=handler)
    actions.do(case.pk, "accept", Doing(told_at=timezone.now()), by=handler)
    actions.do(case.pk, "assign", Doing(to=handler), by=handler)
    page = visit(handler)
    page.goto(address("complaint_deputies"))
    page.get_by_label("谁不在岗").fill("1101")
    page.get_by_label("由谁代班").fill("李四")
    page.get_by_label("至哪天").fill(str(timezone.localdate() + timedelta(days=3)))
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.get_by_text("已安排代班")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "complaint-deputies")
    page = visit(colleague)
    page.goto(address("complaint", case.pk))
    page.locator("#files summary", has_text="添加附件").click()
    page.locator("#files input[type=file]").set_input_files(
        {"name": "通话录音.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3\x04" + b"\0" * 900}
    )
    page.get_by_role("button", name="添加附件").click()
    expect(page.get_by_role("link", name="通话录音.mp3")).to_be_visible()
    later = (timezone.localtime() + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M")
    page.locator("summary", has_text="也可以").click()
    page.locator("#do-contact summary").click()
    form = page.locator("#do-contact form")
    form.get_by_label("联系方式").select_option(label="电话")
    form.get_by_label("结果").select_option(label="约定回电")
    form.get_by_label("约定何时回电").fill(later)
    form.get_by_label("说明").fill("客户在开会，稍后再打")
    form.get_by_role("button").click()
    expect(page.get_by_text("已记录。")).to_be_visible()
    page.locator("summary", has_text="也可以").click()
    page.locator("#do-note summary").click()
    page.locator("#do-note textarea").fill("请 @1101 回来后看录音")
    page.locator("#do-note button").click()
    expect(page.get_by_text("已记录。")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "complaint-working")
    page.goto(address("complaints"))
    accessible(page)
    fits(page)
    shot(page, "complaints-day")
    hers = visit(handler, phone=True)
    hers.goto(address("complaint_mentions"))
    accessible(hers)
    fits(hers)
    shot(hers, "complaint-mentions-phone")
    hers.get_by_role("button", name="看过了，打开投诉").click()
    fits(hers)
    shot(hers, "complaint-working-phone")
    boss = visit(quality)
    boss.goto(address("complaint", case.pk))
    boss.locator("summary", has_text="也可以").click()
    boss.locator("#do-hand_over summary").click()
    boss.get_by_label("移交给哪个机构").press_sequentially("南湖")
    expect(boss.locator("datalist option[value=S1]")).to_be_attached()
    boss.get_by_label("移交给哪个机构").fill("南湖支行")
    boss.locator("#do-hand_over textarea").fill("已核流水，还要问经办人")
    boss.locator("#do-hand_over button").click()
    expect(boss.get_by_text("还没有人接手")).to_be_visible()
    shot(boss, "complaint-handed-over")
    places = {"complaint-working-en": "complaint", "complaint-deputies-en": "complaint_deputies"}
    there = {name: address(place, *([case.pk] if place == "complaint" else [])) for name, place in places.items()}
    in_english(boss, there | {"complaints-day-en": address("complaints")})
