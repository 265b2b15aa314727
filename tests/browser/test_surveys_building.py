"""A branch manager without training: does she get from nothing to a published survey, also on her telephone?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from huixiang.apps.access.models import Staff
from huixiang.apps.surveys import actions
from huixiang.apps.surveys.actions import Terms
from huixiang.apps.surveys.models import Survey
from huixiang.apps.surveys.starting import started
from huixiang.domain.surveys.conditions import Compare, Operator
from huixiang.domain.surveys.plain import from_plain
from tests.browser.conftest import Address, Visit, accessible, fits, shot
from tests.make import Bank


def fine(page: Page, name: str) -> None:
    accessible(page)
    fits(page)
    shot(page, name)


@pytest.mark.one_database
def test_from_a_template_to_published(visit: Visit, address: Address, manager: Staff, bank: Bank) -> None:
    page = visit(manager)
    page.goto(address("surveys"))
    fine(page, "surveys-empty")
    page.get_by_role("link", name="新建第一份问卷").click()
    page.get_by_label("名称").fill("到店之后")
    page.get_by_label("机构", exact=True).select_option(bank.north_outlet.code)
    page.get_by_label("模板：到店之后").check()
    fine(page, "surveys-new")
    page.get_by_role("button", name="建立草稿").click()
    fine(page, "surveys-questions")
    page.get_by_label("加一题").last.select_option("text")
    page.get_by_role("button", name="加题").last.click()
    page.get_by_label("问题", exact=True).fill("您愿意再来吗？")
    expect(page.locator("#look")).to_contain_text("您愿意再来吗？")
    page.get_by_label("前面的题目").first.select_option("nps")
    expect(page.get_by_label("文字或日期").first).to_be_hidden()
    page.get_by_label("怎样比较").first.select_option("at_most")
    page.get_by_label("答案").first.select_option("nps=6")
    fine(page, "surveys-question")
    page.get_by_role("button", name="保存").click()
    assert from_plain(Survey.objects.get().draft).question("q1").shown_if == Compare("nps", Operator.AT_MOST, 6)
    page.get_by_role("link", name="概况").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布第 1 版")).to_be_visible()
    fine(page, "surveys-overview")


@pytest.mark.one_database
def test_on_the_telephone(visit: Visit, address: Address, manager: Staff, bank: Bank) -> None:
    survey = actions.create_survey(bank.north_outlet, Terms("投诉之后"), started("visit"), by="cli:test")
    page = visit(manager, phone=True)
    page.goto(address("survey_questions", survey.pk))
    page.get_by_role("button", name="下移 done").click()
    expect(page.get_by_text("那时还没有答案")).to_be_visible()
    fine(page, "surveys-phone-problem")
    page.goto(address("survey_question", survey.pk, "why_not"))
    fine(page, "surveys-phone-question")
    page.goto(address("survey_translation", survey.pk, "en"))
    fine(page, "surveys-phone-translation")
    page.goto(address("survey_section", survey.pk, "detail"))
    fine(page, "surveys-phone-section")
    page.goto(address("survey_preview", survey.pk))
    fine(page, "surveys-phone-preview")
    page.get_by_role("button", name="下一页").click()
    fine(page, "surveys-phone-preview-fault")
    page.get_by_role("radio", name="5 非常满意").check()
    page.get_by_label("办成了", exact=True).check()
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_role("heading", name="具体说说")).to_be_visible()
    fine(page, "surveys-phone-preview-matrix")
