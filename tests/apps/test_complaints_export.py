"""Do cases leave so that anybody can check them, and without a word that names a customer?"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.models import Case, PeopleExport
from huixiang.web.cli import main
from tests import make
from tests.apps.api import caller
from tests.make import Bank

pytestmark = pytest.mark.one_database


def two_cases(bank: Bank, by: Staff) -> None:
    person = Person("complainant", Identity(name="王芳", phone="13800138000"))
    case = actions.register(
        Receipt("phone", bank.north_branch, "理财亏损", "亏了，13800138000", people=(person,)), by=by
    )
    actions.do(case.pk, "note", Doing(words="王芳来电"), by=by)
    actions.register(Receipt("letter", bank.south_branch, "排队", "太久"), by=by)


def test_count_and_hash_stand_in_the_file_and_in_the_audit(bank: Bank, quality: Staff) -> None:
    two_cases(bank, quality)
    answer = caller(quality).get("/complaint-export")
    content = b"".join(answer.streaming_content)
    *cases, end = content.splitlines(keepends=True)
    told = json.loads(end)
    assert (told["cases"], told["events"]) == (2, 3)
    assert told["sha256"] == hashlib.sha256(b"".join(cases)).hexdigest()
    kept = AuditRecord.objects.get(verb="complaint.export").detail
    assert (kept["count"], kept["sha256"]) == (2, told["sha256"])
    assert "王芳".encode() not in content
    assert b"13800138000" not in content
    page = make.client(quality).post("/complaints/export/")
    assert b"".join(page.streaming_content) == content, "the page gives the same"
    assert caller(quality).get("/complaint-export", received_until="2020-01-01").getvalue().count(b"\n") == 1


def test_only_who_has_the_right_and_only_as_far_as_it_reaches(bank: Bank, quality: Staff) -> None:
    two_cases(bank, quality)
    handler = make.staff("1101", bank.north_branch, "complaint_handler")
    assert caller(handler).get("/complaint-export").status_code == 404
    assert make.client(handler).post("/complaints/export/").status_code in {403, 404}
    northern = make.staff("1102", bank.north, "quality_manager")
    assert caller(northern).get("/complaint-export").getvalue().count(b"\n") == 2


def test_the_command_writes_a_file_and_sees_what_was_changed_in_it(
    bank: Bank, quality: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_cases(bank, quality)
    place = tmp_path / "cases.jsonl"
    assert main(["complaints", "export", str(place)]) == 0
    assert main(["complaints", "verify", "--export", str(place)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["cases"] == 2
    place.write_bytes(place.read_bytes().replace(b"N1", b"N2"))
    assert main(["complaints", "verify", "--export", str(place)]) == 1


@pytest.mark.one_database
def test_what_people_classed_leaves_as_lessons_for_a_model(
    bank: Bank, quality: Staff, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_cases(bank, quality)
    Case.objects.filter(title="理财亏损").update(business_code="B.wealth", cause_code="C.marketing")
    place = tmp_path / "classed.csv"
    assert main(["complaints", "lessons", str(place)]) == 0
    assert json.loads(capsys.readouterr().out) == {"cases": 1}
    header, row = place.read_text("utf-8").splitlines()
    assert header == "text,codes"
    assert row.startswith("理财亏损。")
    assert row.endswith('"B.wealth,C.marketing"')
    assert AuditRecord.objects.get(verb="complaint.export").detail["what"] == "lessons"
    assert main(["complaints", "lessons", str(place)]) == 2, "an older file is not written over"


def test_who_complains_leaves_only_for_named_cases_on_a_ground_that_the_audit_holds(bank: Bank, quality: Staff) -> None:
    two_cases(bank, quality)
    number = Case.objects.get(title="理财亏损").number
    wanted = {"numbers": [number], "ground": "市中级法院 2026 民调 17 号"}
    asked = caller(quality).post("/complaint-export/people", wanted).json()
    place, other = f"/complaint-export/people/{asked['id']}", make.staff("9003", bank.head_office, "quality_manager")
    assert caller(quality).post(f"{place}/release").status_code == 422, "nobody releases what she asked for"
    assert caller(quality).post(f"{place}/file").status_code == 422, "and it does not leave before"
    assert caller(other).post(f"{place}/release").json()["state"] == "released"
    assert caller(other).post(f"{place}/file").status_code == 404, "it is for who asked"
    answer = caller(quality).post(f"{place}/file")
    case, end = map(json.loads, b"".join(answer.streaming_content).splitlines())
    assert caller(quality).post(f"{place}/file").status_code == 422, "once"
    assert case["people"][0]["identity"] == {"name": "王芳", "phone": "13800138000"}
    assert [event["words"] for event in case["events"]] == [None, "王芳来电"]
    kept = AuditRecord.objects.get(verb="complaint.export_people").detail
    assert (kept["count"], kept["sha256"], kept["ground"]) == (1, end["sha256"], wanted["ground"])
    assert AuditRecord.objects.filter(verb="complaint.identity_read", on_id=number).count() == 1
    page = make.client(quality)
    assert page.post("/complaints/export/people/", wanted | {"numbers": number}).status_code == 302
    old = PeopleExport.objects.latest("pk")
    assert "放行" in make.client(other).get("/complaints/export/people/").content.decode()
    PeopleExport.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=8))
    make.client(other).post(f"/complaints/export/people/{old.pk}/release/")
    old.refresh_from_db()
    assert old.state == "asked", "a week later it is over"
    assert "失效" in page.get("/complaints/export/people/").content.decode()
    assert page.post("/complaints/export/people/", {"numbers": number, "ground": "要"}).status_code == 422
    assert (
        page.post("/complaints/export/people/", {"numbers": "2020-000009", "ground": "法院要调取"}).status_code == 422
    )
    handler = make.staff("1101", bank.north_branch, "complaint_handler")  # may look, and not take away
    assert make.client(handler).post("/complaints/export/people/", wanted | {"numbers": number}).status_code == 403
