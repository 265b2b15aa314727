"""Which lines fell short, does the unit agree, and what was decided? Events that nobody changes."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections.models.visits import Answer, Visit, blind_to
from huixiang.apps.inspections.reach import DO, SEE, within


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, staff: Staff, right: str = SEE) -> FindingQuerySet:
        """Of the units in which she holds the right; those she raised herself too."""
        own = Q(visit__inspector=staff) if DO in staff.rights and right == SEE else Q(pk__in=[])
        return self.filter(own | within(staff, right)).exclude(visit__case__in=blind_to(staff))

    def confirmed(self) -> FindingQuerySet:
        """What is to be mended: accepted by the unit, left unanswered, or upheld. For the ledger of problems."""
        return self.filter(state=Finding.State.CONFIRMED)

    def open(self) -> FindingQuerySet:
        return self.filter(state__in=(Finding.State.OPEN, Finding.State.DISPUTED))

    def waiting_first(self) -> FindingQuerySet:
        """What the unit has yet to answer, then what is to be decided, then the rest, each the latest first."""
        turns = (When(state=Finding.State.OPEN, then=0), When(state=Finding.State.DISPUTED, then=1))
        return self.order_by(Case(*turns, default=2), "-raised_on", "-pk")

    def whole(self) -> FindingQuerySet:
        """With what an export tells of each, asked at once."""
        return self.select_related("unit", "visit", "answer__form__version").prefetch_related("answer__photos")

    def overdue(self, today: date) -> FindingQuerySet:
        return self.filter(state=Finding.State.OPEN, due_on__lt=today)


class Finding(models.Model):
    """One line that fell short. `state` and `level` are made of its events."""

    class State(models.TextChoices):
        OPEN = "open", _("待认领")
        DISPUTED = "disputed", _("申诉中")
        CONFIRMED = "confirmed", _("已确认")
        WITHDRAWN = "withdrawn", _("已撤销")

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="finding")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    raised_on = models.DateField()
    due_on = models.DateField()  # until then the unit accepts or disputes
    state = models.CharField(max_length=10, choices=State.choices)
    level = models.PositiveSmallIntegerField(null=True)  # of its line, as it counts now

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("-raised_on", "-pk")
        indexes = [
            models.Index(fields=["state", "due_on"], name="finding_waiting"),
            models.Index(fields=["unit", "state"], name="finding_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.visit.number}-{self.pk}"


class FindingEvent(models.Model):
    """What happened to a finding. `told` holds no personal data; `words` are masked."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: the nightly round
    told = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("finding", "seq")
        constraints = [models.UniqueConstraint(fields=["finding", "seq"], name="one_finding_event_a_place")]


class Evidence(models.Model):
    """A file with which a unit disputes; kept as it came, sealed in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(FindingEvent, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12)  # of channels.evidence.KINDS
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("event", "pk")
