"""What was answered? Sealed in the row until it is in the lake; of anonymous answers nothing tells who or when."""

from __future__ import annotations

import uuid

from django.db import models

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback.models import Batch
from huixiang.apps.surveys.models.rounds import Invitation
from huixiang.apps.surveys.models.surveys import Version


class ResponseQuerySet(models.QuerySet["Response"]):
    def waiting(self) -> ResponseQuerySet:
        """Not in the lake yet, and not known to stick."""
        return self.filter(batch=None, stuck_at=None, is_mixed=True).order_by("pk")


class Response(models.Model):
    """One customer's answers, once, however often they arrived."""

    class Via(models.TextChoices):
        INVITATION = "invitation"
        QR = "qr"
        LINK = "link"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="responses")
    once = models.CharField(max_length=64, unique=True)  # keyed hash of the form's key: sent again, the same
    sealed = models.BinaryField(null=True)  # the answers as JSON; null from the moment they are in the lake
    language = models.CharField(max_length=8)
    via = models.CharField(max_length=10, choices=Via.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    tier = models.CharField(max_length=20, blank=True)
    stratum = models.CharField(max_length=80, blank=True)
    weight = models.FloatField(default=1.0)  # inverse of the probability of being asked; 1 where nobody was drawn
    invitation = models.OneToOneField(Invitation, models.SET_NULL, null=True)  # never in an anonymous survey
    answered_on = models.DateField()  # in the bank's time zone; of an anonymous survey the Monday of the week
    answered_at = models.DateTimeField(null=True)  # never in an anonymous survey
    seconds = models.PositiveIntegerField(null=True)  # how long it took; coarse in an anonymous survey
    marks = models.JSONField(default=list)  # domain.surveys.trust: "straight_lining", "speeding", "same_device"
    is_mixed = models.BooleanField(default=True)  # False: an anonymous answer that waits for company
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="responses")
    stuck_at = models.DateTimeField(null=True)
    # Its id in the lake, by which an erasure finds the row. Of anonymous surveys nothing joins the two.
    landed_as = models.CharField(max_length=24, blank=True, db_index=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["version", "answered_on"]),
            # Asked for every few seconds: those that wait for company are few, whatever the others are.
            models.Index(fields=["version"], condition=models.Q(is_mixed=False), name="answers_that_wait"),
        ]


class Draft(models.Model):
    """Answers not sent yet, so that who was interrupted goes on where she was. Never of an anonymous survey."""

    once = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(Version, models.CASCADE)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(db_index=True)
