"""Two machines on one PostgreSQL send, and one is killed: does each message leave once, and is none lost?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
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

SENDS = """
import sys, django; django.setup()
from datetime import datetime, timedelta, UTC
from huixiang.apps.surveys import sending
sending.AT_ONCE = 10
start = datetime.fromisoformat(sys.argv[1])
sending.send_all(lambda: start)
"""
EACH, SETTINGS = 30, "huixiang.web.settings"


def test_each_leaves_once_though_two_send_and_one_is_killed(elsewhere: dict[str, str], settings: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two machines share PostgreSQL, never a file")
    settings.PUBLIC_URL = "https://voice.bank.example"
    made = _round()
    noon = timezone.now().replace(hour=4)
    with sms_platform() as (platform, sms), mail_server() as (postman, mail):
        told = {"HUIXIANG_SMS_URL": sms, "HUIXIANG_SMS_SECRET": SECRET, "HUIXIANG_MAIL_URL": mail}
        told |= {"HUIXIANG_MAIL_FROM": "海川银行 <survey@bank.example>"}
        env = elsewhere | told | {"HUIXIANG_PUBLIC_URL": settings.PUBLIC_URL, "DJANGO_SETTINGS_MODULE": SETTINGS}
        both = [subprocess.Popen([sys.executable, "-c", SENDS, noon.isoformat()], env=env) for _ in range(2)]
        until = time.monotonic() + 60
        while len(platform.taken) < 5 and time.monotonic() < until:
            time.sleep(0.005)
        both[0].kill()
        for process in both:
            process.wait(90)
        with pytest.MonkeyPatch.context() as patched:
            for name, value in told.items():
                patched.setenv(name, value)
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
