"""Answers that another program collected: LimeSurvey's headings, or any by a mapping; each once, faults with place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import erasing, keeping
from huixiang.apps.feedback.actions import erase_customer
from huixiang.apps.feedback.certifying import PLACES
from huixiang.apps.surveys import answer_files
from huixiang.channels import spss, survey_answers
from huixiang.channels.contract import Fault
from huixiang.channels.spss import Column
from huixiang.domain.feedback import pseudonym
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import spoken
from tests.apps.surveys import survey
from tests.apps.test_survey_landing import rows
from tests.make import Bank

pytestmark = pytest.mark.one_database

# As LimeSurvey 6 exports responses with question codes as headings and answer codes; the second was never sent off.
LIME = (
    '"id","submitdate","lastpage","startlanguage","nps","csat","what[cash]","what[card]","what[other]","age","why"\n'
    '"1","2026-03-02 10:00:00","1","zh","9","5","Y","","换零钱","old","办得快，姓王的柜员很好"\n'
    '"2","","1","zh","3","","","","","",""\n'
    '"3","2026-03-03 11:30:00","1","zh","2","1","","Y","","青年",""\n'
    '"4","2026-03-03 12:30:00","1","zh","11","1","","Y","","young",""\n'
)


MAPPING = """
[response]
number = "编号"
at = "时间"
unit = "网点"
customer = "客户号"
[questions]
nps = "推荐"
[voices]
series = "v"
"""


def brought(path: Path, version: Any, mapping: str = "") -> answer_files.Account:
    return answer_files.bring(path, version, survey_answers.mapping(mapping), actor="cli:test")


def test_limesurveys_export_comes_in_once(bank: Bank, lake: Lake, quality: Staff, tmp_path: Path) -> None:
    version, path = survey(bank.head_office), tmp_path / "results-survey.csv"
    path.write_text(LIME, "utf-8")
    account = brought(path, version)
    assert (account.read, account.new, account.unfinished, account.refused) == (4, 2, 1, 1)
    file = SimpleUploadedFile("results-survey.csv", LIME.encode())
    by = caller(quality, "survey.manage")
    place = f"/api/v1/surveys/{version.survey_id}/answers"
    told = by.client.post(place, {"file": file}, headers=by.headers).json()
    counts = {name: told[name] for name in ("read", "new", "same", "erased", "unfinished", "refused")}
    assert counts == {"read": 4, "new": 0, "same": 2, "erased": 0, "unfinished": 1, "refused": 1}
    assert told["missing"] == ["wait", "staff"]
    assert "第 5 行" in told["faults"][0]
    assert "第 5 行" in str(account.faults[0])
    assert account.missing == ["wait", "staff"]
    answers = {(one["question"], one["item"], one["value"], one["code"]) for one in rows(lake, "answers")}
    assert {("nps", "", 9.0, ""), ("age", "", None, "young"), ("what", "other", 1.0, "")} <= answers
    assert {one.text for one in spoken(lake)} == {"换零钱", "办得快，姓王的柜员很好"}
    assert cli.main(["surveys", "answers", str(path), "--survey", "visit"]) == 0
    assert len(rows(lake, "responses")) == 2
    assert len(spoken(lake)) == 2


def test_a_workbook_by_a_mapping_finds_its_voices(bank: Bank, lake: Lake, tmp_path: Path, capsys: Any) -> None:
    version, path = survey(bank.head_office, is_anonymous=True), tmp_path / "答卷.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "时间", "网点", "客户号", "推荐"])
        sheet.write_row(1, 0, ["Q1", "2026-03-05 09:00", "N11", "C7", 8])
        sheet.write_row(2, 0, ["Q2", "2026-03-05 09:30", "ZZ9", "C8", 8])
    account = brought(path, version, MAPPING)
    assert (account.new, account.refused) == (1, 1)
    (response,) = rows(lake, "responses")
    assert (response["unit"], f"{response['answered_on']}") == ("N11", "2026-03-02")  # the Monday of its week
    assert rows(lake, "speakers") == []
    with pytest.raises(Fault, match="没有“推荐意愿”列"):
        brought(path, version, MAPPING.replace('"推荐"', '"推荐意愿"'))
    assert cli.main(["surveys", "results", "visit", "--csv"]) == 0
    assert "计入的答卷" in capsys.readouterr().out


def test_a_file_comes_in_by_the_page_is_mended_and_comes_again(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff, tmp_path: Path
) -> None:
    """Columns that nobody could guess are chosen by hand; what was wrong leaves, is mended, and comes in once."""
    version = survey(bank.head_office)
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/answers/"

    def upload(name: str, data: bytes) -> Any:
        return browser.post(place, {"go": "upload", "file": SimpleUploadedFile(name, data)}, follow=True)

    table = "流水,何时,打分,看法\nA1,2026-03-02 10:00,9,很快\nA2,2026-03-02 11:00,12,慢\n"
    page = upload("问卷星.csv", table.encode("gb18030"))
    assert "看不出哪一列是答卷编号" in page.content.decode()
    columns = {"column number": "流水", "column at": "何时", "column nps": "打分", "column why": "看法"}
    look = browser.post(place, {"go": "look", **columns}).content.decode()
    assert "1 份可以收" in look
    assert rows(lake, "responses") == []
    done = browser.post(place, {"go": "bring", **columns}, follow=True).content.decode()
    assert "新增 1 份" in done
    assert "第 3 行" in done
    left = b"".join(browser.get(f"{place}left-out.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "A2" in left
    again = upload("left-out.csv", left.replace(",12,", ",2,").encode())
    assert again.context["look"].new == 1, "the columns are known from before"
    browser.post(place, {"go": "bring", **columns})
    assert len(rows(lake, "responses")) == 2
    assert not list(Path(settings.UPLOAD_DIR).glob("answers-*.csv"))
    path = tmp_path / "a.sav"
    spss.write(path, [Column("id", "编号"), Column("submitdate", "时间"), Column("nps", "推荐", is_number=True)],
               [["S1", "2026-03-05 09:00", 7], ["A1", "2026-03-02 10:00", 9]])  # fmt: skip
    account = brought(path, version)
    assert (account.new, account.same) == (1, 1)
    assert make.client(manager).get(place).status_code == 404, "a survey of head office"


def test_a_customer_is_erased_from_rows_left_out_and_from_files_that_wait(
    bank: Bank, lake: Lake, quality: Staff, settings: Any
) -> None:
    """And what was erased is not kept aside again when its file comes once more."""
    version = survey(bank.head_office)
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/answers/"
    table = "编号,时间,客户号,推荐\nA1,2026-03-02 10:00,C7,12\nA2,2026-03-02 10:30,C8,13\n".encode()
    columns = {"column number": "编号", "column at": "时间", "column customer": "客户号", "column nps": "推荐"}

    def come(**go: str) -> None:
        browser.post(place, {"go": "upload", "file": SimpleUploadedFile("a.csv", table)})
        if go:
            browser.post(place, go | columns)

    def aside() -> bytes:
        left = browser.get(f"{place}left-out.csv")
        return b"".join(left.streaming_content) if left.status_code == 200 else b""  # type: ignore[attr-defined]

    come(go="bring")
    assert b"C7" in aside()
    come()  # the same file again waits to be confirmed
    hers = pseudonym("C7", settings.MASKING_KEY.encode())
    erasure = erase_customer(hers, "客户来函", by=quality)
    (row_id,) = erasure.tombstones.values_list("voice_id", flat=True)
    look = PLACES["answer_files"].left
    assert look({row_id}) == 2
    erasing.carry_out(erasure)
    assert look({row_id}) == 0
    assert b"C8" in aside()
    assert b"C7" not in aside()
    assert [file.suffix for file in Path(settings.UPLOAD_DIR).glob("answers-*")] == [".aside"]
    come(go="bring")
    assert b"C8" in aside()
    assert b"C7" not in aside()
    later = timezone.now() + timedelta(days=2)
    assert keeping.clear(later, "answer_files") == 2
    assert aside() == b""
