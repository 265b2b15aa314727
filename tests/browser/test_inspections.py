"""An inspector fills in a form without network: it waits on the telephone, comes in once, and is forgotten there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from huixiang.apps.access.models import Staff
from huixiang.apps.inspections import actions
from huixiang.apps.inspections.models import Finding, Photo, Visit
from huixiang.apps.standards import actions as standards
from huixiang.domain.standards.writing import write
from tests import make
from tests.apps.inspections import LOOKS, SET, filled, hold, looked
from tests.browser.conftest import NARROW, Address, accessible, fits, in_english, shot
from tests.browser.conftest import Visit as Open
from tests.channels.test_pictures import photo

pytestmark = pytest.mark.one_database


def test_a_form_is_filled_in_without_network_and_comes_in_once(
    bank: make.Bank, quality: Staff, manager: Staff, visit: Open, address: Address, tmp_path: Path
) -> None:
    second = make.staff("9010", bank.head_office, "quality_manager", name="郑七")
    inspector, today = make.staff("8001", bank.north, "inspector", name="何八"), timezone.localdate()
    hold(quality, second, LOOKS, "etiquette-steps")
    page = visit(quality)
    page.goto(address("inspections"))
    shot(page, "inspections-empty")
    page.goto(address("inspection_plan_new"))
    accessible(page)
    fits(page)
    shot(page, "inspection-plan-new")
    page.get_by_label("名称").fill("四季度检查")
    page.get_by_label("从哪个机构以下抽取").fill("N")
    page.get_by_label("期间自").fill(f"{today}")
    page.get_by_label("期间至").fill(f"{today + timedelta(days=60)}")
    page.get_by_label("仪容仪表").check()
    page.get_by_label("何八").check()
    page.get_by_role("button", name="抽取", exact=True).click()
    expect(page.get_by_text("须由另一人审批").first).to_be_visible()
    accessible(page)
    shot(page, "inspection-plan")
    approver = visit(second)
    approver.goto(page.url)
    approver.get_by_role("button", name="批准，派给检查员").click()
    expect(approver.get_by_text("已批准").first).to_be_visible()

    phone = visit(inspector, phone=True)
    phone.set_viewport_size(NARROW)  # type: ignore[arg-type]
    phone.goto(address("inspections_mine"))
    accessible(phone)
    fits(phone)
    shot(phone, "inspections-mine-phone")
    phone.get_by_role("button", name="存到本机，断网也能填").click()
    expect(phone.get_by_text("已存到本机")).to_be_visible()
    task = Visit.objects.get(unit=bank.north_outlet)
    phone.context.set_offline(True)
    phone.goto(address("inspection_form", task.number))  # never opened before
    expect(phone.locator(".hx-title")).to_have_text("北山一路网点")
    for number, level in ((1, "未做到"), (2, "做到"), (3, "部分做到"), (4, "不适用")):
        phone.locator("fieldset.in-line").nth(number - 1).get_by_role("radio", name=level, exact=True).check()
    camera = tmp_path / "现场.jpg"
    camera.write_bytes(photo())
    line = phone.locator("fieldset.in-line").first
    line.get_by_label("说明").fill("柜员李四未戴工牌")
    line.locator("input[type=file]").set_input_files(camera)
    expect(line.locator("img")).to_be_visible()
    expect(phone.get_by_text("尚未提交，已存于本机（")).to_be_visible()
    phone.get_by_role("button", name="提交检查").click()
    expect(phone.get_by_text("没有网络：尚未提交")).to_be_visible()
    fits(phone)
    shot(phone, "inspection-form-offline-phone")
    phone.reload()  # the telephone was locked, the page is opened anew: all is there
    expect(line.locator("img")).to_be_visible()
    expect(line.get_by_label("说明")).to_have_value("柜员李四未戴工牌")
    assert not Visit.objects.done().exists()
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("不合格")).to_be_visible()
    fits(phone)
    accessible(phone)
    shot(phone, "inspection-phone")
    done = Visit.objects.done().get()
    assert (done.points, done.most, Photo.objects.count(), Finding.objects.count()) == (3, 6, 1, 2)
    phone.goto(address("inspections_mine"))
    expect(phone.get_by_text("这台设备上有没提交的草稿")).to_be_hidden()
    kept = phone.evaluate("caches.open('huixiang-inspections').then(c => c.keys()).then(k => k.map(r => r.url))")
    assert not [url for url in kept if url.endswith(f"{task.number}/form/")]

    unit = visit(manager, phone=True)
    finding = Finding.objects.get(answer__number=1)
    unit.goto(address("inspection_finding", finding.pk))
    accessible(unit)
    unit.get_by_label("理由").fill("当天已补戴，见录像截图")
    unit.get_by_label("申诉材料").set_input_files(camera)
    unit.get_by_role("button", name="提交申诉").click()
    expect(unit.get_by_text("申诉中")).to_be_visible()
    page.goto(address("inspection_finding", finding.pk))
    page.locator("#decide_verb").select_option(label="改判为部分做到")
    page.get_by_label("理由").fill("后半段已佩戴")
    page.get_by_role("button", name="裁定", exact=True).click()
    expect(page.get_by_text("已确认")).to_be_visible()
    shot(page, "inspection-finding")

    for place in range(3):
        looked(inspector, bank.north_outlet_2, {2: place % 3})
    addresses = {
        "inspections": address("inspections"),
        "inspection": address("inspection", done.number),
        "inspection-findings": address("inspection_findings"),
        "inspection-finding": address("inspection_finding", finding.pk),
        "inspection-plans": address("inspection_plans"),
        "inspection-calibration": address("inspection_calibration"),
        "inspection-unit": address("inspection_unit", "N12"),
        "inspection-words": address("inspection_words"),
        "inspection-plan-new": address("inspection_plan_new"),
        "inspections-import": address("inspections_import"),
    }
    small = visit(quality, phone=True)
    for name, url in addresses.items():
        for each, kind in ((page, ""), (small, "-phone")):
            each.goto(url)
            accessible(each)
            fits(each)
            shot(each, f"{name}{kind}")
    waiting = Visit.objects.of(inspector).planned().first()
    assert waiting
    in_english(phone, {"inspection-form": address("inspection_form", waiting.number),
                       "inspections-mine": address("inspections_mine")})  # fmt: skip
    in_english(page, addresses)


def test_a_draft_outlives_a_change_of_the_standard_and_is_let_go_of_once_handed_in(
    bank: make.Bank, quality: Staff, visit: Open, address: Address
) -> None:
    second, inspector = (
        make.staff("9010", bank.head_office, "quality_manager"),
        make.staff("8001", bank.north, "inspector"),
    )
    hold(quality, second, LOOKS)
    number = actions.begin(bank.north_outlet, "inspection", [LOOKS], by=inspector).number
    phone = visit(inspector, phone=True)
    phone.goto(address("inspection_form", number))
    for line in range(4):
        phone.locator("fieldset.in-line").nth(line).get_by_role("radio", name="做到", exact=True).check()
    phone.get_by_label("总的说明").fill("大堂整洁")
    expect(phone.get_by_text("尚未提交，已存于本机（")).to_be_visible()
    held = SET[LOOKS].checklist
    assert held
    items = (held.items[0], replace(held.items[1], text="发型整洁，不染异色"), *held.items[2:])
    changed = replace(SET[LOOKS], effective_from=timezone.localdate(), checklist=replace(held, items=items))
    version = standards.write_version(write(changed), by=quality)
    standards.submit(version, by=quality)
    standards.approve(version, by=second)

    phone.reload()
    expect(phone.get_by_text("标准已更新")).to_be_visible()
    expect(phone.get_by_label("总的说明")).to_have_value("大堂整洁")
    ticked = [phone.locator("fieldset.in-line").nth(line).locator("input:checked").count() for line in range(4)]
    assert ticked == [1, 0, 1, 1], "an answer holds only for the words it was given to"
    phone.locator("fieldset.in-line").nth(1).get_by_role("radio", name="做到", exact=True).check()
    expect(phone.get_by_text("尚未提交，已存于本机（")).to_be_visible()
    task = Visit.objects.get(number=number)
    actions.submit(number, filled(task, {}), by=inspector, key="another device")
    phone.goto(address("inspections_mine"))
    expect(phone.get_by_text("这次检查已提交过")).to_be_visible()
    fits(phone)
    phone.once("dialog", lambda asked: asked.accept())
    phone.get_by_role("button", name="放弃本机草稿").click()
    expect(phone.get_by_text("这台设备上有没提交的草稿")).to_be_hidden()
