"""A standard is written, previewed and approved by the pages alone: the clock of a complaint and the form follow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.complaints import actions as complaints
from huixiang.apps.complaints.actions import Receipt
from huixiang.apps.standards import actions
from huixiang.apps.standards.models import Version
from huixiang.lake.store import Lake
from tests import make
from tests.apps.test_standards_waiting import last_months
from tests.apps.test_tickets import came, parquet, ticket
from tests.browser.conftest import Address, Visit, accessible, fits, in_english, shot

pytestmark = pytest.mark.one_database
CODE = "complaint-reply"


def test_a_standard_is_changed_and_what_it_drives_follows(bank: make.Bank, quality: Staff, visit: Visit,
                                                          address: Address) -> None:  # fmt: skip
    second = make.staff("9010", bank.head_office, "quality_manager", name="郑七")
    page, small = visit(quality), visit(second, phone=True)
    page.goto(address("standards"))
    shot(page, "standards-empty")
    page.get_by_role("button", name="采用起始标准").click()
    for version in Version.objects.waiting():
        if version.standard.code != CODE:
            actions.approve(version, by=second)
    small.goto(address("standard_version", CODE, 1))
    small.get_by_role("button", name="批准，从起期执行").click()
    expect(small.get_by_text("已批准").first).to_be_visible()

    told = Receipt("phone", bank.north_branch, "年费没说清", "没告诉我就扣了年费")
    complaints.register(Receipt("phone", bank.north_branch, "旧事", "以前的事",
                                received_at=timezone.now() - timedelta(days=9)), by=quality)  # fmt: skip
    page.goto(address("standard_edit", CODE))
    accessible(page)
    shot(page, "standard-edit")
    page.get_by_label("计时目标").fill("40")
    page.get_by_label("起期").fill(f"{timezone.localdate()}")
    page.get_by_role("button", name="检查并存为草稿").click()
    expect(page.get_by_text("本行的计时目标由 7 日放宽为 40 日（更松）")).to_be_visible()
    expect(page.get_by_text("晚于法定期限 15")).to_be_visible()
    page.get_by_role("link", name="改标准").click()
    page.get_by_label("计时目标").fill("5")
    page.get_by_label("起期").fill(f"{timezone.localdate()}")
    page.get_by_role("button", name="检查并存为草稿").click()
    expect(page.get_by_text("本行的计时目标由 7 日收紧为 5 日（更严）")).to_be_visible()
    page.get_by_role("button", name="试算", exact=True).click()
    jobs.perform.func(str(Job.objects.get(kind="standard_preview").pk))
    expect(page.get_by_text("按这一版").first).to_be_visible()
    page.get_by_role("button", name="提交审批").click()
    number = Version.objects.filter(standard__code=CODE).first().number  # type: ignore[union-attr]
    small.goto(address("standard_version", CODE, number))
    accessible(small)
    fits(small)
    shot(small, "standard-version-phone")
    small.get_by_role("button", name="批准，从起期执行").click()

    case = complaints.register(told, by=quality)
    page.goto(address("complaint", case.pk))
    expect(page.locator("#own-targets")).to_contain_text("5 日")
    shot(page, "complaint-own-target")
    page.locator("#own-targets").get_by_role("link", name="看这份标准").last.click()
    addresses = {
        "standards": address("standards"),
        "standard_conformance": address("standard_conformance"),
        "standard": address("standard", CODE),
        "standard_version": address("standard_version", CODE, number),
        "standard_units": address("standard_units", CODE, query=f"month={timezone.localdate():%Y-%m}"),
        "scorecard": address("scorecard", query=f"month={timezone.localdate():%Y-%m}"),
        "standard_form": address("standard_form", "etiquette-steps"),
        "standard_new": address("standard_new"),
        "standard_text": address("standard_edit", "words", query="as=text"),
        "standards_import": address("standards_import"),
    }
    for name, url in addresses.items():
        for each, kind in ((page, ""), (small, "-phone")):
            each.goto(url)
            accessible(each)
            fits(each)
            shot(each, f"{name}{kind}")
    in_english(page, addresses)


def test_clock_form_scorecard_and_chart_follow_what_is_written(
    lake: Lake, bank: make.Bank, quality: Staff, tmp_path: Path, visit: Visit, address: Address
) -> None:
    """Two standards are written as text, previewed, and published by another: one of waiting, one of the reply."""
    came(parquet(tmp_path / "a.parquet", last_months([ticket(number, 900 + number) for number in range(60)])))
    second = make.staff("9010", bank.head_office, "quality_manager", name="郑七")
    page, other = visit(quality), visit(second)
    for code, text in {"waiting-own": WAITING, "reply-own": REPLY}.items():
        page.goto(address("standard_new", query="as=text"))
        page.locator("textarea[name=text]").fill(text.replace("TODAY", f"{timezone.localdate()}"))
        page.get_by_role("button", name="检查并存为草稿").click()
        page.get_by_role("button", name="试算", exact=True).click()
        jobs.perform.func(str(Job.objects.filter(kind="standard_preview").latest("pk").pk))
        page.get_by_role("button", name="提交审批").click()
        other.goto(address("standard_version", code, 1))
        other.get_by_role("button", name="批准，从起期执行").click()
        expect(other.get_by_text("已批准").first).to_be_visible()

    case = complaints.register(Receipt("phone", bank.north_branch, "年费没说清", "没告诉我就扣了年费"), by=quality)
    page.goto(address("complaint", case.pk))
    expect(page.locator("#own-targets")).to_contain_text("6 日")
    page.goto(address("scorecard", query=f"month={timezone.localdate():%Y-%m}"))
    expect(page.get_by_label("网点服务质量").get_by_role("row", name="午前等候")).to_be_visible()
    page.goto(address("standard_conformance"))
    line = page.get_by_role("row", name="午前等候")
    expect(line).to_contain_text("未达标")
    line.get_by_role("link", name="午前等候").click()
    expect(page.get_by_label("它带动什么")).to_contain_text("网点服务质量")
    expect(page.get_by_label("它带动什么")).to_contain_text("· 权重 8")
    chart = page.get_by_role("img", name="横线是现行目标 ≤ 10 分钟")
    expect(chart).to_be_visible()
    expect(chart.locator("circle")).to_have_count(1)
    for each in (page, visit(quality, phone=True)):
        each.goto(address("standard", "waiting-own"))
        expect(each.get_by_role("img", name="横线是现行目标")).to_be_visible()
        accessible(each)
        fits(each)
        shot(each, "standard-year" if each is page else "standard-year-phone")
    page.get_by_role("link", name="这是它带动的检查表").click()
    expect(page.get_by_text("排队机旁有人引导")).to_be_visible()


WAITING = """\
code = "waiting-own"
title = "午前等候"
english = "Waiting before noon"
governs = "waiting"
effective_from = TODAY
weight = 8
source = "本行自定"
trust = "own"
taught_by = ["lobby-flow"]
[owner]
post = "quality_manager"
[scope]
hours = ["08:00-12:00"]
[measure]
code = "waiting.p90"
target = 10
tolerance = 1
[appraisal]
line = "网点服务质量"
weight = 8
[checklist]
points = 4
[[checklist.item]]
text = "排队机旁有人引导"
english = "Somebody guides at the kiosk"
points = 4
"""
REPLY = """\
code = "reply-own"
title = "投诉答复"
english = "Reply to complaints"
governs = "complaint_response"
effective_from = TODAY
weight = 10
source = "本行自定"
trust = "own"
taught_by = ["complaint-handling"]
[owner]
post = "quality_manager"
[measure]
code = "complaint.reply"
target = 95
tolerance = 2
[clock]
of = "reply"
amount = 6
unit = "calendar_days"
"""
