"""Answers collected elsewhere by large files: a job that may die anywhere, and a quarantine that colleagues share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback import batches, quarantine, reading
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.surveys.actions import answers
from huixiang.apps.surveys.answer_guest import counts
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import spoken
from tests.apps.surveys import survey
from tests.apps.test_survey_landing import rows
from tests.make import Bank

pytestmark = pytest.mark.one_database

MAPPING = """
[response]
number = "编号"
at = "时间"
unit = "网点"
customer = "客户号"
[questions]
nps = "推荐"
why = "看法"
"""
HEADER = "编号,时间,网点,客户号,推荐,看法\n"


def file(*lines: str, name: str = "答卷.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEADER + "\n".join(lines) + "\n").encode())


def line(number: int, *, unit: str = "N11", nps: str = "9", at: str = "2026-03-02 10:00", why: str = "") -> str:
    return f"A{number},{at},{unit},C{number},{nps},{why}"


class Killed(BaseException):
    """Stands for SIGKILL."""


def test_a_large_file_is_a_job_that_dies_half_way_goes_on_and_counts_once(
    bank: Bank, lake: Lake, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SMALL", 10)
    monkeypatch.setattr(reading, "ROWS", 3)
    version, by = survey(bank.head_office), caller(quality)
    place = f"/surveys/{version.survey_id}/answers"
    lines = [line(n, why=f"第{n}次来，很快" if n % 2 else "") for n in range(8)]
    lines += [line(8, nps="12"), line(9, at=""), line(1)]

    def sent() -> Any:
        content = {"file": file(*lines), "mapping": MAPPING}
        return by.client.post(f"/api/v1{place}", content, headers=by.headers)

    begun = sent()
    assert begun.status_code == 202
    assert begun.headers["Location"].endswith(f"{place}/{begun.json()['id']}")
    assert (begun.json()["state"], begun.json()["read"]) == ("running", 0)
    carry = batches._carry

    def dying(lake: Lake, batch: Any, facts: Any) -> None:
        carry(lake, batch, facts)
        if batch.number == 2:
            raise Killed

    monkeypatch.setattr(batches, "_carry", dying)
    with pytest.raises(Killed):
        jobs.perform.func(begun.json()["job"]["id"])
    monkeypatch.setattr(batches, "_carry", carry)
    assert by.get(f"{place}/{begun.json()['id']}").json()["read"] == 3
    jobs.perform.func(begun.json()["job"]["id"])
    told = by.get(f"{place}/{begun.json()['id']}").json()
    names = ("state", "read", "new", "same", "unfinished", "refused")
    assert [told[name] for name in names] == ["finished", 11, 8, 1, 1, 1]
    assert Job.objects.get().outcome.startswith("读入 11 行：新增 8 份")
    assert (len(rows(lake, "responses")), len(spoken(lake))) == (8, 4)
    jobs.perform.func(sent().json()["job"]["id"])
    again = by.get(place).json()["items"][0]
    assert [again[name] for name in names] == ["finished", 11, 0, 10, 1, 0], "the row left out waits already"
    assert (len(rows(lake, "responses")), len(spoken(lake))) == (8, 4)
    assert not list(Path(settings.UPLOAD_DIR).glob("*"))


def test_a_colleague_opens_mends_and_retries_what_another_left_out(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff, stranger: Staff, tmp_path: Path, capsys: Any
) -> None:
    """The page, the API and the command work on the same rows; who reaches less far than the uploader sees none."""
    version = survey(bank.north_outlet)
    colleague = make.staff("8001", bank.north_branch, "analyst")
    by, place = caller(manager), f"/surveys/{version.survey_id}/answers"
    content = {"file": file(line(0), line(1, nps="12"), line(2, unit="N99"), line(3, nps="好")), "mapping": MAPPING}
    told = by.client.post(f"/api/v1{place}", content, headers=by.headers).json()
    assert (told["new"], told["refused"]) == (1, 3)
    assert told["faults"][0] == "第 3 行“推荐”列：应是 0 到 10 的整数；请更正，或清空"
    assert "“…”不是这道题的答案" in told["faults"][2], "what stood in the cell stays sealed"
    imported = Import.objects.get(pk=told["id"])
    assert make.client(stranger).get(f"/imports/{imported.pk}/quarantine/").status_code == 404
    browser = make.client(colleague)
    page = browser.get(f"/surveys/{version.survey_id}/answers/").content.decode()
    assert "3 行，去修正" in page
    assert "第 4 行" in browser.get(f"/imports/{imported.pk}/quarantine/").content.decode()
    first, _unit, third = imported.quarantine.all()
    form = browser.get(f"/quarantine/{first.pk}/").context["form"]
    fields = {
        f"field{n}": "10" if name == "推荐" else form.fields[f"field{n}"].initial for n, name in enumerate(form.columns)
    }
    assert "新增一份答卷" in browser.post(f"/quarantine/{first.pk}/", fields, follow=True).content.decode()
    assert "内容已清空" in browser.get(f"/quarantine/{first.pk}/").content.decode()
    make.unit("N99", "outlet", bank.north_branch)
    theirs = caller(colleague, "survey.manage")
    outcome = theirs.post(f"/imports/{imported.pk}/quarantine/retry", {}).json()
    assert (outcome["new"], outcome["still"]) == (1, 1)
    raw = theirs.get(f"/quarantine/{third.pk}").json()
    assert (raw["file_name"], raw["fields"]["推荐"]) == ("答卷.csv", "好")
    assert cli.main(["surveys", "left-out", "--survey", "visit", "--export", str(tmp_path)]) == 0
    (table,) = tmp_path.glob("quarantine-*.csv")
    table.write_text(table.read_text("utf-8-sig").replace(",好,", ",8,"), "utf-8")
    for _again in range(2):
        assert cli.main(["surveys", "answers", str(table), "--survey", "visit"]) == 0
    assert "已修正入库 1 行" in capsys.readouterr().out
    assert (counts(imported)["new"], counts(imported)["quarantined"], len(rows(lake, "responses"))) == (4, 0, 4)
    assert {one["unit"] for one in rows(lake, "responses")} == {"N11", "N99"}
    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    assert {"quarantine.read", "quarantine.mend", "quarantine.retry", "quarantine.return", "quarantine.export"} <= verbs


def test_rights_are_the_surveys_own_and_rows_of_feedback_stay_closed(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff
) -> None:
    """Whose right is to manage surveys opens no quarantined mail; of another unit's survey she sees nothing."""
    version, by = survey(bank.head_office), caller(quality)
    content = {"file": file(line(0), line(1, nps="12")), "mapping": MAPPING}
    told = by.client.post(f"/api/v1/surveys/{version.survey_id}/answers", content, headers=by.headers).json()
    assert caller(manager).get(f"/imports/{told['id']}/quarantine").status_code == 404
    assert caller(quality, "survey.manage").get(f"/imports/{told['id']}/quarantine").status_code == 200
    assert caller(quality, "quarantine.mend").get(f"/imports/{told['id']}/quarantine").status_code == 404
    Import.objects.filter(pk=told["id"]).update(format="csv")
    assert caller(quality, "survey.manage").get(f"/imports/{told['id']}/quarantine").status_code == 404
    Import.objects.filter(pk=told["id"]).update(format="survey-answers")
    (row,) = Quarantined.objects.all()
    note = {"note": "试填"}
    assert caller(quality).post(f"/quarantine/{row.pk}/discard", note).json()["state"] == "discarded"
    row.refresh_from_db()
    assert (row.note, quarantine.fields(row)) == ("试填", {}), "given up, it is forgotten"


