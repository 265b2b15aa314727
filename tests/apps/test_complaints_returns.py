"""Is what the regulator gets right, whole, approved by another person, and opened to its cases?"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, returning, tallying
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, Denominator, ReturnVersion
from huixiang.apps.complaints.returning import Question
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.periods import period_of
from huixiang.web.cli import main
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database

LAST = period_of(timezone.localdate()).before()
CLASSES = {"channel": "A.front.electronic.mobile", "business": "B.card.credit", "cause": "C.pricing"}


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.head_office, "quality_manager", name="韩七")


@pytest.fixture
def second(bank: Bank) -> Staff:
    return make.staff("1102", bank.head_office, "quality_manager", name="卢八")


def received(bank: Bank, by: Staff, days_in: int, classes: dict[str, str] | None, **changed: Any) -> Case:
    person = Person("complainant", Identity(name="王芳", phone="13800138000"))
    at = tallying.begin(LAST.since) + timedelta(days=days_in, hours=10)
    said = {"way": "phone", "unit": bank.north_branch, "title": "年费", "text": "年费没说清", "people": (person,)}
    case = actions.register(Receipt(**said | {"received_at": at} | changed), by=by)
    if classes:
        actions.do(case.pk, "classify", Doing(classes=classes), by=by)
    return case


@pytest.fixture
def quarter(bank: Bank, handler: Staff) -> list[Case]:
    """Fourteen of the last quarter: one refused, one a repeat, one unclassified; and three of the quarter before."""
    cases = [received(bank, handler, n, CLASSES, customer=f"c{n}") for n in range(10)]
    cases += [received(bank, handler, 20, CLASSES | {"cause": "C.rules"}, unit=bank.south_branch, way="supervisor")]
    cases += [received(bank, handler, 21, CLASSES, customer="c0")]
    actions.do(cases[11].pk, "merge", Doing(other=cases[0].number, is_confirmed=True), by=handler)
    cases += [received(bank, handler, 22, CLASSES)]
    actions.do(cases[12].pk, "refuse", Doing(words="不属于", reason="not_ours", told_at=timezone.now()),
               by=handler)  # fmt: skip
    cases += [received(bank, handler, 23, None)]
    for n in range(3):
        received(bank, handler, -20 - n, CLASSES)
    return cases


def links_of(page: str) -> dict[str, int]:
    found = re.findall(r'<a href="(/complaints/register/\?[^"]+)">(\d+)</a>', page)
    return {href.replace("&amp;", "&"): int(number) for href, number in found}


def test_every_figure_opens_to_exactly_its_cases_and_sums_agree(
    bank: Bank, handler: Staff, quarter: list[Case]
) -> None:
    client = make.client(handler)
    page = client.get("/complaints/returns/", {"period": LAST.code})
    assert page.status_code == 200
    text = page.content.decode()
    links = links_of(text)
    assert len(links) > 25
    for href, number in links.items():
        assert client.get(href).context["count"] == number, href
    figures = returning.reckoned(Question(Case.objects.all(), LAST, bank.head_office), timezone.now())
    assert figures["totals"]["now"] == {"received": 14, "refused": 1, "raw": 13, "unclassified": 1, "classed": 12,
                                        "repeats": 1, "merged": 11}  # fmt: skip
    assert figures["totals"]["before"]["raw"] == 3
    checks = {each["code"]: each for each in figures["checks"]}
    assert checks["unclassified"]["stops"]
    assert not checks["sums"]["count"]
    assert {line["code"]: line["raw"] for line in figures["tables"]["region"]} == {"N": 11, "S": 1}
    assert "无分母" in text
    assert "待贵行合规核验" in text


def test_who_sees_a_part_gets_the_figures_of_her_part_and_is_told_so(
    bank: Bank, handler: Staff, quarter: list[Case]
) -> None:
    northern = make.staff("1201", bank.north_branch, "branch_manager")
    client = make.client(northern)
    text = client.get("/complaints/returns/", {"period": LAST.code}).content.decode()
    assert "您看到的是您范围内的投诉，不是全行的数字" in text
    for href, number in links_of(text).items():
        assert client.get(href).context["count"] == number, href
    assert "南湖支行" not in text
    assert client.get("/complaints/returns/", {"period": LAST.code, "unit": "S1"}).context.get("paper") is None
    assert make.client(make.staff("1301", bank.north, "staff")).get("/complaints/returns/").status_code == 404


def test_rates_only_by_denominators_that_were_told(bank: Bank, handler: Staff, quarter: list[Case]) -> None:
    lines = "机构号,分母,日期,数量,来源\n" + "".join(
        f"{unit},{kind},{LAST.until},{value},核心系统\n"
        for unit, kind, value in (("HQ", "客户数", 50_000), ("N", "客户数", 30_000), ("S", "客户数", 20_000),
                                  ("HQ", "branches", 3))
    )  # fmt: skip
    client = make.client(handler)
    upload = SimpleUploadedFile("分母.csv", lines.encode(), "text/csv")
    assert client.post("/complaints/returns/denominators/", {"what": "file", "file": upload}).status_code == 302
    assert Denominator.objects.count() == 4
    figures = returning.reckoned(Question(Case.objects.all(), LAST, bank.head_office), timezone.now())
    rates = {each["per"]: each for each in figures["rates"]}
    assert rates["ten_thousand_customers"]["now"][0] == pytest.approx(13 / 5)
    assert rates["branch"]["now"][0] == pytest.approx(13 / 3)
    assert rates["million_accounts"]["now"] is None
    assert rates["ten_thousand_customers"]["before"] is None, "of the quarter before nothing was told"
    placed = {each["unit"]: each for each in figures["ranks"][0]["placed"]}
    assert placed["N"]["count"] == 11
    bad = SimpleUploadedFile(
        "分母.csv", "机构号,分母,日期,数量,来源\nHQ,客户数,2026-01-01,很多,核心\n".encode(), "text/csv"
    )
    refused = client.post("/complaints/returns/denominators/", {"what": "file", "file": bad})
    assert refused.status_code == 422
    assert "不是整数" in refused.content.decode()
    northern = make.staff("1201", bank.north_branch, "branch_manager")
    with pytest.raises(PermissionDenied):
        actions.write_denominators([("customers", bank.south, date(2026, 1, 1), 5, "x")], by=northern)


def test_a_return_is_checked_approved_by_another_person_frozen_and_corrected(
    bank: Bank, handler: Staff, second: Staff, quarter: list[Case]
) -> None:
    row = actions.draft_return(LAST, bank.head_office, by=handler)
    with pytest.raises(Fault, match="核对没有通过"):
        actions.submit_return(row.pk, by=handler)
    actions.do(quarter[13].pk, "classify", Doing(classes=CLASSES), by=handler)
    row = actions.submit_return(row.pk, by=handler)
    with pytest.raises(Fault, match="编制人以外"):
        actions.approve_return(row.pk, digest=row.digest, by=handler)
    with pytest.raises(Fault, match="与您看到的不同"):
        actions.approve_return(row.pk, digest="0" * 64, by=second)
    approving = make.client(second)
    assert row.digest in approving.get(f"/complaints/returns/{row.pk}/").content.decode()
    approving.post(f"/complaints/returns/{row.pk}/approve/", {"digest": row.digest})
    row.refresh_from_db()
    assert (row.state, row.approved_by) == ("frozen", second)
    assert returning.digest(row.figures) == row.digest, "read back it is the same to the byte"
    received(bank, handler, 30, CLASSES)
    page = strip_tags(approving.get(f"/complaints/returns/{row.pk}/").content.decode())
    assert "与数字一致" in page
    assert re.search(r"投诉件数（合并重复前）\s*13\s*14", page), "what has changed since is told"
    with pytest.raises(Fault, match="更正须写明理由"):
        actions.draft_return(LAST, bank.head_office, by=handler)
    again = actions.draft_return(LAST, bank.head_office, by=handler, reason="补登一件")
    assert (again.version, again.reason) == (2, "补登一件")
    assert "与上一版的差异" in approving.get(f"/complaints/returns/{again.pk}/").content.decode()
    assert ReturnVersion.objects.get(pk=row.pk).digest == row.digest
    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    assert {"complaint.return_draft", "complaint.return_submit", "complaint.return_approve"} <= verbs


def test_excel_word_and_api_tell_the_numbers_of_the_page(
    bank: Bank, handler: Staff, quarter: list[Case], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = make.client(handler)
    page = client.get("/complaints/returns/", {"period": LAST.code})
    shown = [[cell.text for cell in row] for row in page.context["paper"].parts[1].rows]
    excel = b"".join(client.get(f"/complaints/returns/now.xlsx?period={LAST.code}").streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(excel))
    told = book.get_sheet_by_index(2).to_python()
    assert [str(int(row[1])) for row in told[1 : len(shown) + 1]] == [row[1] for row in shown]
    word = b"".join(client.get(f"/complaints/returns/now.docx?period={LAST.code}").streaming_content)
    document = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    assert all(f">{cell}<" in document for row in shown for cell in row if cell)
    assert "海川银行" in document
    api = caller(handler).get("/complaint-returns", period=LAST.code).json()
    assert api["figures"]["totals"]["now"]["raw"] == 13
    assert main(["complaints", "returns", "--quarter", LAST.code]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["now"]["raw"] == 13
    assert main(["complaints", "returns", "--quarter", LAST.code, "--out", str(tmp_path / "r.docx")]) == 0
    assert (tmp_path / "r.docx").read_bytes()[:2] == b"PK"


def test_a_summary_says_not_proven_where_it_cannot_tell(bank: Bank, handler: Staff, quarter: list[Case]) -> None:
    client = make.client(handler)
    text = strip_tags(client.get("/complaints/summary/", {"period": LAST.code}).content.decode())
    assert "收到投诉 13 件" in text
    assert "未证实" in text
    assert "由监管转办与信访而来：1 件" in text
    first = strip_tags(client.get("/complaints/summary/", {"period": LAST.before().code}).content.decode())
    assert "没有登记簿，无可比数据" in first, "before the register began there is nothing to rise from"
    for href in re.findall(r'href="(/complaints/register/\?[^"]+)"', client.get(
            "/complaints/summary/", {"period": LAST.code}).content.decode()):  # fmt: skip
        assert client.get(href.replace("&amp;", "&")).status_code == 200
    pdf = client.get(f"/complaints/summary.pdf?period={LAST.code}")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_the_register_has_the_fields_that_the_law_names(bank: Bank, handler: Staff, quarter: list[Case]) -> None:
    asks = {"since": f"{LAST.since}", "until": f"{LAST.until}"}
    lines = b"".join(make.client(handler).get("/complaints/register/export/csv/", asks).streaming_content)
    header, *rows = lines.decode("utf-8-sig").splitlines()
    assert len(rows) == 14
    for name in ("产品类型", "根本原因", "责任认定", "已付补偿（元）", "受理时间", "核查决定时间", "办理人工号"):
        assert name in header.split(",")


def test_by_api_a_return_is_drafted_sent_back_and_approved_by_another(
    quarter: list[Case], bank: Bank, handler: Staff, second: Staff
) -> None:
    mine, hers = caller(handler), caller(second)
    branch = caller(make.staff("1105", bank.north_branch, "branch_manager"))
    drafted = mine.post("/complaint-return-versions", {"period": LAST.code, "unit": bank.head_office.code})
    assert drafted.status_code == 201, drafted.content.decode()
    place = f"/complaint-return-versions/{drafted.json()['id']}"
    assert branch.post(f"{place}/approve", {"sha256": "0" * 64}).status_code in {403, 404}
    stopped = mine.post(f"{place}/submit")
    assert "未分类" in stopped.json()["detail"], "the page's own checks"
    for case in Case.objects.filter(business_code=""):
        actions.do(case.pk, "classify", Doing(classes=CLASSES), by=handler)
    assert mine.post(f"{place}/submit").json()["state"] == "submitted"
    assert hers.post(f"{place}/send-back", {"reason": "请再核对"}).json()["state"] == "draft"
    seen = mine.post(f"{place}/submit").json()["sha256"]
    assert mine.post(f"{place}/approve", {"sha256": seen}).status_code == 422, "four eyes"
    assert hers.post(f"{place}/approve", {"sha256": "0" * 64}).status_code == 422, "only what was seen"
    assert hers.post(f"{place}/approve", {"sha256": seen}).json()["state"] == "frozen"
