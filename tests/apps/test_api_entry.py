"""Who comes in through the API? Holders of a token, as far as it and its owner reach; all else is a plain problem."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from huixiang.apps.access.models import AuditRecord, Post, Staff, Token
from tests import make
from tests.apps.api import ROOT, Caller, caller, token
from tests.architecture.reference import FOLDER

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOWHERE = "00000000-0000-4000-8000-000000000000"
TYPE = "urn:huixiang:problem:"


def operations() -> list[tuple[str, str, str]]:
    """(method, path, right) of every operation in the schema as it is written down, with made-up ids in the path."""
    found = []
    for template, methods in json.loads((FOLDER / "openapi.json").read_text("utf-8"))["paths"].items():
        numbers = dict.fromkeys(
            ("row_id", "post_id", "token_id", "need_id", "idea_id", "model_id", "survey_id", "code", "number"), 1
        )
        names = {"voice_id": "0" * 24, "job_id": NOWHERE, "import_id": NOWHERE, "task": "sentiment"}
        names |= {
            "answers_id": NOWHERE,
            "attachment_id": NOWHERE,
            "source_id": NOWHERE,
            "slip_id": NOWHERE,
            "erasure_id": NOWHERE,
            "file_id": NOWHERE,
            "webhook_id": NOWHERE,
            "visit_number": "JC2026-000001",
        }
        names |= {"slug": "nowhere", "name": "llm", "channel": "nowhere"}
        names |= {"pack": "cn-2020", "rule": "simple", "case_number": "2026-000001", "verb": "accept"}
        names |= {"kind": "answers", "year": "2026", "unit": "N12"}
        numbers |= dict.fromkeys(("deed_id", "round_id", "study_id", "session_id", "participant_id", "utterance_id"), 1)
        numbers |= dict.fromkeys(("code_id", "theme_id", "absence_id", "mention_id", "draft", "signal_id"), 1)
        numbers |= dict.fromkeys(
            (
                "book_id",
                "taking_id",
                "export_id",
                "version_id",
                "version_number",
                "shift_id",
                "seq",
                "plan_id",
                "finding_id",
            ),
            1,
        )
        names |= {"letter_verb": "accept", "ending": "pdf", "standard_code": "nowhere"}
        path = template.removeprefix(ROOT).format(**names, **numbers)
        found += [(method, path, details["security"][0]["Bearer"][0]) for method, details in methods.items()]
    return found


def send(by: Caller, method: str, path: str) -> Any:
    return by.get(path) if method == "get" else {"post": by.post, "put": by.put}[method](path, {})


def kind(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == response.status_code
    assert found["instance"] == response.request["PATH_INFO"]
    return response.status_code, found["type"].removeprefix(TYPE)


def test_every_operation_asks_for_a_token_and_for_its_right(quality: Staff) -> None:
    nobody, by = Caller(), caller(quality, "token.own")
    for method, path, right in operations():
        assert kind(send(nobody, method, path)) == (401, "unauthorized"), (method, path)
        assert kind(send(by, method, path)) == (404, "missing"), (method, path)
        told = AuditRecord.objects.latest("seq")
        assert (told.verb, told.outcome, told.actor) == (right, "refused", quality.number), (method, path)
        assert (told.on_kind, told.on_id) == ("api", f"{ROOT}{path}")


def test_a_token_that_does_not_hold_any_more_opens_nothing(quality: Staff) -> None:
    yesterday, now = timezone.localdate() - timedelta(days=1), timezone.now()
    for plain in (
        token(quality, expires_on=yesterday),
        token(quality, revoked_at=now),
        "hx_guessed",
        "nothing of ours",
        "hx_" + "\u00e9" * 3000,
    ):
        response = Caller(plain).get("/units")
        assert kind(response) == (401, "unauthorized")
        assert response["WWW-Authenticate"].startswith("Bearer")
    good = token(quality)
    quality.is_active = False
    quality.save()
    assert kind(Caller(good).get("/units")) == (401, "unauthorized")


def test_who_must_first_choose_a_password_must_do_so_here_too(quality: Staff) -> None:
    by = caller(quality)
    Staff.objects.filter(pk=quality.pk).update(must_change_password=True)
    assert kind(by.get("/units")) == (401, "unauthorized")


def test_a_token_opens_what_its_owner_still_holds_and_no_more(manager: Staff) -> None:
    by = caller(manager, "import.see", "voice.see")
    assert by.get("/imports").status_code == 200
    assert kind(by.get("/units")) == (404, "missing"), "her right, but not the token's"
    Post.objects.filter(staff=manager).update(role="inspector")
    assert kind(by.get("/imports")) == (404, "missing"), "the token's scope, but no longer her right"
    Post.objects.filter(staff=manager).update(role="staff")
    assert kind(by.get("/voices")) == (401, "unauthorized"), "who may have no token has none"


def test_a_session_opens_nothing_here(quality: Staff) -> None:
    assert kind(make.client(quality).get(f"{ROOT}/units")) == (401, "unauthorized")


def test_a_unit_list_ends_at_ones_reach_and_pages_to_its_end(bank: make.Bank, manager: Staff, quality: Staff) -> None:
    assert {unit["code"] for unit in caller(manager).get("/units").json()["items"]} == {"N1", "N11", "N12"}
    by, codes, after = caller(quality), [], ""
    for _turn in range(3):
        page = by.get("/units", limit=3, after=after).json()
        codes += [unit["code"] for unit in page["items"]]
        after = page["next"] or ""
    assert codes == ["HQ", "N", "N1", "N11", "N12", "S", "S1", "S11"]
    assert not after
    assert page["items"][-1]["parent"] == "S1"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": "-1"}, "#/limit"),
        ({"limit": "0"}, "#/limit"),
        ({"limit": "100000000000000000000"}, "#/limit"),
        ({"limit": "many"}, "#/limit"),
        ({"after": "\x00"}, "#/after"),
        ({"after": "bm90IG91cnM"}, "#/after"),
        ({"after": "！"}, "#/after"),
        ({"after": "WyJ4IiwgIjk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ", "limt": "1"}, "#/limt"),
        ({"branhc": "N1"}, "#/branhc"),
    ],
)
def test_a_bad_parameter_is_named_and_never_an_error_of_ours(quality: Staff, query: Any, pointer: str) -> None:
    response = caller(quality).get("/units", **query)
    assert kind(response) == (422, "invalid")
    (error,) = response.json()["errors"]
    assert (error["in"], error["pointer"]) == ("query", pointer)
    assert error["detail"]


def test_a_cursor_beyond_all_numbers_finds_nothing(bank: make.Bank, auditor: Staff) -> None:
    make.post(auditor, bank.head_office, "inspector")
    by = caller(auditor)
    by.get("/audit")
    assert by.get("/audit", after="WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0").status_code == 200


def test_a_body_that_is_no_json_and_one_that_is_too_large_are_told(quality: Staff) -> None:
    by = caller(quality)
    address = f"{ROOT}/voices/{'0' * 24}/corrections"
    broken = by.client.post(address, "{", content_type="application/json", headers=by.headers)
    assert kind(broken) == (400, "unreadable")
    large = by.client.post(address, "x" * 3_000_000, content_type="application/json", headers=by.headers)
    assert kind(large) == (413, "large")
    halved = by.client.post(
        f"{ROOT}/imports", b"--x\r\n", content_type="multipart/form-data; boundary=", headers=by.headers
    )
    assert kind(halved) == (400, "unreadable")


def test_other_methods_and_addresses_are_problems_too(quality: Staff) -> None:
    by = caller(quality)
    response = by.client.delete(f"{ROOT}/units", headers=by.headers)
    assert kind(response) == (405, "method")
    assert response["Allow"] == "GET, HEAD, POST"
    for address in ("", "/", "/nothing", "/jobs/"):
        response = by.client.get(ROOT + address, headers=by.headers)
        assert response.status_code in (301, 404)
    assert kind(by.get("/nothing")) == (404, "missing")
    assert kind(by.get("/jobs/not-a-uuid")) == (422, "invalid")


def test_a_problem_speaks_the_language_asked_for(quality: Staff) -> None:
    plain = token(quality)
    for language in ("zh-hans", "en"):
        found = Caller(plain, language).get("/units", limit=0)
        with translation.override(language):
            assert found.json()["title"] == gettext("请求内容有误")
            assert found.json()["errors"][0]["detail"] == gettext("不能小于 %(ge)s") % {"ge": 1}
        assert found["Content-Language"] == language


def test_the_schema_is_open_and_names_right_and_problems_of_each_operation() -> None:
    schema = Caller().get("/openapi.json").json()
    listed = schema["paths"]["/api/v1/voices"]["get"]
    assert listed["security"] == [{"Bearer": ["voice.see"]}]
    assert "application/problem+json" in listed["responses"]["404"]["content"]
    names = [each["name"] for each in schema["paths"]["/api/v1/imports"]["post"]["parameters"]]
    assert names == ["Idempotency-Key"]


def test_answers_are_never_kept_by_a_cache(quality: Staff) -> None:
    assert caller(quality).get("/units")["Cache-Control"] == "no-store"
    assert Token.objects.get().last_used_at is not None


def test_what_is_unknown_is_told_with_all_else_that_is_wrong(bank: make.Bank, quality: Staff) -> None:
    by = caller(quality)
    told = by.get("/imports", limit="abc", foo="1").json()["errors"]
    assert {each["pointer"] for each in told} == {"#/foo", "#/limit"}
    body = by.post("/quarantine/1/discard", {"note": "x", "nots": "y"}).json()["errors"]
    assert [(each["in"], each["pointer"]) for each in body] == [("body", "#/nots")]
