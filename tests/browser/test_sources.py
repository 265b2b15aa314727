"""Does a quality manager connect the complaints mailbox by herself, and see why it fails when it does?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from huixiang.apps.access import jobs
from huixiang.apps.sources.models import Source
from tests import dovecot
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.channels.letters import letter
from tests.dovecot import SECRET, Dovecot

ACCOUNT = "tousu@bank.example"


@pytest.mark.one_database
@pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not())
def test_a_mailbox_is_added_tried_and_polled(quality: Any, settings: Any, visit: Visit, address: Address) -> None:
    with Dovecot() as server:
        settings.SOURCES, settings.SOURCES_CA = [server.encrypted, "https://news.example"], str(server.authority)
        server.put(
            ACCOUNT,
            letter("排队一小时，手机13812345678", subject="网点排队太久"),
            letter(number="2", Subject="退信通知"),
        )
        page = visit(quality)
        page.goto(address("sources"))
        accessible(page)
        page.get_by_role("link", name="添加第一个来源").click()
        page.get_by_label("名称").fill("投诉邮箱")
        page.get_by_label("地址").fill("imaps://mail.elsewhere.example")
        page.get_by_label("账号").fill(ACCOUNT)
        page.get_by_label("密码或授权码").fill("wrong")
        page.get_by_role("button", name="添加来源").click()
        expect(page.get_by_role("alert")).to_contain_text("不在允许收取的清单里")
        page.get_by_label("地址").fill(server.encrypted)
        page.get_by_label("密码或授权码").fill("wrong")
        accessible(page)
        shot(page, "source-new")
        page.get_by_role("button", name="添加来源").click()
        page.get_by_role("button", name="试连").click()
        expect(page.get_by_role("alert")).to_contain_text("不接受这个账号或密码")
        page.get_by_role("link", name="修改").click()
        expect(page.get_by_label("密码或授权码")).to_have_value("")
        page.get_by_label("密码或授权码").fill(SECRET)
        page.get_by_role("button", name="保存").click()
        page.get_by_role("button", name="试连").click()
        expect(page.get_by_text("网点排队太久")).to_be_visible()
        expect(page.get_by_text("13812345678")).to_have_count(0)
        accessible(page)
        shot(page, "source-test")
        page.get_by_role("button", name="立即收取").click()
        expect(page.get_by_role("button", name="立即收取")).to_be_disabled()
        jobs.perform.func(str(Source.objects.get().job_id))
        page.reload()
        expect(page.get_by_role("region", name="最近收到").get_by_role("row")).to_have_count(2)
    failing = Source.objects.get()
    Source.objects.filter(pk=failing.pk).update(
        failures=3,
        failing_since=failing.polled_at,
        fault={"message": "“%(origin)s”没有及时应答；会稍后再试", "params": {"origin": server.encrypted}},
    )
    phone = visit(quality, phone=True)
    for name, place in (
        ("sources", ("sources",)),
        ("source", ("source", failing.pk)),
        ("source-change", ("source_change", failing.pk)),
    ):
        phone.goto(address(*place))
        accessible(phone)
        fits(phone)
        shot(phone, f"{name}-phone")
    page.goto(address("source", failing.pk))
    shot(page, "source")
    page.get_by_role("button", name="暂停").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除这个来源").click()
    expect(page.get_by_text("还没有定时收取的来源")).to_be_visible()
