"""A clerk knows what would be better: can she say so on her phone, be answered, and be thanked for it?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.ideas.models import Idea
from tests.browser.conftest import Address, Visit, in_english
from tests.browser.test_needs import seen


@pytest.mark.one_database
def test_from_the_counter_to_the_answer_and_the_thanks(
    clerk: Staff, manager: Staff, visit: Visit, address: Address
) -> None:
    hers = visit(clerk, phone=True)
    hers.goto(address("ideas"))
    seen(hers, "ideas-empty", again=True)
    hers.get_by_role("link", name="提建议").last.click()
    hers.get_by_label("类别").select_option("problem")
    hers.get_by_label("关于").select_option("system")
    hers.get_by_label("一句话标题").fill("叫号机常卡纸")
    hers.get_by_label("看到了什么、建议怎么做").fill("早高峰每天卡两三次，客户重新取号。\n建议换热敏机。")
    seen(hers, "idea-new")
    hers.get_by_role("button", name="提交").click()
    expect(hers.get_by_text("每一条都会有答复")).to_be_visible()

    desk = visit(manager)
    desk.goto(address("ideas"))
    desk.get_by_role("link", name="叫号机常卡纸").click()
    desk.get_by_role("button", name="我也遇到").click()
    desk.locator("summary", has_text="采纳").first.click()
    desk.get_by_label("答复").and_(desk.locator("#adopt_note")).fill("十二月换两台热敏机")
    seen(desk, "idea-answer")
    desk.get_by_role("button", name="采纳", exact=True).click()
    expect(desk.get_by_text("十二月换两台热敏机")).to_be_visible()
    assert Idea.objects.get().state == "adopted"

    hers.goto(address("ideas"))
    seen(hers, "ideas-answered")
    hers.get_by_role("link", name="您提的建议有 1 条新答复").click()
    hers.get_by_role("link", name="叫号机常卡纸").click()
    expect(hers.get_by_text("1 位同事也遇到过")).to_be_visible()
    seen(hers, "idea-answered", again=True)

    desk.goto(address("ideas"))
    desk.get_by_role("link", name="表彰").click()
    expect(desk.get_by_role("cell", name="林一")).to_be_visible()
    seen(desk, "idea-recognition")
    read = {name: address(name) for name in ("ideas", "idea_new", "idea_recognition")}
    in_english(desk, read | {"idea": address("idea", Idea.objects.get().pk)})
