"""Is another system told of each step of a case, signed, at least once, and of nothing that did not happen?"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang import loop
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, hooks_leaving
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.actions import webhooks as hooks
from huixiang.apps.complaints.actions.webhooks import Wanted
from huixiang.apps.complaints.models import Case, Delivery, Webhook
from huixiang.channels.contract import Fault
from huixiang.gateways import signing
from tests import make
from tests.apps.api import caller
from tests.make import Bank

PERSON = Person("complainant", Identity(name="王芳", phone="13800138000"))


class Crm:
    """The other system: what it took, and what it answers instead of 200, one by one."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.always: int | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        self.url = ""

    def numbers(self) -> list[tuple[str, str]]:
        return [(told["data"]["verb"], headers["webhook-id"]) for headers, told in self.told()]

    def told(self) -> list[tuple[dict[str, str], Any]]:
        return [(headers, json.loads(body)) for headers, body in self.taken]


@pytest.fixture
def crm(settings: Any) -> Iterator[Crm]:
    there = Crm()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.meanwhile()
            status = there.always or (there.answers.pop(0) if there.answers else 200)
            if status < 300:
                there.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *said: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    there.url, settings.WEBHOOKS = f"{origin}/complaints?from=huixiang", [origin]
    yield there
    server.shutdown()
    server.server_close()


def subscribed(crm: Crm, by: Staff, *verbs: str) -> tuple[Webhook, str]:
    return hooks.add_webhook(Wanted("CRM", crm.url, verbs), by=by)


def a_case(bank: Bank, by: Staff) -> Case:
    return actions.register(Receipt("phone", bank.north_branch, "理财亏损", "亏了一半", people=(PERSON,)), by=by)


def later(**step: float) -> Callable[[], Any]:
    return lambda: timezone.now() + timedelta(**step)


def test_each_step_arrives_signed_and_names_nobody(bank: Bank, quality: Staff, crm: Crm) -> None:
    _hook, secret = subscribed(crm, quality, "register", "accept")
    case = a_case(bank, quality)
    actions.do(case.pk, "note", Doing(words="王芳来电"), by=quality)
    actions.do(case.pk, "accept", Doing(told_at=timezone.now(), medium="phone"), by=quality)
    assert loop.hooks_leaving.begin_due(timezone.now()), "the loop sees that something waits"
    assert hooks_leaving.send_all() == 2
    (headers, first), (_headers, second) = crm.told()
    assert (first["type"], second["data"]["verb"], second["data"]["state"]) == (
        "complaint.register", "accept", "accepted"
    )  # fmt: skip
    assert first["data"]["number"] == case.number
    reply = next(each for each in second["data"]["clocks"] if each["clock"] == "reply")
    assert reply["due"]
    assert "令2020年第3号" in reply["clause"]
    at, body = int(headers["webhook-timestamp"]), crm.taken[0][1]
    assert headers["webhook-signature"] == f"v1,{signing.signature(secret, headers['webhook-id'], at, body)}"
    everything = b"".join(body for _headers, body in crm.taken).decode()
    assert not any(word in everything for word in ("王芳", "13800138000", "亏", quality.number))
    assert secret not in bytes(Webhook.objects.get().sealed).decode("latin-1")


def test_what_is_rolled_back_was_never_told(bank: Bank, quality: Staff, crm: Crm) -> None:
    subscribed(crm, quality)

    def killed() -> None:
        with transaction.atomic():
            a_case(bank, quality)
            raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        killed()
    assert (Delivery.objects.count(), hooks_leaving.send_all()) == (0, 0)


@pytest.mark.one_database
def test_a_system_that_fails_gets_it_when_it_is_back_and_after_a_day_it_is_given_up(
    bank: Bank, quality: Staff, crm: Crm
) -> None:
    hook, _secret = subscribed(crm, quality)
    a_case(bank, quality)
    crm.answers = [500, 302]
    assert hooks_leaving.send_all() == 0
    assert hooks_leaving.send_all(later(seconds=1)) == 0, "not yet its turn"
    assert hooks_leaving.send_all(later(seconds=8)) == 0, "a redirect is not followed"
    sent = hook.deliveries.get()
    assert (sent.tries, sent.status, sent.state) == (2, 302, "waiting")
    assert hooks_leaving.send_all(later(minutes=5)) == 1
    assert (len(crm.taken), hook.deliveries.get().state) == (1, "delivered")
    a_case(bank, quality)
    crm.always = 503
    for hours in (0, 2, 7, 15, 23):
        hooks_leaving.send_all(later(hours=hours))
    assert hook.deliveries.filter(state="waiting").count() == 1, "within the day it is tried again"
    hooks_leaving.send_all(later(hours=24, minutes=1))
    assert hook.deliveries.get(state="given_up").status == 503
    page = make.client(quality).get(f"/complaints/webhooks/{hook.pk}/").content.decode()
    assert "HTTP 503" in page
    assert "已放弃" in page


