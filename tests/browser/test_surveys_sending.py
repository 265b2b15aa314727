"""An officer draws a sample and sends it; a customer answers on her telephone, another wants no more of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.surveys import optouts, sending
from huixiang.apps.surveys.framing import pseudonym_of
from huixiang.apps.surveys.models import Invitation, OptOut, Response, Round
from tests import make
from tests.apps import surveys_cast
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.gateways.servers import Postman, mail_server
from tests.make import Bank

LINK = re.compile(r"/s/i/[\w-]{22}/")
ASKED = 5


def test_from_the_list_to_the_answer_the_reminder_and_the_end(
    visit: Visit, address: Address, live_server: Any, transactional_db: None, bank: Bank, settings: Any,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    settings.PUBLIC_URL = home = live_server.url
    officer = make.staff("3001", bank.north, "branch_manager", name="陈二")
    survey = surveys_cast.survey(bank.north).survey
    with mail_server() as (postman, url):
        monkeypatch.setenv("HUIXIANG_MAIL_URL", url)
        monkeypatch.setenv("HUIXIANG_MAIL_FROM", "海川银行 <survey@bank.example>")
        _asked_lately(bank, officer)
        optouts.by_staff("K1", by=officer)
        page = visit(officer)
        page.goto(address("survey_rounds", survey.pk))
        page.get_by_label("名单").last.set_input_files(_list(tmp_path))
        page.get_by_role("button", name="导入名单").click()
        expect(page.get_by_role("status").first).to_contain_text("新增 8")
        page.get_by_role("link", name="抽样", exact=True).click()
        page.get_by_label("名称").fill("十一月到访")
        page.get_by_label("发送方式").select_option("mail")
        page.get_by_label("比例（%）").fill("100")
        page.get_by_role("button", name="预览").click()
        for why in ("不愿接受调查", "近期问过", "没有联系方式"):
            expect(page.get_by_role("columnheader", name=why)).to_be_visible()
        accessible(page)
        shot(page, "sending-preview-desk")
        page.locator("button[value=draw]").click()
        expect(page.get_by_text("抽样说明")).to_be_visible()
        made = Round.objects.get(name="十一月到访")
        assert made.invitations.count() == ASKED
        page.get_by_label("几天后提醒").fill("3")
        page.get_by_role("button", name="保存并预览").click()
        page.get_by_role("button", name="开始发送").click()
        noon = datetime.combine(timezone.localdate(), datetime.min.time(), UTC) + timedelta(hours=4)
        sending.send_all(lambda: noon)
        first, second, third = _links(postman)[:3]

        phone = visit(phone=True, expect={410})
        phone.goto(home + first)
        phone.get_by_role("radio", name="9", exact=True).check()
        phone.get_by_role("button", name="下一页").click()
        expect(phone.get_by_text("请给各方面打分")).to_be_visible()
        phone.goto("about:blank")
        phone.goto(home + first)
        expect(phone.get_by_role("status")).to_contain_text("上次没有填完的内容还在")
        phone.get_by_role("button", name="提交").click()
        expect(phone.get_by_role("heading", name="谢谢，已经收到")).to_be_visible()
        assert Response.objects.get().invitation is not None

        page.goto(address("survey_round", survey.pk, made.pk))
        expect(page.get_by_text("作答率 20%").first).to_be_visible()
        accessible(page)
        fits(page)
        shot(page, "sending-round-desk")
        sent = len(postman.taken)
        sending.send_all(lambda: noon + timedelta(days=4))
        assert len(postman.taken) - sent == ASKED - 1, "who has answered is not reminded"

        phone.goto(f"{home}{second}stop/")
        shot(phone, "sending-stop-phone")
        phone.get_by_role("button", name="不再发给我").click()
        expect(phone.get_by_role("heading", name="已经记下")).to_be_visible()
        assert OptOut.objects.filter(via="link").count() == 1

        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="停止").click()
        expect(page.get_by_text("没有用过的链接不能再作答")).to_be_visible()
        phone.goto(home + third)
        expect(phone.get_by_role("heading", name="问卷已经结束")).to_be_visible()
        accessible(phone)
        shot(phone, "sending-ended-phone")
    for is_phone in (False, True):
        for language in ("zh-hans", "en"):
            look = visit(officer, phone=is_phone)
            look.context.add_cookies([{"name": "django_language", "value": language, "url": home}])
            for name, place in (("rounds", address("survey_rounds", survey.pk)),
                                ("round", address("survey_round", survey.pk, made.pk))):  # fmt: skip
                look.goto(place)
                fits(look)
                shot(look, f"sending-{name}-{'phone' if is_phone else 'desk'}-{language}")


def _list(place: Path) -> Path:
    """Eight customers: one said no, one was asked lately, one cannot be reached."""
    day, found = timezone.localdate() - timedelta(days=1), place / "名单.csv"
    lines = [f"K{n},N11,金卡,{day},{'' if n == 3 else f'k{n}@example.com'}" for n in range(1, 9)]
    found.write_text("\n".join(["客户号,机构号,客户等级,到访日期,邮箱", *lines]), "utf-8")
    return found


def _asked_lately(bank: Bank, by: Any) -> None:
    other = surveys_cast.survey(bank.north, name="另一份").survey
    earlier = Round.objects.create(survey=other, name="上月", medium="mail", by=by, state="sent")
    Invitation.objects.create(round=earlier, token="x", customer=pseudonym_of("K2"), medium="mail", unit=bank.north,
                              probability=1.0, state="sent", sent_at=timezone.now() - timedelta(days=9),
                              keep_until=timezone.localdate())  # fmt: skip


def _links(postman: Postman) -> list[str]:
    """In the order of the mails, each customer's once."""
    found = []
    for _to, content in postman.taken:
        text = message_from_bytes(content, policy=policy.default).get_body(("plain",)).get_content()
        found.append(LINK.search(text)[0])
    return list(dict.fromkeys(found))
