"""What an administrator does on the pages, another system does by token: same rights, same records, same refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import AuditRecord, RememberedAnswer, Staff, Token, Unit
from tests import make
from tests.apps.api import ROOT, Caller, caller, token

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def by(administrator: Staff) -> Caller:
    return caller(administrator)


def kind(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rpartition(":")[2]


def verbs() -> list[str]:
    return list(AuditRecord.objects.order_by("seq").values_list("verb", flat=True))


def test_a_unit_is_made_changed_moved_and_closed(by: Caller, bank: make.Bank) -> None:
    new = {"code": "N13", "name": "北山三路网点", "kind": "outlet", "parent": "N1"}
    made = by.post("/units", new)
    assert (made.status_code, made.json()["path"]) == (201, "/HQ/N/N1/N13/")
    assert kind(by.post("/units", new)) == (422, "refused")
    assert by.post("/units", new).json()["errors"][0]["pointer"] == "#/code"
    assert by.post("/units/N13/change", {"name": "新名"}).json()["name"] == "新名"
    assert by.post("/units/N13/move", {"to": "S1"}).json()["path"] == "/HQ/S/S1/N13/"
    assert kind(by.post("/units/S1/close", {"on": "2026-10-01"})) == (422, "refused")
    assert by.post("/units/N13/close", {"on": "2026-10-01"}).json()["closed_on"] == "2026-10-01"
    assert verbs() == ["unit.create", "unit.change", "unit.move", "unit.change"]
    assert AuditRecord.objects.get(verb="unit.create").source.endswith(f"token:{Token.objects.get().pk}")


def test_a_person_comes_gets_a_post_and_a_password_and_leaves(by: Caller, bank: make.Bank) -> None:
    assert by.post("/staff", {"number": "7001", "name": "新来的"}).status_code == 201
    assert by.post("/staff", {"number": "7002", "name": "错", "email": "x"}).json()["errors"][0]["pointer"] == "#/email"
    assert by.post("/staff/7001/change", {"email": "new@bank.example"}).json()["email"] == "new@bank.example"
    post = {"unit": "N11", "role": "staff", "from_on": "2026-01-01"}
    given = by.post("/staff/7001/posts", post).json()
    assert kind(by.post("/staff/7001/posts", post)) == (422, "refused")
    assert by.post("/staff/7001/posts", post | {"unit": "X"}).json()["errors"][0]["pointer"] == "#/unit"
    issued = by.post("/staff/7001/password").json()
    assert Staff.objects.get(number="7001").check_password(issued["one_time_password"])
    assert by.post(f"/posts/{given['id']}/end", {"on": "2026-06-30"}).json()["to_on"] == "2026-06-30"
    assert by.post("/staff/7001/deactivate").json()["is_active"] is False
    assert by.post("/staff/7001/reactivate").json()["is_active"] is True
    assert [each["number"] for each in by.get("/staff", q="7001").json()["items"]] == ["7001"]
    assert by.get("/staff/7001").json()["posts"] == [{**given, "to_on": "2026-06-30"}]
    assert verbs()[-2:] == ["staff.read", "staff.read"]
    assert "新来的" not in str(list(AuditRecord.objects.values()))
    assert audit.verify().whole


def test_a_one_time_password_sent_again_is_the_same_and_lies_sealed(by: Caller, clerk: Staff) -> None:
    first, again = (by.post("/staff/1001/password", key="lost").json() for _ in range(2))
    assert first == again
    assert first["one_time_password"] not in str(list(RememberedAnswer.objects.values()))


def test_four_eyes_and_reach_hold_here_too(bank: make.Bank, by: Caller, clerk: Staff, stranger: Staff) -> None:
    assert kind(by.post("/staff/9003/deactivate")) == (422, "refused")
    regional = caller(make.staff("5003", bank.north, "administrator"))
    assert regional.post("/staff/1001/password").status_code == 200
    for path, content in [
        ("/staff/2001/password", None),
        ("/units/S1/change", {"name": "x"}),
        ("/units/N1/move", {"to": "S"}),
        ("/organisation/import", None),
    ]:
        assert kind(regional.post(path, content)) == (404, "missing")
    refused = AuditRecord.objects.filter(outcome="refused", actor="5003").order_by("seq")
    assert [(record.verb, record.on_id) for record in refused] == [
        ("password.issue", "2001"),
        ("unit.change", "S1"),
        ("unit.move", "S"),
        ("organisation.import", ""),
    ]


def test_units_come_in_by_file_after_a_preview(by: Caller, bank: make.Bank) -> None:
    text = "机构号,机构名称,级别,上级机构号\nN13,北山三路网点,网点,N1\nN14,坏行,网点,NOWHERE\n"

    def sent(**fields: str) -> Any:
        file = SimpleUploadedFile("机构.csv", text.encode("gb18030"))
        return by.client.post(f"{ROOT}/organisation/import", {"units": file, **fields}, headers=by.headers)

    previewed = sent(preview="true").json()
    assert (previewed["state"], previewed["new_count"], previewed["refused"][0]["row"]) == ("previewed", 1, 3)
    assert not Unit.objects.filter(code="N13").exists()
    assert sent().json()["state"] == "imported"
    assert Unit.objects.get(code="N13").path == "/HQ/N/N1/N13/"
    assert (sent().json()["new_count"], sent().json()["same_count"]) == (0, 1)
    assert kind(by.client.post(f"{ROOT}/organisation/import", {}, headers=by.headers)) == (422, "refused")


def test_the_tokens_of_another_are_listed_and_revoked(by: Caller, manager: Staff, clerk: Staff) -> None:
    plain = token(manager)
    (listed,) = by.get("/staff/1002/tokens").json()["items"]
    assert plain not in str(listed)
    assert by.post(f"/staff/1001/tokens/{listed['id']}/revoke").status_code == 404, "not hers"
    assert by.post(f"/staff/1002/tokens/{listed['id']}/revoke").json()["revoked_at"]
    assert Caller(plain).get("/units").status_code == 401


def test_the_chain_is_verified_and_exported(bank: make.Bank, auditor: Staff) -> None:
    make.post(auditor, bank.head_office, "inspector")
    by = caller(auditor)
    assert by.post("/audit/verify").json() | {"head": ""} == {
        "whole": True, "records": 0, "head": "", "first_bad": None, "fault": "",
    }  # fmt: skip
    exported = by.get("/audit/export", verb="audit.verify")
    assert exported["Content-Type"].startswith("text/csv")
    assert len(exported.getvalue().decode().splitlines()) == 2
    assert verbs() == ["audit.verify", "audit.export"]


def test_a_verb_tells_nothing_of_its_object_to_who_may_not_read_it(administrator: Staff, clerk: Staff) -> None:
    by = caller(administrator, "organisation.change")
    changed = by.post("/staff/1001/change", {"name": "林一一"})
    assert (changed.status_code, changed.json()) == (200, None)
    assert by.post("/units/N11/change", {"name": "新名"}).json() is None
    assert by.get("/staff/1001").status_code == 404


def test_a_narrow_token_reaches_no_further_than_its_scopes(bank: make.Bank, administrator: Staff) -> None:
    by = caller(administrator, "organisation.see")
    assert by.get("/units").status_code == 200
    assert by.post("/units/N11/change", {"name": "x"}).status_code == 404
    narrowed = Staff.objects.get(pk=administrator.pk)
    narrowed.narrowed_to = frozenset({"organisation.see"})
    assert not narrowed.holds("organisation.change", None)
    assert narrowed.scope("organisation.change") == frozenset()


def test_a_head_request_is_answered_as_a_get(by: Caller) -> None:
    got = by.get("/units")
    head = by.client.head(f"{ROOT}/units", headers=by.headers)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(got.content)))
    assert by.client.head(f"{ROOT}/nothing", headers=by.headers).status_code == 404


def test_a_token_dies_with_the_password_and_with_the_right_to_have_one(by: Caller, manager: Staff) -> None:
    plain = token(manager)
    by.post("/staff/1002/password")
    assert Caller(plain).get("/units").status_code == 401
    manager.refresh_from_db()
    assert manager.password_expires_at - timezone.now() < timedelta(hours=72)