def test_a_mended_answer_of_an_anonymous_survey_is_joined_with_no_row(bank: Bank, lake: Lake, quality: Staff) -> None:
    version, by = survey(bank.head_office, is_anonymous=True), caller(quality)
    content = {"file": file(line(0), line(1, nps="12", why="等太久")), "mapping": MAPPING}
    by.client.post(f"/api/v1/surveys/{version.survey_id}/answers", content, headers=by.headers)
    (row,) = Quarantined.objects.all()
    assert by.post(f"/quarantine/{row.pk}/mend", {"fields": {"推荐": "2"}}).json()["outcome"] == "new"
    row.refresh_from_db()
    assert (row.state, row.voice_id, quarantine.fields(row)) == ("mended", "", {})
    assert rows(lake, "speakers") == []
    assert len(rows(lake, "responses")) == 2


def test_a_file_read_by_the_wrong_columns_waits_on_and_nothing_is_left_out(
    bank: Bank, lake: Lake, quality: Staff
) -> None:
    version = survey(bank.head_office)
    browser, place = make.client(quality), f"/surveys/{version.survey_id}/answers/"
    browser.post(place, {"go": "upload", "file": file(*(line(n, why="很快") for n in range(3)))})
    wrong = {"column number": "编号", "column at": "时间", "column nps": "看法"}
    page = browser.post(place, {"go": "bring", **wrong})
    assert page.status_code == 422
    assert "格式或映射很可能不对" in page.content.decode()
    assert not Quarantined.objects.exists()
    done = browser.post(place, {"go": "bring", **wrong, "column nps": "推荐"}, follow=True)
    assert "新增 3 份" in done.content.decode()
