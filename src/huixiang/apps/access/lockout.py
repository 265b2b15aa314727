"""When is the door locked after wrong passwords? By number and address, by number alone, and by address alone.

django-axes counts the failures; it knows one limit for all ways of counting, we need a lower one for the first. What
was typed as a number is kept only if somebody has that number: people type passwords into the wrong field.
"""

from __future__ import annotations

import hmac
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_failure_limit
from axes.models import AccessAttempt
from django.db.models import Q, Sum
from django.http import HttpRequest

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import key_for

# Far more than one who mistypes: many addresses guess one number's password, or one address those of many numbers.
# A whole branch may share an address.
MOST_OF_A_NUMBER, MOST_OF_AN_ADDRESS = 50, 100


def tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The number that somebody tried to log in with; of one that nobody has, a keyed hash."""
    given = credentials if credentials else request.POST if request else {}
    number = str(given.get("username") or "")
    if "\x00" not in number and Staff.objects.filter(number=number).exists():
        return number
    return "?" + hmac.digest(key_for("unknown number"), number.encode("utf-8", "replace"), "sha256").hex()[:32]


class Lockout(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Fails the sooner the nearer an attempt is to those before."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures from this address with this number; as many as lock the door where one of the others is reached."""
        limit = int(get_failure_limit(request, credentials))
        by_number = _failures(request, Q(username=tried(request, credentials)))
        by_address = _failures(request, Q(ip_address=request.axes_ip_address))  # type: ignore[attr-defined]
        if by_number >= MOST_OF_A_NUMBER or by_address >= MOST_OF_AN_ADDRESS:
            return limit
        return int(super().get_failures(request, credentials))


def _failures(request: HttpRequest, which: Q) -> int:
    lately = AccessAttempt.objects.filter(which, attempt_time__gte=get_cool_off_threshold(request))
    return int(lately.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0)
