"""Answers that another program collected: LimeSurvey's headings, or any by a mapping; each once, faults with place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import erasing, importing, keeping, quarantine
from huixiang.apps.feedback.actions import erase_customer
from huixiang.apps.feedback.certifying import PLACES
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.surveys.actions.answers import Unwatched, open_answers
from huixiang.apps.surveys.answer_guest import counts
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


def brought(path: Path, version: Any, mapping: str = "") -> Any:
    """Its counts, by name: rows = new + same + unfinished + erased + quarantined."""
    imported, _ = open_answers(path, version, survey_answers.mapping(mapping), actor="cli:test")
    importing.run(Unwatched(), str(imported.pk))
    return SimpleNamespace(of=imported, **counts(imported))


def test_limesurveys_export_comes_in_once(bank: Bank, lake: Lake, quality: Staff, tmp_path: Path) -> None:
    version, path = survey(bank.head_office), tmp_path / "results-survey.csv"
    path.write_text(LIME, "utf-8")
    account = brought(path, version)
    assert (account.rows, account.new, account.unfinished, account.quarantined) == (4, 2, 1, 1)
    file = SimpleUploadedFile("results-survey.csv", LIME.encode())
    by = caller(quality, "survey.manage")
    place = f"/api/v1/surveys/{version.survey_id}/answers"
    told = by.client.post(place, {"file": file}, headers=by.headers).json()
    counts = {name: told[name] for name in ("read", "new", "same", "erased", "unfinished", "refused")}
    assert counts == {"read": 4, "new": 0, "same": 3, "erased": 0, "unfinished": 1, "refused": 0}, (
        "the row that was set aside waits already"
    )
    assert told["missing"] == ["wait", "staff"]
    (listed,) = by.get(place.removeprefix("/api/v1")).json()["items"][:1]
    assert listed == by.get(f"{place.removeprefix('/api/v1')}/{told['id']}").json()
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
    assert (account.new, account.quarantined) == (1, 1)
    (response,) = rows(lake, "responses")
    assert (response["unit"], f"{response['answered_on']}") == ("N11", "2026-03-02")  # the Monday of its week
    assert rows(lake, "speakers") == []
    with pytest.raises(Fault, match="没有“推荐意愿”列"):
        brought(path, version, MAPPING.replace('"推荐"', '"推荐意愿"'))
    assert cli.main(["surveys", "results", "visit", "--csv"]) == 0
    assert "计入的答卷" in capsys.readouterr().out


def test_a_file_comes_in_by_the_page_is_mended_and_comes_again(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert "1 行，去修正" in done
    (imported,) = Import.objects.filter(by=quality)
    (row,) = imported.quarantine.all()
    left = b"".join(browser.get(f"/imports/{imported.pk}/quarantine/export/").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "A2" in left
    mended = upload("修正.csv", left.replace(",12,", ",2,").encode()).content.decode()
    assert "已修正入库 1 行" in mended
    assert len(rows(lake, "responses")) == 2
    row.refresh_from_db()
    assert (row.state, quarantine.fields(row), row.voice_id) == ("mended", {}, ""), "it stands in the lake now"
    assert upload("b.csv", table.encode("gb18030")).context["look"].good == 1, "the columns are known from before"
    browser.post(place, {"go": "drop"})
    assert not list(Path(settings.UPLOAD_DIR).glob("*"))
    path = tmp_path / "a.sav"
    spss.write(path, [Column("id", "编号"), Column("submitdate", "时间"), Column("nps", "推荐", is_number=True)],
               [["S1", "2026-03-05 09:00", 7], ["A1", "2026-03-02 10:00", 9]])  # fmt: skip
    monkeypatch.setattr(spss, "ROWS_AT_ONCE", 1)
    account = brought(path, version)
    assert (account.new, account.same) == (1, 1)
    assert make.client(manager).get(place).status_code == 404, "a survey of head office"


def test_a_customer_is_erased_from_rows_left_out_and_from_files_that_wait(
    bank: Bank, lake: Lake, quality: Staff, settings: Any
) -> None:
    """And what was erased is not kept aside again when its file comes once more; in time the others are emptied."""
    version = survey(bank.head_office)
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/answers/"
    table = (
        "编号,时间,客户号,推荐\nA0,2026-03-02 09:00,C9,9\nA1,2026-03-02 10:00,C7,12\nA2,2026-03-02 10:30,C8,13\n"
    ).encode()
    columns = {"column number": "编号", "column at": "时间", "column customer": "客户号", "column nps": "推荐"}

    def come(**go: str) -> None:
        browser.post(place, {"go": "upload", "file": SimpleUploadedFile("a.csv", table)})
        if go:
            browser.post(place, go | columns)

    def aside() -> list[str]:
        waiting = Quarantined.objects.filter(state="open").order_by("pk")
        return [quarantine.fields(row)["客户号"] for row in waiting]

    come(go="bring")
    assert aside() == ["C7", "C8"]
    come()  # the same file again waits to be confirmed
    hers = pseudonym("C7", settings.MASKING_KEY.encode())
    erasure = erase_customer(hers, "客户来函", by=quality)
    ids = set(erasure.tombstones.values_list("voice_id", flat=True))
    look = PLACES["answer_files"].left
    assert look(ids) == 2
    erasing.carry_out(erasure)
    assert look(ids) == 0
    assert [one["left"] for one in erasure.looked if one["place"] == "answer_files"] == [0]
    assert aside() == ["C8"]
    assert Quarantined.objects.get(state="erased").row == 3, "the account stands"
    assert not list(Path(settings.UPLOAD_DIR).glob("*"))
    come(go="bring")
    assert aside() == ["C8"], "it waits already"
    assert counts(Import.objects.order_by("started_at").last())["erased"] == 1  # type: ignore[arg-type]
    come()
    assert keeping.clear(timezone.now() + timedelta(days=2), "answer_files", "answer_rows") == 1
    assert not Import.objects.filter(started_at=None).exists()
    assert keeping.clear(timezone.now() + timedelta(days=91), "answer_rows") == 1
    assert aside() == []
    assert quarantine.fields(Quarantined.objects.filter(state="expired")[0]) == {}
