"""How does a program that sends thousands of messages differ from a customer? Each message costs its machine a sum.

ALTCHA's proof of work (altcha 2.3, PBKDF2), made and verified here, without any outside service: the browser looks for
a number while its customer is still writing. A solution counts once, and only for the form that asked for it: it is
remembered until its challenge is over. What was not kept after all (the database was busy) gives it back, for scripts
send the same again. Nobody is turned away for want of it (a browser without scripts); it only raises how much one
address may send.
"""

from __future__ import annotations

import base64
import binascii
import hmac
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


def challenge(form: str, now: datetime) -> dict[str, Any]:
    """The sum that stands in the page of a form (of a box or a survey; never of one customer)."""
    made = altcha.create_challenge(
        algorithm=ALGORITHM,
        cost=COST,
        key_prefix=PREFIX,
        expires_at=now + LIFE,
        data={"for": _named(form)},
        hmac_secret=_secret(),
    )
    return dict(made.to_dict())


def spend(payload: str, form: str, now: datetime) -> str:
    """Is the sum done, for a challenge of ours in this form, in time, and for the first time? Its mark, else ""."""
    if not payload or len(payload) > LONGEST:
        return ""
    try:
        given = json.loads(base64.b64decode(payload, validate=True))
        told = given["challenge"]["parameters"]
        ours = (told["algorithm"], told["cost"], told["keyPrefix"], told["data"]["for"])
        if ours != (ALGORITHM, COST, PREFIX, _named(form)) or not now.timestamp() < told["expiresAt"]:
            return ""
        if not altcha.verify_solution(payload, _secret()).verified:
            return ""
        mark = str(given["challenge"]["signature"])[:32]
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return mark if _is_first(mark, now) else ""


def give_back(mark: str) -> None:
    """What it was spent for was not kept: the same may be sent again with it."""
    if mark:
        Attempt.objects.filter(what="proof", who=mark).delete()


def _is_first(mark: str, now: datetime) -> bool:
    """Of two that bring the same solution at once, the database lets one in."""
    try:
        with transaction.atomic():
            Attempt.objects.create(what="proof", who=mark, count=1, until=now + LIFE)
    except IntegrityError:
        return False
    return True


def _named(form: str) -> str:
    return hmac.digest(key_for("intake proofs form v1"), form.encode(), "sha256").hex()[:16]


def _secret() -> str:
    return key_for("intake proofs v1").hex()
