"""Which editions of the list of customers' classes did the bank write?"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff


class TierBook(models.Model):
    """The bank's list of its customers' classes in one edition: kept for good, the newest is in force. See tiers.py."""

    tiers: Any = models.JSONField()  # code, name, name_en, words, weight of each
    unknown = models.FloatField(default=1.0)  # the weight of customers whose class nobody knows
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, models.PROTECT, null=True)  # null: from the command line

    class Meta:
        ordering = ("-at", "-pk")
