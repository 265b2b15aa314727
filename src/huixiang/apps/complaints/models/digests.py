"""Who gets a mail a day of what runs out, and which left?"""

from __future__ import annotations

from django.db import models

from huixiang.apps.access.models import Staff
from huixiang.apps.intake.models import Outgoing


class DigestMail(Outgoing):
    """One mail to one colleague on one day: how many, and nothing of any case."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    day = models.DateField()
    late = models.PositiveIntegerField()
    soon = models.PositiveIntegerField()
    backdated = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "medium"], name="digest_mail_state")]
        constraints = [models.UniqueConstraint(fields=["staff", "day"], name="one_digest_a_day")]


class DigestStop(models.Model):
    """This colleague does not want the daily mail."""

    staff = models.OneToOneField(Staff, models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()
