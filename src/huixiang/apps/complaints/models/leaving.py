"""Which cases are to leave with who complains, asked by whom on which ground, and released by whom?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff

HOLDS = timedelta(days=7)


class PeopleExport(models.Model):
    """Asked by one, released by another, fetched once by who asked; after a week it holds no more."""

    class State(models.TextChoices):
        ASKED = "asked", _("待另一人放行")
        RELEASED = "released", _("已放行，待取走")
        DECLINED = "declined", _("未放行")
        FETCHED = "fetched", _("已取走")

    numbers = models.JSONField()
    ground = models.CharField(max_length=400)  # masked
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)  # why not; masked
    fetched_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def until(self) -> datetime:
        return self.asked_at + HOLDS

    def is_over(self, now: datetime) -> bool:
        """Neither released nor fetched in its time."""
        return self.state in {self.State.ASKED, self.State.RELEASED} and now > self.until
