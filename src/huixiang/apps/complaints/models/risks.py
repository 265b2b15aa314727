"""Which risk words stand in a case, found when, and whom was that told by mail?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models.cases import Case
from huixiang.apps.intake.models import Outgoing


class RiskMark(models.Model):
    """A risk of the book in a case's words, or in those of a voice that joined it.

    `is_known` is made of the events: a person of the level that must know has said so since.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_marks")
    code = models.CharField(max_length=40)
    level = models.CharField(max_length=8)  # urgent, soon, note
    words = models.JSONField(default=list)  # of the book, as they stood in the masked text
    voice_id = models.CharField(max_length=24, blank=True)  # "": in the case's own words
    found_at = models.DateTimeField()
    is_known = models.BooleanField(default=False)

    class Meta:
        ordering = ("found_at", "pk")
        indexes = [
            models.Index(fields=["found_at"], condition=Q(is_known=False), name="risk_unknown"),
            models.Index(fields=["case"], condition=Q(is_known=False), name="risk_unknown_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "code", "voice_id"], name="one_mark_a_text")]


class RiskMail(Outgoing):
    """One mail to one colleague that a case waits for her eyes. It names the case's number and the risk, nobody."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="risk_mails")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    level = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["state", "medium"], name="risk_mail_state")]
        constraints = [models.UniqueConstraint(fields=["case", "staff", "level"], name="one_mail_a_level")]
