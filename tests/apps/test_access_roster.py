"""Units and staff from files: what is wrong is told with its place, the rest goes in, a second time changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from huixiang.apps.access import audit
from huixiang.apps.access.models import AuditRecord, Post, Staff, Unit
from huixiang.apps.access.roster import files
from huixiang.apps.access.roster.carrying import carry_out
from huixiang.apps.access.roster.plan import Plan
from huixiang.web.cli import main
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
UNITS = """\
机构号,机构名称,级别,上级机构号
HC0101,滨江城东支行,支行,HC01
HC01,海川银行滨江分行,分行,HC
HC,海川银行总行,总行,
HC010101,滨江中山路网点,网点,HC0101
"""
STAFF = """\
工号,姓名,邮箱,角色,机构号,自,至
10001,林知夏,lin@bank.example,服务质量管理员,HC,2024-01-01,
20101,陈望舒,,网点负责人,HC010101,2024年1月1日,
20101,陈望舒,,投诉处理员,HC0101,2024/3/1,2025/12/31
20102,赵景行,,,,,
"""
TODAY = date(2026, 11, 24)


def planned(folder: Path, units: str = "", staff: str = "", by: str = "") -> Plan:
    paths: dict[str, Path | None] = {"units": None, "staff": None}
    for name, text in (("units", units), ("staff", staff)):
        if text:
            paths[name] = folder / f"{name}.csv"
            (folder / f"{name}.csv").write_text(text, "utf-8")
    return files.plan(paths["units"], paths["staff"], by=by, today=TODAY)


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return plan.count("new"), plan.count("changed"), plan.count("same"), len(plan.refused)


def faults(plan: Plan) -> list[tuple[int, str | None]]:
    return [(refused.number, refused.fault.column) for refused in plan.refused]


def test_a_tree_comes_in_whichever_way_round_and_a_second_time_changes_nothing(data: Path) -> None:
    first = planned(data, UNITS, STAFF)
    assert counts(first) == (10, 0, 0, 0)
    carry_out(first, "cli:test")
    assert list(Unit.objects.values_list("path", flat=True)) == [
        "/HC/",
        "/HC/HC01/",
        "/HC/HC01/HC0101/",
        "/HC/HC01/HC0101/HC010101/",
    ]
    assert counts(planned(data, UNITS, STAFF)) == (0, 0, 10, 0)


def test_new_people_cannot_log_in_before_a_password_is_issued(data: Path) -> None:
    carry_out(planned(data, UNITS, STAFF), "cli:test")
    person = Staff.objects.get(number="20101")
    assert not person.has_usable_password()
    assert person.must_change_password
    assert {(post.role, post.to_on) for post in person.posts.all()} == {
        ("branch_manager", None),
        ("complaint_handler", date(2025, 12, 31)),
    }


def test_what_changed_is_shown_with_what_was_before(data: Path) -> None:
    carry_out(planned(data, UNITS, STAFF), "cli:test")
    moved = UNITS.replace("网点,HC0101", "网点,HC01").replace("滨江城东支行", "滨江东城支行")
    plan = planned(data, moved, STAFF.replace("HC010101,2024年1月1日,", "HC010101,2024-01-01,2026-12-31"))
    assert {(change.key, str(change.before)) for change in plan.changes if change.state == "changed"} == {
        ("HC0101", "{'name': '滨江城东支行'}"),
        ("HC010101", "{'parent': 'HC0101'}"),
        ("20101 branch_manager HC010101 2024-01-01", "{'to_on': None}"),
    }
    carry_out(plan, "cli:test")
    assert Unit.objects.get(code="HC010101").path == "/HC/HC01/HC010101/"
    assert Post.objects.get(role="branch_manager").to_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("X1,无上级,网点,NOWHERE", "上级机构号", "NOWHERE"),
        ("X1,环甲,支行,X2\nX2,环乙,支行,X1", "上级机构号", "成环"),
        ("X1,自环,支行,X1", "上级机构号", "成环"),
        ("HC01,又一个滨江,分行,HC", "机构号", "第 3 行重复"),
        ("hc01,仅大小写不同,分行,HC", "机构号", "大小写"),
        ("X1,第二总行,总行,", "上级机构号", "最上级"),
        ("X1,,网点,HC01", "机构名称", "未填写"),
        ("X1,级别错,储蓄所,HC01", "级别", "储蓄所"),
        ("X/1,编号错,网点,HC01", "机构号", "X/1"),
    ],
)
def test_a_wrong_unit_is_refused_and_the_others_go_in(data: Path, line: str, column: str, words: str) -> None:
    plan = planned(data, UNITS + line + "\n")
    assert {place for _, place in faults(plan)} == {column}
    assert words in str(plan.refused[0].fault)
    assert plan.refused[0].number == 6
    assert plan.count("new") == 4


def test_what_hangs_below_a_refused_unit_is_refused_too(data: Path) -> None:
    plan = planned(data, UNITS + "X2,孙,网点,X1\nX1,子,支行,NOWHERE\n")
    assert sorted(faults(plan)) == [(6, "上级机构号"), (7, "上级机构号")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("30001,何照临,,行长助理,HC,2024-01-01,", "角色"),
        ("30001,何照临,,审计员,NOWHERE,2024-01-01,", "机构号"),
        ("30001,何照临,,审计员,HC,2024-13-01,", "自"),
        ("30001,何照临,,审计员,HC,明年,", "自"),
        ("30001,何照临,,审计员,HC,2024-02-01,2024-01-01", "至"),
        ("30001,何照临,,审计员,,2024-01-01,", "机构号"),
        (",何照临,,审计员,HC,2024-01-01,", "工号"),
        ("30001,,,审计员,HC,2024-01-01,", "姓名"),
        ("20101,另一个人,,审计员,HC,2024-01-01,", "姓名"),
        ("20101,陈望舒,,网点负责人,HC010101,2025-01-01,", "自"),
    ],
)
def test_a_wrong_person_is_refused_and_the_others_go_in(data: Path, line: str, column: str) -> None:
    plan = planned(data, UNITS, STAFF + line + "\n")
    assert faults(plan) == [(6, column)]
    assert plan.count("new") == 10
    carry_out(plan, "cli:test")
    assert Staff.objects.count() == 3


def test_a_post_that_overlaps_the_one_held_is_refused(data: Path) -> None:
    carry_out(planned(data, UNITS, STAFF), "cli:test")
    plan = planned(data, staff=STAFF.replace("2024年1月1日", "2025-06-01"))
    assert faults(plan) == [(3, "自")]


def test_nobody_gives_himself_a_post_by_a_file(data: Path, bank: make.Bank, administrator: Staff) -> None:
    text = "工号,姓名,角色,机构号,自\n9003,周六,审计员,HQ,2024-01-01\n9004,钱七,审计员,HQ,2024-01-01\n"
    plan = planned(data, staff=text, by="9003")
    assert faults(plan) == [(2, "角色")]
    carry_out(plan, administrator)
    assert set(Post.objects.filter(role="auditor").values_list("staff__number", flat=True)) == {"9004"}


def test_only_the_head_office_imports(data: Path, bank: make.Bank) -> None:
    regional = make.staff("5003", bank.north, "administrator")
    with pytest.raises(Http404):
        carry_out(planned(data, "机构号,机构名称,级别,上级机构号\nN13,新网点,网点,N1\n"), regional)
    assert make.client(regional).get(reverse("organisation_import")).status_code == 404


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["工号", "姓名", "角色", "机构号", "自"])
        sheet.write_row(1, 0, [40001, "钱一", "审计员", "HC"])
        sheet.write_datetime(1, 4, date(2024, 1, 1), dated)
    return path


def test_a_workbook_with_numbers_and_real_dates_is_read_as_well(data: Path) -> None:
    carry_out(planned(data, UNITS), "cli:test")
    plan = files.plan(None, workbook(data / "staff.xlsx"), by="", today=TODAY)
    assert (counts(plan), [refused.fault.message for refused in plan.refused]) == ((2, 0, 0, 0), [])
    carry_out(plan, "cli:test")
    assert Staff.objects.get(number="40001").posts.get().from_on == date(2024, 1, 1)


def test_by_hand_upload_preview_confirm(bank: make.Bank, administrator: Staff) -> None:
    browser = make.client(administrator)
    text = "机构号,机构名称,级别,上级机构号\nN13,北山三路网点,网点,N1\nN14,坏行,网点,NOWHERE\n"
    upload = {"units": SimpleUploadedFile("机构.csv", text.encode("gb18030"))}
    page = browser.post(reverse("organisation_import"), upload)
    shown = page.content.decode()
    assert "北山三路网点" in shown
    assert "NOWHERE" in shown
    assert not Unit.objects.filter(code="N13").exists(), "a preview writes nothing"
    apply = reverse("organisation_import_apply", args=[page.context["key"]])
    assert make.client(make.staff("9005", bank.head_office, "administrator")).post(apply).status_code == 302
    assert not Unit.objects.filter(code="N13").exists(), "another person's preview"
    browser.post(apply)
    assert Unit.objects.get(code="N13").path == "/HQ/N/N1/N13/"
    told = AuditRecord.objects.get(verb="organisation.import")
    assert (told.actor, told.detail["new"], told.detail["refused"]) == ("9003", 1, 1)
    assert audit.verify().whole


@pytest.mark.parametrize("kind", ["网点", "outlet", "Outlet"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_levels_and_roles_are_taken_by_code_or_by_name_whatever_language_one_reads(
    bank: make.Bank, administrator: Staff, kind: str, language: str
) -> None:
    browser = make.client(administrator)
    browser.cookies["django_language"] = language
    units = f"机构号,机构名称,级别,上级机构号\nN13,北山三路网点,{kind},N1\n"
    staff = "工号,姓名,角色,机构号\n40001,钱一,审计员,HQ\n"
    upload = {
        "units": SimpleUploadedFile("a.csv", units.encode()),
        "staff": SimpleUploadedFile("b.csv", staff.encode()),
    }
    page = browser.post(reverse("organisation_import"), upload)
    assert page.context["refused"] == []
    shown = page.content.decode()
    assert {"zh-hans": "网点", "en": "Outlet"}[language] in shown
    assert "auditor" not in shown, "no code on a page"


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.csv", b""), ("图.png", b"\x89PNG"), ("坏.xlsx", b"not a zip"), ("列.csv", "甲,乙\n1,2\n".encode())],
)
def test_a_file_that_is_none_is_answered_with_a_sentence(administrator: Staff, name: str, content: bytes) -> None:
    upload: dict[str, Any] = {"units": SimpleUploadedFile(name, content)}
    page = make.client(administrator).post(reverse("organisation_import"), upload)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "hx-fault" in shown or "hx-message-error" in shown


def test_the_command_imports_says_what_it_did_and_changes_nothing_twice(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "units.csv").write_text(UNITS + "X,坏行,网点,NOWHERE\n", "utf-8")
    (data / "staff.csv").write_text(STAFF, "utf-8")
    command = ["organisation", "import", str(data / "units.csv"), "--staff", str(data / "staff.csv")]
    assert main(command) == 1
    told = capsys.readouterr()
    assert "新增 10" in told.out
    assert "第 6 行 · 上级机构号" in told.err
    assert main(command) == 1
    assert "新增 0，变更 0，相同 10，有误 1" in capsys.readouterr().out
