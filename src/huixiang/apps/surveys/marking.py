"""Which marks does an answer get when it arrives? From its time, its pattern, and from where it comes.

A device is told by its line and its browser's kind, as a hash under the day's key, in a counter that lives a day.
Nothing in the answer's row points to it: the row has the mark, and of an earlier answer nobody can tell any more that
the same device sent it.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huixiang.apps.access.sealing import key_for
from huixiang.apps.intake import limits
from huixiang.apps.intake.models import Attempt
from huixiang.apps.surveys.models import Response, Survey, Version
from huixiang.domain.surveys import trust
from huixiang.domain.surveys.answering import Accepted
from huixiang.domain.surveys.trust import Mark

WHAT = "device"
FRESH = timedelta(minutes=10)  # how long a median is good: it moves slowly, and counting it costs
_VERSION_NUMBERS = re.compile(r"[\d._]+")
_medians: dict[int, tuple[datetime, float | None]] = {}


class Device:
    """Where an answer comes from, as far as that is looked at: for this survey, this day."""

    def __init__(self, survey: Survey, address: str, agent: str, now: datetime) -> None:
        self.address, self.now = address, now
        day = timezone.localdate(now).isoformat()
        key = hmac.digest(key_for("survey devices v1"), f"{survey.slug} {day}".encode(), "sha256")
        told = f"{limits.line(address)} {_VERSION_NUMBERS.sub('', agent)[:300]}"
        self._who = hmac.digest(key, told.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]

    @property
    def count(self) -> int:
        """How many answers has it sent today?"""
        return Attempt.objects.filter(what=WHAT, who=self._who).values_list("count", flat=True).first() or 0

    def add(self) -> None:
        """One more; apart from the answer's transaction, which would tie the two together."""
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        with transaction.atomic():
            Attempt.objects.get_or_create(what=WHAT, who=self._who, defaults={"until": midnight + timedelta(days=1)})
            Attempt.objects.filter(what=WHAT, who=self._who).update(count=F("count") + 1)

    @property
    def is_staffs(self) -> bool:
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return False
        return any(address in network for network in settings.STAFF_NETWORKS)


def marks(version: Version, accepted: Accepted, language: str, seconds: int, device: Device) -> list[Mark]:
    """All that make one doubt this answer; whether marked ones count is for those to say who read the results."""
    questionnaire = version.questionnaire
    least = trust.least_seconds(questionnaire, accepted.shown, language)
    found = {
        Mark.STRAIGHT_LINING: trust.straight_lines(questionnaire, accepted.answers),
        Mark.SPEEDING: trust.speeds(seconds, least, median_seconds(version, device.now)),
        Mark.SAME_DEVICE: device.count >= trust.MOST_OF_A_DEVICE,
        Mark.STAFF_NETWORK: device.is_staffs,
    }
    return [mark for mark, holds in found.items() if holds]


def median_seconds(version: Version, now: datetime) -> float | None:
    """How long did the one in the middle need? None for too few answers to tell."""
    until, median = _medians.get(version.pk, (now, None))
    if now < until:
        return median
    times = Response.objects.filter(version=version).exclude(seconds=None).order_by("seconds")
    count = times.count()
    enough = count >= trust.LEAST_FOR_A_MEDIAN
    median = float(times.values_list("seconds", flat=True)[count // 2] or 0) if enough else None
    _medians[version.pk] = (now + FRESH, median)
    return median
