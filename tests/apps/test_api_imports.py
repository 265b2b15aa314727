"""How does another system hand in a file? It uploads, asks how far it is, and puts right what could not be read."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import FORM, Caller, caller, messages
from tests.apps.arrivals import MAPPING, row

pytestmark = pytest.mark.one_database

PHONE = "13800138000"


@pytest.fixture
def by(bank: make.Bank, lake: Lake, quality: Staff) -> Caller:
    return caller(quality)


def work(response: Any) -> None:
    """What the worker does with the job."""
    assert response.status_code == 202, response.content.decode()
    jobs.perform.func(response.json()["job"]["id"])


@pytest.fixture
def waiting(by: Caller) -> dict[str, Any]:
    """An import of one good row and one that names a branch that is not there; the refused row as listed."""
    begun = by.upload(messages(row(0), row(1, 机构="N13", 内容=f"请回电{PHONE}。")), **FORM)
    work(begun)
    (item,) = by.get(f"/imports/{begun.json()['id']}/quarantine").json()["items"]
    return dict(item)


def test_a_file_comes_in_and_its_account_adds_up(by: Caller, lake: Lake) -> None:
    begun = by.upload(messages(), **FORM)
    assert (begun.json()["state"], begun.json()["job"]["state"]) == ("running", "waiting")
    work(begun)
    ended = by.client.get(begun["Location"], headers=by.headers).json()
    assert (ended["state"], ended["fault"], ended["job"]["state"]) == ("finished", None, "done")
    assert ended["account"] == {"read": 3, "new": 3, "same": 0, "changed": 0, "quarantined": 0, "erased": 0}
    assert questions.count(lake, Slice(import_id=ended["id"])) == 3
    (listed,) = by.get("/imports").json()["items"]
    assert listed == ended
    assert by.get(f"/jobs/{ended['job']['id']}").json() == ended["job"]
    assert [job["id"] for job in by.get("/jobs", state="done").json()["items"]] == [ended["job"]["id"]]


def test_without_a_format_the_file_is_read_as_the_wizard_would_guess(by: Caller) -> None:
    table = "编号,评论时间,评论内容,评分\nA1,2026-03-01 10:00,转账很快,5\nA2,2026-03-02 11:00,总是闪退,1\n"
    begun = by.upload(SimpleUploadedFile("评论.csv", table.encode()), channel="website", product="手机银行")
    work(begun)
    assert by.get(f"/imports/{begun.json()['id']}").json()["account"]["new"] == 2


@pytest.mark.parametrize(
    ("fields", "kind", "place"),
    [
        ({"format": "pigeon"}, "refused", None),
        ({"format": "csv", "mapping": "["}, "refused", None),
        ({"format": "csv", "mapping": "\x00"}, "invalid", "#/mapping"),
        ({**FORM, "channel": "pigeon"}, "invalid", "#/channel"),
        ({**FORM, "mapping": MAPPING.replace("channel", "# channel")}, "invalid", "#/channel"),
        ({**FORM, "chanel": "website"}, "invalid", "#/chanel"),
        ({**FORM, "branch": "nothing"}, "invalid", "#/branch"),
        ({**FORM, "product": "长" * 81}, "invalid", "#/product"),
    ],
)
def test_what_makes_no_sense_is_told_and_leaves_nothing_behind(
    by: Caller, data: Any, fields: dict[str, str], kind: str, place: str | None
) -> None:
    response = by.upload(messages(), **fields)
    assert response.status_code == 422
    found = response.json()
    assert found["type"].endswith(f":{kind}")
    if place:
        assert found["errors"][0]["pointer"] == place
    assert not Import.objects.exists()
    assert not list((data / "uploads").glob("*"))


def test_no_file_or_an_empty_one_is_told(by: Caller) -> None:
    empty = by.upload(SimpleUploadedFile("空.csv", b""), **FORM)
    assert (empty.status_code, empty.json()["type"]) == (422, "urn:huixiang:problem:refused")
    assert "空.csv" in empty.json()["detail"]
    nothing = by.client.post("/api/v1/imports", FORM, headers=by.headers)
    assert nothing.json()["errors"][0]["pointer"] == "#/file"


def test_a_unit_beyond_ones_reach_cannot_be_filled(bank: make.Bank, lake: Lake) -> None:
    analyst = make.staff("3001", bank.north, "analyst")
    answers = [caller(analyst).upload(messages(), **FORM, branch=code) for code in ("S11", "NOWHERE")]
    told = [(answer.status_code, answer.json()["type"], answer.json()["errors"]) for answer in answers]
    assert told[0] == told[1], "what is forbidden looks like what is missing"
    assert told[0][:2] == (422, "urn:huixiang:problem:invalid")
    assert not Import.objects.exists()


def test_foreign_imports_jobs_and_rows_look_like_none(by: Caller, waiting: dict[str, Any], bank: make.Bank) -> None:
    analyst = caller(make.staff("3001", bank.south, "analyst"))
    imported = Import.objects.get()
    for path in (f"/imports/{imported.pk}", f"/jobs/{imported.job_id}"):
        assert by.get(path).status_code == 200
        assert analyst.get(path).status_code == 404
    assert analyst.post(f"/imports/{imported.pk}/cancel").status_code == 404
    assert analyst.get("/imports").json()["items"] == []
    region = caller(make.staff("3002", bank.south, "quality_manager"))
    assert region.get(f"/imports/{imported.pk}/quarantine").status_code == 404
    for rest in ("", "/mend", "/discard"):
        path = f"/quarantine/{waiting['id']}{rest}"
        sent = {"/mend": {"fields": {}}, "/discard": {"note": "x"}}
        answer = region.post(path, sent[rest]) if rest else region.get(path)
        assert answer.status_code == 404
    for path in ("/quarantine/0", "/quarantine/99999999999999999999", "/quarantine/x"):
        assert by.get(path).status_code == 422
    assert by.get("/quarantine/987654").status_code == 404


def test_a_waiting_import_and_its_job_can_be_cancelled(by: Caller) -> None:
    first, second = (by.upload(messages(), **FORM).json() for _ in range(2))
    stopped = by.post(f"/imports/{first['id']}/cancel")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "stopped")
    resumed = by.post(f"/imports/{first['id']}/resume")
    assert resumed.json()["state"] == "running"
    assert by.post(f"/imports/{first['id']}/resume").status_code == 422, "it runs already"
    work(resumed)
    assert by.get(f"/imports/{first['id']}").json()["account"]["new"] == 3
    ended = by.post(f"/jobs/{second['job']['id']}/cancel")
    assert (ended.status_code, ended.json()["state"]) == (202, "cancelled")
    assert AuditRecord.objects.filter(verb="job.cancel").count() == 2
    again = by.post(f"/jobs/{second['job']['id']}/cancel")
    assert (again.status_code, again.json()["state"]) == (202, "cancelled")


def test_the_raw_row_is_shown_to_menders_only_and_each_look_is_recorded(by: Caller, waiting: dict[str, Any]) -> None:
    assert "fields" not in waiting
    assert (waiting["row"], waiting["column"], waiting["state"]) == (3, "机构", "open")
    assert "机构号“…”不存在" in waiting["reason"]
    raw = by.get(f"/quarantine/{waiting['id']}").json()
    assert "N13" in raw["reason"]
    assert PHONE in raw["fields"]["内容"]
    assert AuditRecord.objects.get(verb="quarantine.read").on_id == str(waiting["id"])


def test_a_row_is_mended_by_the_fields_that_were_wrong(by: Caller, waiting: dict[str, Any], lake: Lake) -> None:
    address = f"/quarantine/{waiting['id']}/mend"
    still = by.post(address, {"fields": {"机构": "N14"}})
    assert still.status_code == 422
    assert still.json()["errors"][0]["pointer"] == "#/fields/机构"
    ended = by.post(address, {"fields": {"机构": "N12"}})
    assert (ended.status_code, ended.json()["outcome"]) == (200, "new")
    assert questions.count(lake, Slice(branches=frozenset({"N12"}))) == 1
    assert by.get(f"/imports/{waiting['import_id']}").json()["account"]["quarantined"] == 0
    assert by.post(address, {"fields": {"机构": "N12"}}).status_code == 422, "somebody has closed it already"
    assert by.get(f"/imports/{waiting['import_id']}/quarantine", state="open").json()["items"] == []


@pytest.mark.parametrize("content", [{}, {"fields": []}, {"fields": {"内容": 1}}, {"fields": {"\x00": "x"}}, [], None])
def test_mending_with_nonsense_is_refused(by: Caller, waiting: dict[str, Any], content: Any) -> None:
    response = by.post(f"/quarantine/{waiting['id']}/mend", content)
    assert response.status_code in (400, 422)
    assert Quarantined.objects.get().state == "open"


def test_a_row_is_given_up_with_a_reason_and_only_once(by: Caller, waiting: dict[str, Any]) -> None:
    address = f"/quarantine/{waiting['id']}/discard"
    assert by.post(address, {"note": " "}).status_code == 422
    ended = by.post(address, {"note": "测试数据"}).json()
    assert (ended["state"], ended["note"]) == ("discarded", "测试数据")
    assert by.post(address, {"note": "测试数据"}).status_code == 422


def test_the_audit_read_to_its_end_is_the_chain(
    by: Caller, waiting: dict[str, Any], bank: make.Bank, auditor: Staff
) -> None:
    make.post(auditor, bank.head_office, "inspector")
    reader, found, after = caller(auditor), [], ""
    so_far = AuditRecord.objects.count()  # each of her looks adds one, above the page that she reads next
    while True:
        page = reader.get("/audit", after=after, limit=2).json()
        found += page["items"]
        if not page["next"]:
            break
        after = page["next"]
    assert [record["seq"] for record in found] == list(range(so_far, 0, -1))
    for record, before in pairwise(found):
        assert record["previous"] == before["hash"]
    runs = reader.get("/audit", verb="import.run").json()["items"]
    assert [record["on_id"] for record in runs] == [waiting["import_id"]]
    assert MAPPING not in str(found)
    assert PHONE not in str(found)
    assert Job.objects.count() == 1


def test_quarantined_rows_leave_as_a_table_and_come_back_mended(by: Caller, waiting: dict[str, Any]) -> None:
    address = f"/imports/{waiting['import_id']}/quarantine"
    exported = by.get(f"{address}/export")
    assert exported["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(exported.streaming_content).decode()
    assert PHONE in text
    assert AuditRecord.objects.get(verb="quarantine.export").detail["rows"] == 1
    back = SimpleUploadedFile("修正.csv", text.replace(",N13,", ",N12,").encode(), "text/csv")
    answer = by.client.post(f"/api/v1{address}/return", {"file": back}, headers=by.headers)
    assert (answer.status_code, answer.json()["new"]) == (200, 1)
    assert by.get(f"/imports/{waiting['import_id']}").json()["account"]["quarantined"] == 0
    other = SimpleUploadedFile("别的.csv", "内容\n好\n".encode(), "text/csv")
    assert by.client.post(f"/api/v1{address}/return", {"file": other}, headers=by.headers).status_code == 422


def test_all_rows_of_a_column_are_given_up(by: Caller, waiting: dict[str, Any]) -> None:
    address = f"/imports/{waiting['import_id']}/quarantine/discard"
    assert by.post(address, {"column": "机构"}).status_code == 422, "nobody says why"
    assert by.post(address, {"note": "测试数据", "column": "时间"}).json() == {"rows_count": 0}
    assert by.post(address, {"note": "测试数据"}).json() == {"rows_count": 1}
    assert by.get(f"/imports/{waiting['import_id']}").json()["account"]["quarantined"] == 1, "nothing is lost"
    assert AuditRecord.objects.get(verb="quarantine.discard").detail["rows"] == 1


def test_all_rows_of_a_column_are_tried_again(by: Caller, waiting: dict[str, Any], bank: make.Bank) -> None:
    address = f"/imports/{waiting['import_id']}/quarantine/retry"
    assert by.post(address, {"column": "机构"}).json()["still"] == 1
    make.unit("N13", "outlet", bank.north_branch)
    assert by.post(address, {"column": "时间"}).json()["new"] == 0
    assert by.post(address, {}).json()["new"] == 1
    assert AuditRecord.objects.get(verb="quarantine.retry").detail["rows"] == 1
