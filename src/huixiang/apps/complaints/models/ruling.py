"""What does head office set for all, from which day on? Packs, warnings, opening hours, holidays: dated rows."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff, Unit


class PackDraft(models.Model):
    """A pack that somebody proposed. Another person makes it hold, as a row of RulePack, or says no."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        APPROVED = "approved", _("已批准")
        DECLINED = "declined", _("未批准")

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)  # why not
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    replayed = models.JSONField(null=True)  # what came of the replay
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class WarningTermQuerySet(models.QuerySet["WarningTerm"]):
    def in_force(self, day: date) -> dict[str, WarningTerm]:
        """The latest row then in force, by pack; "" is for all packs."""
        return {row.pack: row for row in self.filter(effective_from__lte=day).order_by("effective_from", "pk")}


class WarningTerm(models.Model):
    """At how much of a limit is who told, of which pack, from which day on? None: this level is not told."""

    pack = models.CharField(max_length=40, blank=True)
    effective_from = models.DateField()
    handler = models.PositiveIntegerField(null=True)  # per cent, as the three below
    unit = models.PositiveIntegerField(null=True)
    superior = models.PositiveIntegerField(null=True)
    head_office = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = WarningTermQuerySet.as_manager()

    class Meta:
        ordering = ("-effective_from", "-pk")


class OpeningTerm(models.Model):
    """When is a unit open, from which day on? `hours` None: again as the unit above."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="opening_terms")
    effective_from = models.DateField()
    hours = models.JSONField(null=True)  # {"week": [[[opened, closed], …] × 7], "holiday", "make_up", "special"}
    why = models.CharField(max_length=200, blank=True)  # "" of rows from before it was asked
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-effective_from", "-pk")


class HolidayYear(models.Model):
    """The State Council's notice for one year, as the bank read it. A later row of the year stands for the earlier."""

    year = models.PositiveIntegerField()
    source = models.CharField(max_length=120)  # number and day of the notice
    holidays = models.JSONField()  # {"2027-01-01": "元旦"}
    make_up = models.JSONField()  # ["2027-02-06"]
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-year", "-pk")


class KeepingTermQuerySet(models.QuerySet["KeepingTerm"]):
    def standing(self) -> KeepingTermQuerySet:
        """Those that nobody took back."""
        return self.filter(taken_back_at=None)

    def in_force(self, day: date) -> KeepingTerm | None:
        return self.standing().filter(from_on__lte=day).order_by("-from_on", "-pk").first()

    def coming(self, day: date) -> KeepingTerm | None:
        """What does not hold yet, and may be taken back."""
        return self.standing().filter(from_on__gt=day).order_by("-pk").first()


class KeepingTerm(models.Model):
    """How many years after its end does a case keep its people and words, from which day on?"""

    years = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)

    objects = KeepingTermQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
