"""Can head office subscribe another system and bring in an old register by the pages alone, on a telephone too?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.complaints import actions, hooks_leaving
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.complaints.models import Case
from tests import make
from tests.apps.test_complaints_import import HEAD, TOO_EARLY, WHOLE
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database


def test_a_system_is_subscribed_and_a_register_comes_in(
    bank: make.Bank, quality: Staff, visit: Visit, address: Address, settings: Any
) -> None:
    settings.WEBHOOKS = ["http://127.0.0.1:1"]
    make.staff("1101", bank.north_branch, "complaint_handler")
    page = visit(quality)
    page.goto(address("webhooks"))
    page.get_by_label("系统名称").fill("客户关系管理")
    page.get_by_label("接收地址").fill("http://127.0.0.1:1/in")
    page.get_by_role("button", name="新增并显示密钥").click()
    expect(page.get_by_text("whsec_")).to_be_visible()
    accessible(page)
    shot(page, "webhook-secret")
    actions.register(Receipt("phone", bank.north_branch, "理财亏损", "亏了一半"), by=quality)
    hooks_leaving.send_all()
    page.get_by_role("link", name="已抄好").click()
    expect(page.get_by_text("拒绝连接")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "webhook")
    log = page.url
    page.goto(address("complaint_import"))
    told = "\n".join([HEAD, WHOLE, TOO_EARLY]).encode()
    page.get_by_label("文件").set_input_files({"name": "台账.csv", "mimeType": "text/csv", "buffer": told})
    page.get_by_role("button", name="上传并对应各列").click()
    expect(page.get_by_text("1 行可以导入，1 行有误")).to_be_visible()
    accessible(page)
    fits(page)
    shot(page, "old-register")
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("已开始导入")).to_be_visible()
    jobs.perform.call(str(Job.objects.get(kind="import").pk))
    page.goto(address("complaint", Case.objects.get(old_number__number="A-1").pk))
    expect(page.get_by_text("由旧登记簿导入").first).to_be_visible()
    shot(page, "old-case")
    page.goto(address("complaint_export_people"))
    accessible(page)
    small = visit(quality, phone=True)
    names = {
        "webhooks-phone": address("webhooks"),
        "webhook-phone": log,
        "old-register-phone": address("complaint_import"),
        "export-people-phone": address("complaint_export_people"),
    }
    for name, place in names.items():
        small.goto(place)
        accessible(small)
        fits(small)
        shot(small, name)
    in_english(small, names)
