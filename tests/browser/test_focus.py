"""Can a clerk lead a talk from the record to its themes, and code it on a train? At a desk and on a phone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from huixiang.apps.focus import actions
from huixiang.apps.focus.models import Coding, Session, Utterance
from tests import make
from tests.browser.conftest import DESKTOP, PHONE, Address, Visit, accessible, fits, shot

RECORD = """焦点小组记录　主题：网点排队　日期：2026-03-16　北方分行

主持人：大家好，先聊聊排队。
参与者A：叫号太慢了，等了一个多小时，打13812345678也没人接。
参与者B：我也是，过号以后又让重新排。
主持人：有没有满意的地方？
参与者A：大堂的小伙子很耐心。
"""


@pytest.fixture
def talk(bank: make.Bank, quality: Any) -> Session:
    guide = "# 开场 5\n- 请介绍自己\n# 感受 30\n- 最近一次办业务是什么情形？\n  * 哪一步最费劲？"
    plan = actions.Plan("网点排队与服务", "排队为什么难受？", guide, {"gold": 2, "private": 1})
    study = actions.open_study(bank.head_office, plan, by=quality)
    setting = actions.Setting(date(2026, 3, 16), bank.north, "三楼会议室", moderator=quality)
    talk = actions.add_session(study.pk, setting, by=quality)
    for name in ("参与者A", "参与者B"):
        seat = actions.add_participant(talk.pk, tier="gold", spoken_as=name, by=quality)
        actions.record_consent(seat.pk, "voice", date(2026, 3, 16), by=quality)
    return talk


@pytest.mark.one_database
def test_from_the_record_to_the_theme_and_nothing_coded_on_a_train_is_lost(
    bank: make.Bank, quality: Any, talk: Session, visit: Visit, address: Address
) -> None:
    page = visit(quality)
    page.goto(address("focus_session", talk.pk))
    record = {"name": "座谈.txt", "mimeType": "text/plain", "buffer": RECORD.encode()}
    page.get_by_label("座谈记录").set_input_files(record)  # type: ignore[arg-type]
    page.get_by_role("button", name="读取记录").click()
    expect(page.get_by_text("13812345678")).to_have_count(0)
    accessible(page)
    shot(page, "focus-record")
    page.get_by_role("button", name="脱敏并收入").click()
    expect(page.get_by_text("新增 5 句")).to_be_visible()
    coders = [make.staff("1010", bank.head_office, "analyst"), make.staff("1011", bank.north, "complaint_handler")]
    actions.begin_coding(talk.pk, [each.number for each in coders], by=quality)
    waiting = actions.add_code(talk.study_id, topic="D.responsiveness.waiting", by=quality)
    kind = actions.add_code(talk.study_id, topic="D.empathy.attitude", by=quality)

    coder = visit(coders[0], phone=True)
    coder.goto(address("focus_coding", talk.pk))
    coder.keyboard.press("1")
    expect(coder.get_by_text("都已保存")).to_be_visible()
    offline = True

    def network(route: Route) -> None:
        route.abort() if offline else route.continue_()

    coder.route("**/codes/", network)
    coder.keyboard.press("ArrowDown")
    coder.keyboard.press("1")
    coder.keyboard.press("ArrowDown")
    coder.keyboard.press("1")
    coder.keyboard.press("u")
    coder.keyboard.press("2")
    expect(coder.get_by_text("网络不通")).to_be_visible()
    assert Coding.objects.count() == 1
    fits(coder)
    accessible(coder)
    shot(coder, "focus-coding-phone")
    offline = False
    expect(coder.get_by_text("都已保存")).to_be_visible()
    said = list(Utterance.objects.of_participants())
    told = {each.utterance_id: [code.pk for code in each.codes.all()] for each in Coding.objects.all()}
    assert told == {said[0].pk: [waiting.pk], said[1].pk: [waiting.pk], said[2].pk: [kind.pk]}

    for each, codes in zip(said, ([waiting.pk], [], [kind.pk]), strict=True):
        actions.code(each.pk, codes, by=coders[1])
    page.goto(address("focus_settling", talk.pk))
    accessible(page)
    shot(page, "focus-settling")
    page.get_by_label("等候").check()
    page.get_by_role("button", name="裁定").click()
    page.goto(address("focus_theme_new", talk.study_id))
    page.get_by_label("名称").fill("排队吃掉半天")
    page.get_by_label("等候", exact=True).check()
    page.get_by_label("叫号太慢了").check()
    shot(page, "focus-theme-form")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("2 位参加者中有 2 位")).to_be_visible()
    page.get_by_role("button", name="连到需求").click()
    expect(page.get_by_role("link", name="排队吃掉半天")).to_be_visible()
    for name, place in (("focus-theme", page.url), ("focus-study", address("focus_study", talk.study_id)),
                        ("focus-session", address("focus_session", talk.pk)),
                        ("focus-codebook", address("focus_codebook", talk.study_id)),
                        ("focus-studies", address("focus_studies"))):  # fmt: skip
        page.goto(place)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            fits(page)
            shot(page, f"{name}-{size['width']}")
        accessible(page)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
