"""Is anything done twice when an answer is lost and the caller asks again? Not with the same Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from huixiang.apps.access import answers
from huixiang.apps.access.models import Job, RememberedAnswer, Staff, Token
from huixiang.apps.feedback.models import Correction, Import
from huixiang.apps.needs import actions as needs
from huixiang.apps.needs.models import Need
from huixiang.lake.store import Lake
from huixiang.web.api import need_verbs
from huixiang.web.api.idempotency import fingerprint
from tests import make
from tests.apps.api import FORM, Caller, caller, messages, token
from tests.apps.arrivals import row
from tests.apps.test_api_voices import HERE, UNTIL
from tests.browser import voices as made


@pytest.fixture
def by(bank: make.Bank, lake: Lake, quality: Staff) -> Caller:
    return caller(quality)


@pytest.fixture
def address(lake: Lake, bank: make.Bank) -> str:
    record = made.record(1, HERE, UNTIL, branch="N11")
    made.fill(lake, [record])
    return f"/voices/{make.voice_id(record)}/corrections"


NEUTRAL = {"field": "sentiment", "value": "neutral"}


def kind(response: object) -> tuple[int, str]:
    return response.status_code, response.json().get("type", "").rpartition(":")[2]  # type: ignore[attr-defined]


def test_an_upload_sent_again_gets_the_first_answer_and_makes_no_second_import(by: Caller) -> None:
    first, again = (by.upload(messages(), "lost-answer", **FORM) for _ in range(2))
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Import.objects.count() == Job.objects.count() == 1


def test_of_what_was_asked_only_a_keyed_hash_is_kept(by: Caller, address: str, settings: Any) -> None:
    """Whoever sees the table could try out short bodies, were the hash not keyed: he has not the masking key."""
    body = json.dumps(NEUTRAL).encode()
    by.post(address, NEUTRAL, "one")
    kept = RememberedAnswer.objects.get().fingerprint
    path = f"/api/v1{address}"
    plain = b"".join(len(part).to_bytes(8, "big") + part for part in (b"POST", path.encode())) + body
    assert kept != hashlib.sha256(plain).hexdigest()
    request = RequestFactory().post(path, body, content_type="application/json")
    assert fingerprint(request) == kept
    settings.MASKING_KEY = "another key, of which the table knows nothing"
    request = RequestFactory().post(path, body, content_type="application/json")
    assert fingerprint(request) != kept


def test_without_a_key_each_request_counts(by: Caller) -> None:
    for _ in range(2):
        assert by.upload(messages(), **FORM).status_code == 202
    assert Import.objects.count() == 2


def test_the_same_key_for_another_content_is_refused(by: Caller, address: str) -> None:
    assert by.upload(messages(), "key", **FORM).status_code == 202
    others = [messages(row(7)), messages(name="别的.csv"), SimpleUploadedFile("留言.csv", b"x")]
    for file in others:
        assert kind(by.upload(file, "key", **FORM)) == (422, "key")
    assert kind(by.upload(messages(), "key", **FORM, product="手机银行")) == (422, "key")
    assert kind(by.post(address, NEUTRAL, "key")) == (422, "key")
    assert Import.objects.count() == 1


def test_another_token_may_use_the_same_key(by: Caller, address: str, manager: Staff) -> None:
    assert by.post(address, NEUTRAL, "key").status_code == 201
    assert kind(caller(manager).post(address, NEUTRAL, "key")) == (422, "refused"), "asked anew, and nothing to correct"


def test_what_was_refused_may_be_sent_again_with_its_key(by: Caller, address: str) -> None:
    assert kind(by.post(address, {"field": "sentiment", "value": "angry"}, "key")) == (422, "refused")
    assert kind(by.post(address, {"field": "sentiment"}, "key")) == (422, "invalid")
    assert by.post(address, NEUTRAL, "key").status_code == 201
    assert by.post(address, NEUTRAL, "key")["Idempotency-Replayed"] == "true"
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("key", [" ", "键", "x" * 256, "a b"])
def test_a_key_that_is_none_is_refused(by: Caller, address: str, key: str) -> None:
    response = by.post(address, NEUTRAL, key)
    assert kind(response) == (422, "invalid")
    assert response.json()["errors"][0]["pointer"] == "#/Idempotency-Key"


def test_a_request_still_being_worked_on_is_told_and_an_abandoned_one_taken_over(by: Caller, address: str) -> None:
    assert by.post(address, NEUTRAL, "key").status_code == 201
    Correction.objects.all().delete()
    RememberedAnswer.objects.update(status=None, deed="")
    assert kind(by.post(address, NEUTRAL, "key")) == (409, "running")
    RememberedAnswer.objects.update(created_at=timezone.now() - answers.ABANDONED)
    assert kind(by.post(address, NEUTRAL, "key")) == (422, "refused"), "done again: it was corrected already"
    assert not RememberedAnswer.objects.exists()


NEED = {"name": "少排队", "kind": "demand", "every": [{"topics": ["D.responsiveness.waiting"]}]}


def test_what_was_done_before_its_process_was_killed_is_not_done_again(
    by: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(answers, "settle", killed)
        for send in (lambda: by.post("/needs", NEED, "need"), lambda: by.upload(messages(), "file", **FORM)):
            with pytest.raises(KeyboardInterrupt):
                send()
    assert kind(by.post("/needs", NEED, "need")) == (409, "running"), "its answer may still come"
    RememberedAnswer.objects.update(created_at=timezone.now() - answers.ABANDONED)
    again = by.post("/needs", NEED, "need")
    assert kind(again) == (409, "done")
    assert f"need {Need.objects.get().pk}" in again.json()["detail"]
    assert kind(by.upload(messages(), "file", **FORM)) == (409, "done")
    assert (Need.objects.count(), Import.objects.count()) == (1, 1)


def test_a_deed_whose_answer_goes_wrong_keeps_its_key_and_one_taken_over_is_stopped_before_it_commits(
    by: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ValueError

    with monkeypatch.context() as patched:
        patched.setattr(need_verbs, "_told", broken)
        assert kind(by.post("/needs", NEED, "need")) == (500, "fault")
    assert kind(by.post("/needs", NEED, "need")) == (409, "done")
    with monkeypatch.context() as patched:
        propose = needs.propose

        def slow(*args: Any, **options: Any) -> Need:
            RememberedAnswer.objects.filter(key="slow").update(created_at=timezone.now())  # another took it over
            return propose(*args, **options)

        patched.setattr(need_verbs.actions, "propose", slow)
        assert kind(by.post("/needs", NEED, "slow")) == (409, "running")
    assert Need.objects.count() == 1


def test_an_error_of_ours_is_told_without_its_words_and_frees_the_key(
    by: Caller, address: str, lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    whole = lake.path.rename(lake.path.with_name("away"))
    lake.path.write_text(HERE)  # a file where the lake's folder should be
    broken = by.post(address, NEUTRAL, "key")
    assert kind(broken) == (500, "fault")
    assert str(lake.path) not in broken.content.decode()
    assert not RememberedAnswer.objects.exists()
    lake.path.unlink()
    whole.rename(lake.path)
    assert by.post(address, NEUTRAL, "key").status_code == 201


def test_answers_are_forgotten_after_a_day(by: Caller, address: str) -> None:
    assert by.post(address, NEUTRAL, "key").status_code == 201
    now = timezone.now()
    assert answers.forget(now + answers.KEPT - timedelta(minutes=1)) == 0
    assert answers.forget(now + answers.KEPT + timedelta(minutes=1)) == 1


def test_a_claim_whose_work_was_taken_over_can_no_longer_settle(by: Caller) -> None:
    now, holder = timezone.now(), Token.objects.get()
    first, _ = answers.claim(holder, "key", "f", now)
    second, answered = answers.claim(holder, "key", "f", now + answers.ABANDONED)
    assert not answered
    answers.settle(first, 200, "late")
    answers.release(first)
    answers.settle(second, 200, "kept")
    assert answers.content(RememberedAnswer.objects.get()) == "kept"


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_the_same_time_one_does_the_work(lake: Lake, bank: make.Bank, quality: Staff) -> None:
    plain, together, told = token(quality), Barrier(4), []

    def send() -> None:
        together.wait()
        response = Caller(plain).upload(messages(), "at-once", **FORM)
        told.append((response.status_code, response.get("Idempotency-Replayed")))
        connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Import.objects.count() == Job.objects.count() == 1
    assert sorted(map(str, told)).count("(202, None)") == 1
    assert set(told) <= {(202, None), (202, "true"), (409, None)}
