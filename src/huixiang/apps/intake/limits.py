"""Who sends too much, or tries too many codes? Counted by address, of which only a hash under the hour's key is kept.

With the key of another hour the same address has another hash: nobody can put together who wrote when, not even from a
copy of the database and of the masking key a day later, for the rows are gone by then.
"""

from __future__ import annotations

import hmac
import ipaddress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from huixiang.apps.access.sealing import key_for
from huixiang.apps.intake.models import Attempt

HOUR = timedelta(hours=1)
LINE = 64  # bits: what RFC 6177 has a provider give to one household at least
# A whole branch's guests, or a telephone company's customers, may share an address. With a proof of work each message
# costs its sender seconds, so more of them are let in.
MOST_SENT, MOST_SENT_WITH_PROOF = 30, 300
MOST_WRONG_CODES = 20


def reached(what: str, address: str, most: int, now: datetime) -> bool:
    """Has this address done it so often in this hour?"""
    found = Attempt.objects.filter(what=what, who=_who(address, now)).values_list("count", flat=True).first()
    return (found or 0) >= most


def count(what: str, address: str, now: datetime, times: int = 1) -> None:
    """Once more, or several times."""
    with transaction.atomic():
        who, until = _who(address, now), _hour(now) + HOUR
        Attempt.objects.get_or_create(what=what, who=who, defaults={"until": until})
        Attempt.objects.filter(what=what, who=who).update(count=F("count") + times)


def forget(now: datetime) -> int:
    """What belongs to an hour that is over; with each look at what waits, and at night."""
    return Attempt.objects.filter(until__lt=now).delete()[0]


def line(address: str) -> str:
    """Whoever has an IPv6 line has 2^64 addresses: the line counts, not the address."""
    return str(ipaddress.ip_network((address, LINE), strict=False)) if ":" in address else address


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _who(address: str, now: datetime) -> str:
    key = hmac.digest(key_for("intake addresses v1"), _hour(now).isoformat().encode(), "sha256")
    return hmac.digest(key, line(address).encode(), "sha256").hex()[:32]
