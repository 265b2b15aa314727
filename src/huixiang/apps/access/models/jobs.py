"""What is being worked on in the background?"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models.people import Staff
from huixiang.apps.access.sentences import told


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, staff: Staff) -> JobQuerySet:
        """Whole-bank staff see all jobs, others their own."""
        return self if staff.scope("job.see") is None else self.filter(by=staff)


class Job(models.Model):
    """A piece of background work: how far it is, whether it was asked to stop, and how it ended."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    OPEN = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # the name of the function that does it, as registered in jobs.py
    title_message = models.CharField(max_length=200)  # the catalogue's key
    title_params = models.JSONField(default=dict)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING, db_index=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)  # null: not known beforehand
    done_share = models.FloatField(null=True)  # 0 to 1, of a file by what was read of it; null: cannot be known
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    outcome_message = models.TextField(blank=True)  # one sentence: how it ended; the catalogue's key
    outcome_params = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)  # last sign of life; the reaper takes over when it is old
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    @property
    def title(self) -> str:
        return told(self.title_message, self.title_params)

    @property
    def outcome(self) -> str:
        return told(self.outcome_message, self.outcome_params) if self.outcome_message else ""

    @property
    def percent(self) -> int | None:
        """How much is done? By count where that is known, else by share; None where neither is."""
        if self.total:
            return min(100, 100 * self.done // self.total)
        return None if self.done_share is None else int(100 * self.done_share)
