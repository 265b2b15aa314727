"""A program would rather not do its sum: it forges, alters, borrows and repeats. Does any of it open the door wider?"""

from __future__ import annotations

import base64
import importlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import altcha
import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from huixiang.apps.intake import limits, proofs
from huixiang.apps.intake.models import Attempt
from huixiang.apps.surveys import handing_in, links
from huixiang.apps.surveys.models import Response, Version
from tests.apps.surveys_cast import Customer, survey
from tests.make import Bank

FORM = "abc123"


@pytest.fixture(autouse=True)
def a_cheap_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "COST", 10)


@pytest.fixture
def version(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Version:
    monkeypatch.setattr(limits, "MOST_SENT", 0)  # from here on, a sum is asked of everybody
    return survey(bank.north_branch)


def solved(form: str = FORM, at: datetime | None = None) -> dict[str, Any]:
    return done(altcha.Challenge.from_dict(proofs.challenge(form, at or timezone.now())))


def done(challenge: altcha.Challenge) -> dict[str, Any]:
    solution = altcha.solve_challenge(challenge)
    assert solution
    return dict(altcha.Payload(challenge, solution).to_dict())


def written(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def altered(payload: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """With one field changed; `value` None: without it."""
    made = json.loads(json.dumps(payload))
    *way, last = path.split(".")
    place = made
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return dict(made)


ASKED, FOUND = "challenge.parameters", "solution"
ALTERATIONS = [
    (f"{ASKED}.salt", "00" * 16), (f"{ASKED}.nonce", "00" * 16), (f"{ASKED}.expiresAt", 4_102_444_800),
    (f"{ASKED}.expiresAt", "9999"), (f"{ASKED}.cost", 1), (f"{ASKED}.cost", 10.0), (f"{ASKED}.cost", "10"),
    (f"{ASKED}.cost", -10), (f"{ASKED}.keyPrefix", ""), (f"{ASKED}.keyLength", 0), (f"{ASKED}.keyLength", 10**9),
    (f"{ASKED}.algorithm", "SHA-256"), (f"{ASKED}.algorithm", "PBKDF2/SHA-512"), (f"{ASKED}.algorithm", "none"),
    (f"{ASKED}.data", {"for": "elsewhere"}), (f"{ASKED}.data", []), ("challenge.signature", ""),
    ("challenge.signature", "0" * 64), ("challenge.signature", 7), (f"{FOUND}.counter", -1),
    (f"{FOUND}.counter", 2**32), (f"{FOUND}.counter", 10**300),
    (f"{FOUND}.counter", 1e3), (f"{FOUND}.counter", True), (f"{FOUND}.counter", "１２"),
    (f"{FOUND}.counter", "٣"), (f"{FOUND}.derivedKey", "00" * 32), (f"{FOUND}.derivedKey", "０" * 64),
    (f"{FOUND}.derivedKey", ["00"]), ("challenge", None), ("solution", None), (ASKED, None),
    ("challenge.signature", None),
]  # fmt: skip
MISSING = ["algorithm", "cost", "keyPrefix", "nonce", "salt", "expiresAt", "data"]


@pytest.mark.django_db
@pytest.mark.one_database
def test_whatever_is_altered_left_out_or_made_up_is_no_sum_done() -> None:
    payload, now = solved(), timezone.now()
    bad = [altered(payload, *each) for each in ALTERATIONS] + [altered(payload, f"{ASKED}.{n}", None) for n in MISSING]
    bad += [altered(payload, "solution.counter", payload["solution"]["counter"] + 1), [], "text", None, 5, {}]
    for each in bad:
        assert not proofs.spend(written(each), FORM, now), each
    own = altcha.create_challenge(
        algorithm=proofs.ALGORITHM, cost=10, key_prefix="00", expires_at=now + proofs.LIFE, hmac_secret="guessed",
        data=payload["challenge"]["parameters"]["data"],
    )  # fmt: skip
    whole = written(payload)
    garbled = ["", "!", "bm90IGpzb24=", "é", whole[:-5], f" {whole}", f"{whole}\n", whole * 9, "W1tb" * 900, "\ud800"]
    for text in [written(done(own)), *garbled]:
        assert not proofs.spend(text, FORM, now), text[:40]
    assert not proofs.spend(whole, "another survey", now), "a sum done for one form opens no other"
    assert not proofs.spend(whole, FORM, now + proofs.LIFE), "after its hour"
    assert not Attempt.objects.exists(), "what fails is not even remembered"
    assert proofs.spend(whole, FORM, now)
    importlib.reload(proofs).COST = 10  # as after a restart: nothing is remembered in the process
    assert not proofs.spend(whole, FORM, now)
    limits.forget(now + timedelta(minutes=59))
    assert not proofs.spend(whole, FORM, now + timedelta(minutes=59)), "it is remembered until its hour is over"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_the_same_sum_at_once_one_is_let_in() -> None:
    payload, now, together = written(solved()), timezone.now(), Barrier(8)

    def bring(_number: int) -> str:
        together.wait()
        try:
            return proofs.spend(payload, FORM, now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as programs:
        marks = [mark for mark in programs.map(bring, range(8)) if mark]
    assert len(marks) == Attempt.objects.filter(what="proof").count() == 1


def test_a_sum_lets_one_answer_in_and_is_not_lost_while_the_database_is_busy(
    version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*given: object) -> bool:
        raise OperationalError("database is locked")

    place = links.public(version.survey)
    without = Customer(place).answers()
    assert (without.response.status_code, "您填的都还在" in without.reads) == (429, True), "a browser without scripts"
    proof = written(solved(version.survey.slug))
    customer = Customer(place)
    customer.presses(nps="9")
    customer.hidden["proof"] = proof
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(handing_in, "submit", busy)
        assert customer.presses(aspects__wait="5").response.status_code == 503
    customer.hidden["proof"] = proof
    assert customer.presses(aspects__wait="5").is_thanked, "her script sends the same again"
    other = Customer(place)
    other.presses(nps="8")
    other.hidden["proof"] = proof
    assert other.presses(aspects__wait="1").response.status_code == 429
    assert Response.objects.count() == 1
