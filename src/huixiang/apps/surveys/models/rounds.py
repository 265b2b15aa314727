"""Who was asked, drawn by which rule and with which probability?"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.surveys.models.surveys import Survey


class Round(models.Model):
    """One sending: a frame of customers, and a sample drawn from it by a rule that anybody can check afterwards."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("已抽样")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        STOPPED = "stopped", _("已停止")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="rounds")
    name = models.CharField(_("名称"), max_length=80)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAWN)
    rule = models.JSONField(default=dict)  # how the sample was drawn: strata, rates, fatigue limits, seed
    # What the rule made of the frame: [{stratum, unit, tier, framed, over_asked, no_contact, drawn}], also who was left
    # out by hand and by whom: "asked only the pleased" is found by it.
    account = models.JSONField(default=list)
    by = models.ForeignKey(Staff, models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-pk")


class Invitation(models.Model):
    """One customer asked in one round. Its link works once; the token itself is kept nowhere, only its keyed hash."""

    class Medium(models.TextChoices):
        SMS = "sms", _("短信")
        MAIL = "mail", _("邮件")
        LINK = "link", _("链接")  # handed over by the bank itself

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="invitations")
    token = models.CharField(max_length=64, unique=True)  # keyed hash
    customer = models.CharField(max_length=32, db_index=True)  # domain.feedback.pseudonym: fatigue is counted by it
    medium = models.CharField(max_length=8, choices=Medium.choices)
    contact = models.BinaryField(null=True)  # sealed; null: none, or its time is over
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    tier = models.CharField(max_length=20, blank=True)
    stratum = models.CharField(max_length=80, blank=True)
    probability = models.FloatField()  # of being drawn, in (0, 1]; the answer's weight is its inverse
    asked_by = models.ForeignKey(Staff, models.SET_NULL, null=True)  # who handed the link over, where a person did
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)  # why it could not be sent
    # A plain fact, without a moment: in an anonymous survey nothing may tell which answer came of it.
    is_used = models.BooleanField(default=False)
    keep_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["customer", "sent_at"])]
