"""What did people say of a voice, each by herself, and what was settled?"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation.models.registry import LONGEST_LABEL, Task


class Label(models.Model):
    """One person's label of one voice's version. An empty value: she does not know."""

    class Draw(models.TextChoices):
        """Why was this voice shown? Only those drawn at random tell how good a model is."""

        USEFUL = "useful", _("最有用")
        RANDOM = "random", _("随机")

    task = models.CharField(max_length=16, choices=Task.choices)
    voice_id = models.CharField(max_length=24)
    voice_version = models.PositiveIntegerField()
    branch = models.CharField(max_length=32, blank=True)  # of the voice: disagreements are shown within reach
    value = models.CharField(max_length=LONGEST_LABEL, blank=True)  # see values.py
    draw = models.CharField(max_length=8, choices=Draw.choices, default=Draw.USEFUL)
    suggested = models.CharField(
        max_length=LONGEST_LABEL, blank=True
    )  # what an outside model suggested, where her page showed it
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["task", "voice_id", "voice_version", "by"], name="a_person_labels_once")
        ]


class Settled(models.Model):
    """What two people disagreed about, decided by a third look. It outranks their labels."""

    task = models.CharField(max_length=16, choices=Task.choices)
    voice_id = models.CharField(max_length=24)
    voice_version = models.PositiveIntegerField()
    value = models.CharField(max_length=LONGEST_LABEL, blank=True)  # see values.py
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["task", "voice_id", "voice_version"], name="a_label_is_settled_once")
        ]
