"""What if somebody floods a post box, guesses codes, or the machine has no room? Told kindly, and nothing is lost."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import altcha
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.intake import admitting, codes, limits, proofs, taking
from huixiang.apps.intake.models import Attempt, PostBox, Submission
from huixiang.channels import pictures
from huixiang.lake import disk
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import spoken
from tests.apps.intake import SAID, Customer, box, code_of
from tests.make import Bank


@pytest.fixture
def north_box(bank: Bank) -> PostBox:
    return box(bank.north_outlet)


@pytest.mark.one_database
def test_when_a_customers_page_fails_she_is_not_sent_to_our_administrators(
    north_box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    browser = make.client()
    browser.raise_request_exception = False
    monkeypatch.setattr(proofs, "challenge", broken)
    page = browser.get(f"/b/{north_box.slug}/")
    told = page.content.decode()
    assert page.status_code == 500
    assert f'href="/b/{north_box.slug}/"' in told
    assert "拨打客服热线" in told
    assert "管理员" not in told


@pytest.mark.one_database
def test_a_full_disk_is_no_messages_fault_and_lost_words_are_no_empty_message(
    north_box: PostBox, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(places: Any) -> None:
        raise OSError("no space left")

    for text in ("第一条，服务很好。", "第二条，等得太久。"):
        Customer(north_box).sends(text, contact="13812345678", consent="on")
    with monkeypatch.context() as full:
        full.setattr(disk, "keep", no_room)
        with pytest.raises(OSError, match="no space left"):
            taking.take_in()
    assert not Submission.objects.exclude(stuck_at=None).exists(), "all of them wait"
    taking.take_in()
    assert len(spoken(lake)) == 2
    Customer(north_box).sends("第三条。")
    Submission.objects.filter(batch=None).update(sealed=None)
    assert taking.take_in() == 0
    assert Submission.objects.exclude(stuck_at=None).count() == 1
    assert len(spoken(lake)) == 2


def test_one_address_may_send_so_many_an_hour_and_a_sum_done_lets_more_in(
    north_box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_SENT", 2)
    monkeypatch.setattr(proofs, "COST", 10)
    customer = Customer(north_box)
    codes_ = [code_of(customer.sends(f"{SAID}{number}")) for number in range(2)]
    blocked = customer.sends("第三条")
    assert blocked.status_code == 429
    assert "第三条" in blocked.content.decode()
    assert code_of(customer.sends(f"{SAID}1")) == codes_[1], "what has arrived is no further message"
    assert Customer(north_box, "10.1.1.2").sends().status_code == 200
    now = timezone.now()
    given = altcha.Challenge.from_dict(proofs.challenge(north_box.slug, now))
    solution = altcha.solve_challenge(given)
    assert solution is not None
    proof = altcha.Payload(given, solution).to_base64()
    assert customer.sends("第四条", proof=proof).status_code == 200
    assert customer.sends("第五条", proof=proof).status_code == 429, "each sum counts once"
    forged = altcha.create_challenge(algorithm="PBKDF2/SHA-256", cost=1, key_prefix="", hmac_secret="another")
    easy = altcha.Payload(forged, altcha.solve_challenge(forged) or solution).to_base64()
    assert customer.sends("第六条", proof=easy).status_code == 429
    assert customer.sends("第七条", proof="bm90IGpzb24=").status_code == 429
    nested = base64.b64encode(b"[" * 2_900).decode()
    assert customer.sends("第七条", proof=nested).status_code == 429
    assert "10.1.1.1" not in str(list(Attempt.objects.values()))
    assert limits.forget(now + timedelta(hours=2)) == 3, "two addresses and a sum"
    assert not limits.reached("message", "10.1.1.1", 1, now)


@pytest.mark.one_database
def test_photos_cost_their_sender_and_never_all_of_the_machine(
    north_box: PostBox, monkeypatch: pytest.MonkeyPatch, settings: Any, quality: Staff
) -> None:
    decoded, cleaned = [], pictures.cleaned
    monkeypatch.setattr(pictures, "cleaned", lambda *given: decoded.append(1) or cleaned(*given))
    customer = Customer(north_box)
    customer.sends(photos=2)
    customer.sends(photos=2)
    assert len(decoded) == 2, "what is there is not looked at again"
    for _ in range(admitting.PHOTOS_AT_ONCE):
        admitting._place.acquire()
    busy = customer.sends("另一条", photos=1)
    for _ in range(admitting.PHOTOS_AT_ONCE):
        admitting._place.release()
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert customer.key in busy.content.decode(), "the same message, when she tries again"
    monkeypatch.setattr(limits, "MOST_SENT", 1)
    assert Customer(north_box, "2001:db8::1").sends(photos=3).status_code == 200
    neighbour = Customer(north_box, "2001:db8::ffff").sends("同一条线路", photos=1)
    assert neighbour.status_code == 429, "one line, whatever its addresses"
    limits.count("photo", "10.1.1.1", timezone.now(), 3)
    known = customer.sends(photos=3)
    assert known.status_code == 429, "a known message passes; its photos count all the same"
    assert len(decoded) == 5
    settings.LEAST_FREE_BYTES = 10**18
    full = Customer(north_box, "10.1.1.3").sends("第三条", photos=1)
    assert full.status_code == 507
    settings.MOST_A_DAY = 2
    assert "请明天再发" in Customer(north_box, "10.1.1.4").sends("第四条").content.decode()
    assert "今天已收满 2 条" in make.client(quality).get(reverse("box", args=[north_box.pk])).content.decode()


@pytest.mark.one_database
def test_who_guesses_codes_is_stopped_and_who_mistypes_is_told(
    north_box: PostBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_WRONG_CODES", 3)
    customer = Customer(north_box)
    code = code_of(customer.sends()).replace(" ", "")
    for place in range(15):
        wrong = code[:place] + str((int(code[place]) + 4) % 10) + code[place + 1 :]
        assert codes.read(wrong) is None
        swapped = code[:place] + code[place + 1 : place + 2] + code[place] + code[place + 2 :]
        assert swapped == code or codes.read(swapped) is None
    assert customer.looks_up("12345").status_code == 422
    for number in range(3):
        guess = f"{number:014d}"
        assert customer.looks_up(guess + str(codes.check_digit(guess))).status_code == 404
    assert customer.looks_up(code).status_code == 429, "even the right one waits now"
    assert Customer(north_box, "10.9.9.9").looks_up(code).status_code == 200


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_taken_the_customer_is_told_and_keeps_what_she_wrote(bank: Bank) -> None:
    customer = Customer(box(bank.north_outlet))
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other, connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
        other.execute("BEGIN IMMEDIATE")
        busy = customer.sends()
        other.rollback()
        cursor.execute("PRAGMA busy_timeout=20000")
    assert busy.status_code == 503
    assert "请再点一次" in busy.content.decode()
    assert SAID in busy.content.decode()
    assert customer.sends().status_code == 200
