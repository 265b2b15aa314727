"""Two machines on one PostgreSQL send, and one is killed: does each message leave once, and is none lost?"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from huixiang.apps.access.sealing import seal
from huixiang.apps.surveys import sending, tokens
from huixiang.apps.surveys.models import Invitation, Round
from tests import make
from tests.apps import surveys_cast
from tests.gateways.servers import SECRET, mail_server, sms_platform

EACH, AT_ONCE = 20, 5


def test_each_leaves_once_though_two_send_and_one_is_killed(transactional_db: None, settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two machines share PostgreSQL, never a file")
    settings.PUBLIC_URL = "https://voice.bank.example"
    made = _round()
    noon = timezone.now().replace(hour=4)
    with sms_platform() as (platform, sms), mail_server() as (postman, mail):
        told = {"HUIXIANG_SMS_URL": sms, "HUIXIANG_SMS_SECRET": SECRET, "HUIXIANG_MAIL_URL": mail}
        told |= {"HUIXIANG_MAIL_FROM": "海川银行 <survey@bank.example>"}
        with pytest.MonkeyPatch.context() as patched:
            for name, value in told.items():
                patched.setenv(name, value)
            patched.setattr(sending, "AT_ONCE", AT_ONCE)
            both = _two_that_send(noon)
            until = time.monotonic() + 60
            while len(platform.taken) < 3 and time.monotonic() < until:
                time.sleep(0.002)
            both[0].kill()
            for process in both:
                process.join(90)
            assert [process.exitcode for process in both] == [-signal.SIGKILL, 0], "one was killed amid its work"
            sending.send_all(lambda: noon + sending.claiming.LEASE + timedelta(minutes=6))
        by_sms = Counter(to for to, _text in platform.taken.values())
        by_mail = Counter(to for to, _content in postman.taken)
    states = Counter(made.invitations.values_list("medium", "state"))
    unsure = states["mail", "unsure"]
    assert unsure <= 1, "of a killed worker's mails one at most was under way"
    assert (len(by_sms), max(by_sms.values())) == (EACH, 1)
    assert max(by_mail.values()) == 1
    assert EACH - unsure <= len(by_mail) <= EACH
    assert states["sms", "sent"] + states["mail", "sent"] + unsure == 2 * EACH


def _two_that_send(now: datetime) -> list[Any]:
    """Processes of their own, each with its own connection. Forked: to import all again takes longer than the story."""
    connection.close()
    forked = multiprocessing.get_context("fork")
    both = [forked.Process(target=sending.send_all, args=(lambda: now,)) for _ in range(2)]
    for process in both:
        process.start()
    return both


def _round() -> Round:
    bank = make.bank()
    version = surveys_cast.survey(bank.north)
    made = Round.objects.create(survey=version.survey, name="大家", medium="either", by=make.staff("8001"),
                                state="sending", texts={"sms": "{link} {stop}", "mail": "{link} {stop}"})  # fmt: skip
    rows, until = [], timezone.localdate() + timedelta(days=9)
    for place in range(2 * EACH):
        medium = "sms" if place % 2 else "mail"
        to = f"138{place:08d}" if place % 2 else f"k{place}@example.com"
        one = Invitation(round=made, place=place, customer=f"c{place}", medium=medium, unit=bank.north,
                         probability=1.0, contact=seal({"contact": to}), keep_until=until)  # fmt: skip
        one.token = tokens.hash_of(one.pk.hex)
        rows.append(one)
    Invitation.objects.bulk_create(rows)
    return made
