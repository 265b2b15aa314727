"""Which systems of the bank are told what happens to complaints, and what became of each message to them?"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import unseal
from huixiang.apps.complaints.models.cases import Case

LONGEST_NAME, LONGEST_URL = 80, 500


class Webhook(models.Model):
    """One subscription. After a new secret the old one is signed with as well, until `former_until`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=LONGEST_NAME)
    url = models.CharField(_("接收地址"), max_length=LONGEST_URL)
    verbs = models.JSONField(_("事件"), default=list)  # none: all
    sealed = models.BinaryField()
    former_sealed = models.BinaryField(null=True)
    former_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    is_gone = models.BooleanField(default=False)  # the other side said 410: paused until somebody looks
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.name

    def wants(self, verb: str) -> bool:
        return not self.verbs or verb in self.verbs

    def keys(self, now: datetime) -> list[str]:
        """The secrets that hold, the newest first. Raises Unsealable."""
        former = [self.former_sealed] if self.former_until and now < self.former_until else []
        return [str(unseal(sealed)["secret"]) for sealed in (self.sealed, *former) if sealed]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.WAITING, next_at__lte=now, webhook__paused_at=None)


class Delivery(models.Model):
    """One message to one system, in the words in which it is sent each time; no personal data is in it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等候送达")
        DELIVERED = "delivered", _("已送达")
        GIVEN_UP = "given_up", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")  # null: a test
    seq = models.PositiveIntegerField(default=0)  # of the case's line
    kind = models.CharField(max_length=40)
    body = models.TextField()
    happened_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    since = models.DateTimeField(default=timezone.now)  # of the first try: for 24 hours from then
    next_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    replays = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)
    trouble: Any = models.JSONField(default=dict)  # a sentence, where there was no answer at all

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-happened_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "case", "seq"], condition=models.Q(case__isnull=False), name="one_message_a_line"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["webhook", "-happened_at", "-id"], name="delivery_log"),
        ]
