"""A customer on the bus, on her telephone: can she answer with one thumb, on any network, and only once?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.surveys import links
from huixiang.apps.surveys.models import Draft, Response, Version
from tests.apps.surveys_cast import VISIT, invite, survey, worded
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.make import Bank

EVERY_KIND = VISIT | {
    "sections": [
        *VISIT["sections"],
        {
            "code": "more",
            "wording": worded("还有几句", "A few more"),
            "questions": [
                {"code": "best", "kind": "rank", "wording": worded("最看重哪两样？", "Which two matter?"),
                 "most": 2,
                 "choices": [{"code": c, "wording": worded(w)} for c, w in (("a", "快"), ("b", "准"), ("c", "近"))]},
                {"code": "how", "kind": "multiple", "wording": worded("办了什么业务？", "What did you do?"),
                 "choices": [{"code": "cash", "wording": worded("存取款")}, {"code": "card", "wording": worded("办卡")},
                             {"code": "other", "wording": worded("其他"), "is_open": True}]},
                {"code": "day", "kind": "date", "wording": worded("哪一天来的？", "Which day?")},
                {"code": "text", "kind": "text", "wording": worded("还想说什么？", "Anything else?")},
            ],
        },
    ]
}  # fmt: skip


@pytest.fixture
def version(transactional_db: None, bank: Bank) -> Version:
    return survey(bank.north_branch, EVERY_KIND)


def test_on_the_telephone_by_keyboard_and_reader_of_screens(
    visit: Visit, live_server: object, version: Version, bank: Bank
) -> None:
    page, weight = visit(phone=True), []
    page.on("response", lambda response: weight.append(len(response.body())))
    page.goto(live_server.url + links.public(version.survey, bank.north_outlet))  # type: ignore[attr-defined]
    assert sum(weight) < 40_000, "a slow network loads it in seconds"
    accessible(page)
    fits(page)
    shot(page, "survey-phone-first")
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("请回答这一题")
    accessible(page)
    fits(page)
    shot(page, "survey-phone-fault")
    page.get_by_role("radio", name="0 完全不可能").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("为什么给 2 分？")).to_be_visible()
    page.get_by_label("为什么给 2 分？").fill("排队等了一个多小时。")
    page.get_by_role("button", name="下一页").click()
    for row in ("等候", "态度", "专业", "环境", "讲解"):
        page.get_by_role("group", name=row, exact=True).get_by_label("满意", exact=True).check()
    accessible(page)
    fits(page)
    shot(page, "survey-phone-matrix")
    page.get_by_role("button", name="下一页").click()
    page.get_by_label("第 1 位").select_option(label="近")
    page.get_by_label("第 2 位").select_option(label="近")
    page.get_by_label("其他", exact=True).check()
    page.get_by_label("其他：请注明").fill("换外币")
    page.get_by_label("哪一天来的？").fill("2026-11-20")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("同一项排了两次")
    page.get_by_label("第 2 位").select_option(label="准")
    accessible(page)
    fits(page)
    shot(page, "survey-phone-last")
    page.get_by_role("button", name="提交").dblclick()
    expect(page.get_by_role("heading", name="谢谢，已经收到")).to_be_visible()
    accessible(page)
    shot(page, "survey-phone-thanks")
    assert Response.objects.get().unit == bank.north_outlet
    assert page.evaluate("localStorage.length") == 0


def test_no_network_a_closed_browser_and_another_language_lose_nothing_and_count_once(
    visit: Visit, live_server: object, version: Version
) -> None:
    page, there = visit(phone=True, dark=True), live_server.url + links.public(version.survey)  # type: ignore[attr-defined]
    page.goto(there)
    page.get_by_role("radio", name="9", exact=True).check()
    page.get_by_role("button", name="下一页").click()
    page.get_by_role("group", name="等候", exact=True).get_by_label("很满意").check()
    page.goto("about:blank")
    page.goto(there)
    expect(page.get_by_role("status")).to_contain_text("上次没有填完的内容还在")
    expect(page.get_by_role("group", name="等候", exact=True).get_by_label("很满意")).to_be_checked()
    shot(page, "survey-phone-resumed")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Branch survey")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_label("Anything else?")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("No network")
    shot(page, "survey-phone-offline")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Thank you, it has arrived")).to_be_visible()
    assert Response.objects.get().language == "en"
    page.goto(there)
    page.get_by_role("radio", name="9", exact=True).check()
    page.context.set_offline(True)
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_role("status")).to_contain_text("没有网络")
    page.context.set_offline(False)
    expect(page.get_by_text("请给各方面打分")).to_be_visible()


def test_without_scripts_and_with_a_link_of_ones_own(visit: Visit, live_server: object, version: Version) -> None:
    (token,) = invite(version)
    page = visit(script=False)
    page.goto(live_server.url + links.invited(token))  # type: ignore[attr-defined]
    page.get_by_role("radio", name="9", exact=True).check(force=True)
    page.get_by_role("button", name="下一页").click()
    assert Draft.objects.count() == 1
    page.get_by_role("button", name="上一页").click()
    expect(page.get_by_role("radio", name="9", exact=True)).to_be_checked()
    for _ in range(2):
        page.get_by_role("button", name="下一页").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="谢谢，已经收到")).to_be_visible()
    page.goto(live_server.url + links.invited(token))  # type: ignore[attr-defined]
    expect(page.get_by_role("heading", name="已经收到您的回答")).to_be_visible()


def test_who_manages_it_sees_by_which_ways_customers_come(
    visit: Visit, address: Address, version: Version, manager: Staff
) -> None:
    for is_phone in (False, True):
        page = visit(manager, phone=is_phone)
        page.goto(address("survey_ways", version.survey_id))
        accessible(page)
        fits(page)
        shot(page, f"survey-ways-{'phone' if is_phone else 'desk'}")
