"""How does a program that sends thousands of messages differ from a customer? Each message costs its machine a sum.

ALTCHA's proof of work (altcha 2.3, PBKDF2), made and verified here, without any outside service: the browser looks for
a number while its customer is still writing. A solution counts once: it is remembered until its challenge is over.
Nobody is turned away for want of it (a browser without scripts); it only raises how much one address may send.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.db import IntegrityError, transaction

from huixiang.apps.access.sealing import key_for
from huixiang.apps.intake.models import Attempt

ALGORITHM = "PBKDF2/SHA-256"
COST = 5_000  # rounds for one guess: a millisecond or two in a browser
PREFIX = "00"  # one guess of 256 is right: a second or so, and it runs while one writes
LIFE = timedelta(hours=1)
LONGEST = 4_000  # characters


def challenge(now: datetime) -> dict[str, Any]:
    made = altcha.create_challenge(
        algorithm=ALGORITHM, cost=COST, key_prefix=PREFIX, expires_at=now + LIFE, hmac_secret=_secret()
    )
    return dict(made.to_dict())


def holds(payload: str, now: datetime) -> bool:
    """Is the sum done, for a challenge of ours, in time, and for the first time?"""
    if not payload or len(payload) > LONGEST:
        return False
    try:
        given = json.loads(base64.b64decode(payload, validate=True))
        parameters = given["challenge"]["parameters"]
        ours = (parameters["algorithm"], parameters["cost"], parameters["keyPrefix"]) == (ALGORITHM, COST, PREFIX)
        if not ours or not altcha.verify_solution(payload, _secret()).verified:
            return False
        mark = str(given["challenge"]["signature"])[:32]
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    return _first(mark, now)


def _first(mark: str, now: datetime) -> bool:
    """Of two that bring the same solution at once, the database lets one in."""
    try:
        with transaction.atomic():
            Attempt.objects.create(what="proof", who=mark, count=1, until=now + LIFE)
    except IntegrityError:
        return False
    return True


def _secret() -> str:
    return key_for("intake proofs v1").hex()
