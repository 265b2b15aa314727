"""What do complaints have in common, and which gatherings of like ones were proven? Numbers and codes only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models.cases import SEE, Case
from huixiang.domain.complaints.signals import ACCUSED

IDENTITY = "complaint.identity"


class CaseReading(models.Model):
    """What was read in a case's masked words: by one reader for all cases, so that only they differ."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="reading")
    reader = models.CharField(max_length=120)
    topics = models.JSONField(default=list)  # codes of the taxonomy
    words = models.JSONField(default=list)  # content words and phrases, each once


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, staff: Staff) -> SignalQuerySet:
        """Of the units in one's reach, the whole bank's for who sees it whole.

        A colleague's name needs the right to identities, and is never shown to herself.
        """
        codes = staff.scope(SEE)
        rows = self if codes is None else self.filter(unit__in=codes)
        if IDENTITY not in staff.rights or staff.scope(IDENTITY) is not None:  # a name is a signal of the whole bank
            return rows.exclude(dimension=ACCUSED)
        return rows.exclude(Q(dimension=ACCUSED) & Q(value=staff.number))

    def open(self) -> SignalQuerySet:
        return self.filter(ended_on=None)


class Signal(models.Model):
    """More complaints have this in common than their own past lets expect, and that is proven: one episode.

    As feedback's Rise: `alert` is the finding that opened it, `last` its newest.
    """

    class State(models.TextChoices):
        NEW = "new", _("待研判")
        DISMISSED = "dismissed", _("不成立")
        PROBLEM = "problem", _("待交问题台账")

    dimension = models.CharField(max_length=12)
    value = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=32, blank=True)  # code; "" is the whole bank
    since = models.DateField()
    alerted_on = models.DateField()
    last_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended = models.CharField(max_length=5, blank=True)  # "over" or "usual"
    alert = models.JSONField()
    last = models.JSONField()
    cases = models.JSONField(default=list)  # primary keys
    words = models.JSONField(default=list)
    lead = models.ForeignKey("self", models.CASCADE, null=True, related_name="also")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reason = models.CharField(_("理由"), max_length=400, blank=True)  # masked
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ("-alerted_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "value", "unit", "alerted_on"], name="one_signal_an_alert")
        ]


class SignalLook(models.Model):
    """Who has looked at it first when?"""

    signal = models.ForeignKey(Signal, models.CASCADE, related_name="looks")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")
        constraints = [models.UniqueConstraint(fields=["signal", "staff"], name="one_look_a_person")]


class SignalWatch(models.Model):
    """A night's look at all series: up to which day, how many, and how many signals were new."""

    on = models.DateField(unique=True)
    series = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()
