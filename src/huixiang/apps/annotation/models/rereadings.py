"""Which months were read anew, by what, and what came of it?"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from huixiang.apps.access.models import Job, Staff


class Rereading(models.Model):
    """Months read again. What was read before lies in the lake's table `readings`, under this id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    months = models.JSONField()
    label = models.CharField(max_length=120, blank=True)  # of all models or rules that read; known once it began
    voices = models.PositiveIntegerField(default=0)  # looked at
    changed = models.PositiveIntegerField(default=0)  # of which anything but the probabilities is another now
    by_people = models.PositiveIntegerField(default=0)  # of which something stayed because people had judged it
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="rereading_of")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    # How far it has come: every voice of the months before, and of this month those whose ids begin so far. Few digits,
    # which many voices share, so that nothing here names one that is erased later.
    month_reached = models.CharField(max_length=7, blank=True)
    ids_reached = models.CharField(max_length=4, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at",)
