"""Which files are of a case, who is to look at it, and who stands in for whom?"""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models.cases import Case, CaseQuerySet
from huixiang.apps.complaints.models.events import Event


class CaseFile(models.Model):
    """A file of a case: its line in the history is the truth, its name is sealed there, its content in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    event = models.OneToOneField(Event, models.PROTECT, related_name="file")
    kind = models.CharField(max_length=12)  # of channels.evidence.KINDS
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # its content is gone

    class Meta:
        ordering = ("event__seq",)


class MentionQuerySet(models.QuerySet["Mention"]):
    def of(self, staff: Staff, seen: CaseQuerySet | None = None) -> MentionQuerySet:
        """Hers, in cases she sees today: `seen`, where they are known already."""
        cases = Case.objects.visible_to(staff) if seen is None else seen
        return self.filter(staff=staff, case__in=cases.order_by().values("pk"))

    def unseen(self) -> MentionQuerySet:
        return self.filter(seen_at=None)


class Mention(models.Model):
    """A colleague who is named in a note. Made of its line; `seen_at` is hers."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="mentions")
    event = models.ForeignKey(Event, models.PROTECT, related_name="mentions")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="complaint_mentions")
    seen_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ("-event__at", "-pk")
        constraints = [models.UniqueConstraint(fields=["event", "staff"], name="mentioned_once_a_line")]
        indexes = [models.Index(fields=["staff"], condition=Q(seen_at=None), name="mention_unseen")]


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> AbsenceQuerySet:
        """Those that hold on that day: none that still waits to be confirmed."""
        return self.filter(ended_at=None, from_on__lte=day, until_on__gte=day).exclude(confirmed_at=None)

    def between(self, from_on: date, until_on: date) -> AbsenceQuerySet:
        """Those of any of these days, confirmed or not."""
        return self.filter(ended_at=None, from_on__lte=until_on, until_on__gte=from_on)

    def to_come(self, day: date) -> AbsenceQuerySet:
        """Those of that day, and those after it."""
        return self.filter(ended_at=None, until_on__gte=day)


class Absence(models.Model):
    """Somebody is away from a day to a day, both included, and has a deputy. Never changed; ended early by a person.

    `confirmed_at` None: the deputy said so himself, and neither she nor another who assigns there has confirmed it.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Staff, models.PROTECT, related_name="deputises")
    from_on = models.DateField(_("自"))
    until_on = models.DateField(_("至"))
    named_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("from_on", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(staff=F("deputy")), name="nobody_is_her_own_deputy"),
        ]
        indexes = [models.Index(fields=["deputy", "until_on"], condition=Q(ended_at=None), name="absence_deputy")]
