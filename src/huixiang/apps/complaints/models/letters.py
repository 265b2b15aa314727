"""With which words does the bank write to who complains, under which head, and what has left already?"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models.cases import Case
from huixiang.apps.intake.models import Outgoing
from huixiang.domain.complaints.letters import LONGEST_BODY, LONGEST_TITLE, TITLES


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def in_force(self, kind: str, day: date) -> LetterTemplate | None:
        return self.filter(kind=kind, effective_from__lte=day).order_by("-effective_from", "-pk").first()


class LetterTemplate(models.Model):
    """One version of the text for one verb. Never changed: a new text is a new row, so each letter finds its own."""

    kind = models.CharField(max_length=24, choices=list(TITLES.items()))
    effective_from = models.DateField(_("自何日起用"))
    title = models.CharField(_("标题"), max_length=LONGEST_TITLE)
    body = models.TextField(_("正文"), max_length=LONGEST_BODY)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "-effective_from", "-pk")


class Letterhead(models.Model):
    """Where a unit can be reached, as its letters say; a unit without one has that of the unit above."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="letterhead")
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)


class Notice(Outgoing):
    """One message to who complains. The verb it tells of is done in the moment it has left, and not before."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    verb = models.CharField(max_length=24)  # register: the receipt, nothing is done with it
    sealed = models.BinaryField()  # the words, and what else was said with the verb
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    once = models.CharField(max_length=64, null=True, unique=True)
    is_recorded = models.BooleanField(default=False)  # its line is written

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["state", "medium"], name="notice_state")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(verb="register"), name="one_receipt_a_case")
        ]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


UNDER_WAY = (Notice.State.WAITING, Notice.State.GOING, Notice.State.UNSURE)
