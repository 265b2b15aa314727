"""What does the law keep although its customer wants it erased, and which page told her what became of it later?"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from huixiang.apps.feedback.models.accounts import Erasure


class Withheld(models.Model):
    """One thing that an erasure must leave for its term, by the name that its tombstone has. It may be of several."""

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="withheld")
    name = models.CharField(max_length=24, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["erasure", "name"], name="withheld_once")]


class Addendum(models.Model):
    """A page that follows a certificate, once what was withheld has come to its end. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="addenda")
    at = models.DateTimeField(default=timezone.now)
    told: Any = models.JSONField(default=dict)  # what is certified, in Chinese: it is handed to the customer
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "pk")
