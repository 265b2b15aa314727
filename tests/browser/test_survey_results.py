"""From a file of answers to what they prove: does a quality manager find her way, on a desk's screen and on a phone?"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.actions import rounds
from huixiang.apps.surveys.framing import pseudonym_of
from huixiang.apps.surveys.models import OptOut, Version
from huixiang.domain.surveys.plain import to_plain
from huixiang.lake.store import Lake
from tests import make
from tests.apps import arrivals
from tests.apps import test_surveys_sending as lists
from tests.apps.surveys import VISIT, lies_in_the_lake, people, survey
from tests.browser.conftest import Address, Visit, in_english
from tests.browser.sentences import BRANCH
from tests.browser.test_needs import seen
from tests.make import Bank

READ = ("results", "compare", "drivers", "crossed", "written", "answer_file", "fairness", "hand", "limesurvey")


@pytest.mark.one_database
def test_answers_come_in_by_a_file_and_are_read_from_all_sides(
    bank: Bank, lake: Lake, quality: Staff, visit: Visit, address: Address, tmp_path: Path
) -> None:
    version = survey(bank.head_office, draft=to_plain(VISIT))
    page = visit(quality)
    page.goto(address("survey_results", version.survey_id))
    expect(page.get_by_text("还没有可以汇总的答卷")).to_be_visible()
    seen(page, "survey-results-empty", again=True)
    page.get_by_role("link", name="导入别处的答案").click()
    page.get_by_label("文件").first.set_input_files(_answers(tmp_path))
    page.get_by_role("button", name="上传并对应各列").click()
    expect(page.get_by_role("alert")).to_contain_text("看不出哪一列是提交时间")
    page.get_by_label("提交时间").select_option("何时")
    page.get_by_role("button", name="重新试读").click()
    expect(page.get_by_text("1 行有误")).to_be_visible()
    seen(page, "survey-answer-columns")
    page.get_by_role("button", name="导入答案").click()
    expect(page.get_by_role("link", name="1 行，去修正")).to_be_visible()
    seen(page, "survey-answer-files")
    page.get_by_role("link", name="答卷.csv").click()
    seen(page, "survey-answer-file")
    page.goto(address("survey_results", version.survey_id))
    seen(page, "survey-results")
    page.get_by_role("link", name="机构与等级").click()
    seen(page, "survey-compare")
    page.get_by_role("link", name="关键驱动").click()
    page.get_by_role("combobox", name="总体评价").select_option("csat")
    expect(page.get_by_text("已证明", exact=True)).to_be_visible()
    seen(page, "survey-drivers")
    page.get_by_role("link", name="交叉表").click()
    page.get_by_role("combobox", name="看哪道题").select_option("csat")
    page.get_by_role("combobox", name="按什么分组").select_option("age")
    page.get_by_role("button", name="交叉", exact=True).click()
    expect(page.get_by_text("两者有关联")).to_be_visible()
    seen(page, "survey-crossed")
    page.get_by_role("link", name="文字回答").click()
    page.get_by_role("link", name="逐条看").click()
    expect(page.get_by_role("heading", name="最新的回答")).to_be_visible()
    seen(page, "survey-words")


@pytest.mark.one_database
def test_whom_one_asked_is_told_and_who_wants_no_more_of_it_is_left_in_peace(
    bank: Bank, lake: Lake, quality: Staff, visit: Visit, address: Address, tmp_path: Path
) -> None:
    """N11's colleague asked the pleased by hand; not one of twenty who had complained."""
    version = survey(bank.head_office, draft=to_plain(VISIT))
    _asked(version, quality, lake, tmp_path)
    page = visit(quality)
    page.goto(address("survey_rounds", version.survey_id))
    page.get_by_role("link", name="当面邀请").click()
    page.get_by_label("客户号").fill("K777")
    page.get_by_label("机构", exact=True).select_option("N11")
    page.get_by_role("button", name="生成二维码").click()
    expect(page.get_by_role("heading", name="请客户扫码")).to_be_visible()
    seen(page, "survey-hand")
    page.get_by_role("link", name="林一").click()
    seen(page, "survey-hand-code")
    page.get_by_role("link", name="发送", exact=True).click()
    page.get_by_role("link", name="是否只问了满意的客户").click()
    expect(page.get_by_text("问到的不满客户偏少，值得了解原因").first).to_be_visible()
    expect(page.get_by_text("当面邀请的得分偏高，值得了解原因").first).to_be_visible()
    seen(page, "survey-fairness")
    page.get_by_role("link", name="发送", exact=True).click()
    page.get_by_role("link", name="不愿接受调查的客户").click()
    page.get_by_label("客户号").first.fill("K5")
    page.get_by_role("button", name="不再问").click()
    expect(page.get_by_role("heading", name="1 位客户")).to_be_visible()
    assert OptOut.objects.get().customer == pseudonym_of("K5")
    seen(page, "survey-optouts")
    page.goto(address("survey", version.survey_id))
    page.get_by_role("link", name="导出到 LimeSurvey…").click()
    seen(page, "survey-limesurvey")
    read = {f"survey-{name}": address(f"survey_{name}", version.survey_id) for name in READ}
    in_english(page, read | {"survey-optouts": address("survey_optouts")})


def _asked(version: Version, by: Staff, lake: Lake, place: Path) -> None:
    make.staff("3001", Unit.objects.get(code="N11"), name="林一")
    drawn = people(120, via="invitation", weight=2.0)
    fans = people(25, seed=2, unit="N11", via="invitation", weight=0.0)
    lies_in_the_lake(lake, version, [*drawn, *(replace(one, answers={"nps": 10}) for one in fans)])
    lists.framed(version.survey, lists.people(place, 60))
    lately = f"{timezone.localdate() - timedelta(days=20)} 09:00"
    complained = [arrivals.row(6 * n, 客户=f"K{n}", 时间=lately) for n in range(20)]
    arrivals.bring_in(arrivals.table(place / "web.csv", complained))
    made = rounds.draw_round(version.survey, "柜面", lists.plan("link"), by=by)
    unhappy = [pseudonym_of(f"K{n}") for n in range(20)]
    made.invitations.exclude(customer__in=unhappy).update(sent_at=timezone.now())


def _answers(place: Path) -> Path:
    """A hundred and twenty visits as another program exports them, one of them with an impossible mark."""
    said = [words for feelings in BRANCH.values() for each in feelings.values() for words in each]
    found, whom = place / "答卷.csv", people(120)
    names = ("nps", "csat", "staff", "wait", "age")
    with found.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["编号", "何时", "机构号", "客户等级", *names, "why"])
        for number, one in enumerate(whom):
            marks = [one.answers[name] for name in names]
            if number == 1:
                marks[0] = 11
            words = said[number // 2 % len(said)] if number % 2 else ""
            rows.writerow([f"A{number}", f"{one.answered_on} 10:00", one.unit, one.tier, *marks, words])
    return found