def test_a_killed_worker_sends_it_again_under_the_same_number(bank: Bank, quality: Staff, crm: Crm) -> None:
    hook, _secret = subscribed(crm, quality)
    a_case(bank, quality)

    class Killed(BaseException):
        pass

    def die(*_said: Any) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hooks_leaving, "_told", die)  # taken over there, and not yet written down here
        with pytest.raises(Killed):
            hooks_leaving.send_all()
    assert (len(crm.taken), hook.deliveries.get().state) == (1, "waiting")
    assert hooks_leaving.send_all() == 0, "another worker may still be at it"
    assert hooks_leaving.send_all(later(minutes=3)) == 1
    assert len(set(crm.numbers())) == 1, "the receiver knows it by its number"
    assert len(crm.taken) == 2


@pytest.mark.one_database
def test_one_or_a_span_is_sent_again(bank: Bank, quality: Staff, crm: Crm) -> None:
    hook, _secret = subscribed(crm, quality)
    case = a_case(bank, quality)
    actions.do(case.pk, "note", Doing(words="来电"), by=quality)
    hooks_leaving.send_all()
    before = crm.numbers()
    page = make.client(quality)
    page.post(f"/complaints/webhooks/{hook.pk}/replay/", {"one": before[0][1]})
    assert hooks_leaving.send_all() == 1
    said = {"since": (timezone.now() - timedelta(hours=1)).isoformat(), "until": timezone.now().isoformat()}
    answer = caller(quality).post(f"/complaint-webhooks/{hook.pk}/replay", said)
    assert (answer.status_code, answer.json()) == (202, {"count": 2})
    hooks_leaving.send_all()
    assert sorted(crm.numbers()) == sorted([*before, before[0], *before])
    log = caller(quality).get(f"/complaint-webhooks/{hook.pk}/deliveries").json()["items"]
    assert sorted(each["replays"] for each in log) == [1, 2]


@pytest.mark.one_database
def test_with_a_new_secret_both_hold_for_a_day(bank: Bank, quality: Staff, crm: Crm) -> None:
    hook, old = subscribed(crm, quality)
    new = caller(quality).post(f"/complaint-webhooks/{hook.pk}/rotate", {}).json()["secret"]
    a_case(bank, quality)
    hooks_leaving.send_all()
    headers, body = crm.taken[0]
    at = int(headers["webhook-timestamp"])
    both = [f"v1,{signing.signature(key, headers['webhook-id'], at, body)}" for key in (new, old)]
    assert headers["webhook-signature"].split() == both
    hook.refresh_from_db()
    assert hook.keys(timezone.now() + timedelta(hours=25)) == [new]


@pytest.mark.one_database
def test_only_hosts_on_the_list_and_a_test_says_what_came_of_it(bank: Bank, quality: Staff, crm: Crm) -> None:
    for url in ("http://127.0.0.1:1/", "https://10.0.0.1/x", "http://169.254.169.254/latest", "file:///etc/passwd"):
        with pytest.raises(Fault):
            hooks.add_webhook(Wanted("x", url), by=quality)
    hook, _secret = subscribed(crm, quality)
    page = make.client(quality)
    told = page.post(f"/complaints/webhooks/{hook.pk}/test/", follow=True).content.decode()
    assert "HTTP 200" in told
    crm.answers = [410]
    assert caller(quality).post(f"/complaint-webhooks/{hook.pk}/test", {}).json()["state"] == "given_up"
    hook.refresh_from_db()
    assert hook.is_gone, "who says that he is gone is left in peace"
    a_case(bank, quality)
    assert hooks_leaving.send_all() == 0
    page.post(f"/complaints/webhooks/{hook.pk}/resume/")
    assert hooks_leaving.send_all() == 1, "what happened meanwhile waited"


@pytest.mark.one_database
def test_one_that_is_away_does_not_keep_the_others(bank: Bank, quality: Staff, crm: Crm, settings: Any) -> None:
    settings.WEBHOOKS = [*settings.WEBHOOKS, "http://127.0.0.1:1"]
    hooks.add_webhook(Wanted("away", "http://127.0.0.1:1/"), by=quality)
    subscribed(crm, quality)
    for _ in range(5):
        a_case(bank, quality)
    assert hooks_leaving.send_all() == 5
    assert sum(Delivery.objects.filter(webhook__name="away").values_list("tries", flat=True)) == 3


@pytest.mark.one_database
def test_the_page_shows_the_secret_once_and_opens_to_the_administrator_of_the_whole_bank(
    bank: Bank, quality: Staff, crm: Crm
) -> None:
    administrator = make.staff("9001", bank.head_office, "administrator")
    page = make.client(administrator)
    shown = page.post("/complaints/webhooks/", {"name": "CRM", "url": crm.url, "verbs": ["close"]}).content.decode()
    secret = shown.split("whsec_")[1].split("<")[0]
    for place in ("/complaints/webhooks/", f"/complaints/webhooks/{Webhook.objects.get().pk}/"):
        assert secret not in page.get(place).content.decode()
    assert secret not in str(list(AuditRecord.objects.values_list("detail", flat=True)))
    assert AuditRecord.objects.filter(verb="complaint.webhook_add").exists()
    northern = make.staff("1102", bank.north, "quality_manager")
    assert make.client(northern).get("/complaints/webhooks/").status_code in {403, 404}
    assert caller(northern).get("/complaint-webhooks").json()["items"] == []
    with pytest.raises(PermissionDenied):
        subscribed(crm, northern)
    refused = page.post("/complaints/webhooks/", {"name": "x", "url": "https://evil.example/"})
    assert refused.status_code == 422
    assert "HUIXIANG_WEBHOOKS" in refused.content.decode()
