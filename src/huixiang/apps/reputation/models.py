"""What does the bank write down of its names in public, and which bursts of reviews were proven?"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff


class NameBook(models.Model):
    """The names of banks in one edition: kept for good, the newest is in force. See domain.reputation.book."""

    text = models.TextField(_("词典（TOML）"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, models.PROTECT, null=True)  # null: from the command line
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")  # which marks the voices anew

    class Meta:
        ordering = ("-at", "-pk")
        get_latest_by = ("at", "pk")


class BurstQuerySet(models.QuerySet["Burst"]):
    def visible_to(self, staff: Staff) -> BurstQuerySet:
        """App stores tell of the whole bank: for those who see all of it."""
        return self if staff.scope("overview.see") is None else self.none()


class Burst(models.Model):
    """More reviews of a kind than the store's own past lets expect, and that is proven: one episode, numbers only.

    As feedback's Rise: `alert` is the finding that opened it, `last` its newest.
    """

    class Kind(models.TextChoices):
        ALL = "all", _("评论")
        LOW = "low", _("一、二星评论")
        HIGH = "high", _("四、五星评论")
        COPIED = "copied", _("雷同评论")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    platform = models.CharField(max_length=80, blank=True)  # "" is all stores together
    since = models.DateField()
    alerted_on = models.DateField()
    last_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended = models.CharField(max_length=5, blank=True)  # "over" or "usual"
    alert = models.JSONField()
    last = models.JSONField()

    objects = BurstQuerySet.as_manager()

    class Meta:
        ordering = ("-alerted_on", "platform", "kind")
        constraints = (models.UniqueConstraint(fields=("kind", "platform", "alerted_on"), name="one_burst_an_alert"),)


class ReviewWatch(models.Model):
    """A night's look at all stores: up to which day, how many series, how many bursts were new."""

    on = models.DateField(unique=True)
    series = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()
