"""Where does the bank listen by itself? Mailboxes and feeds, up to where each was read, and how it goes."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff, Unit
from huixiang.apps.access.sealing import seal, unseal
from huixiang.apps.access.sentences import told
from huixiang.apps.feedback.models import Import

SHORTEST, LONGEST = 5, 7 * 24 * 60  # minutes between two polls


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, staff: Staff) -> SourceQuerySet:
        """Whole-bank staff see all sources, others those of units in their reach and those they answer for."""
        codes = staff.scope("source.see")
        return self if codes is None else self.filter(Q(branch__code__in=codes) | Q(by=staff))

    def managed_by(self, staff: Staff) -> SourceQuerySet:
        codes = staff.scope("source.manage")
        return self if codes is None else self.filter(Q(branch__code__in=codes) | Q(by=staff))

    def due(self, now: datetime) -> SourceQuerySet:
        """Whose turn is it? Nobody's that is paused, or is being asked just now."""
        return self.filter(paused_at=None, next_at__lte=now).exclude(job__state__in=Job.OPEN)


class Source(models.Model):
    """A mailbox or a feed. Its secret is sealed, and shown to nobody again."""

    class Kind(models.TextChoices):
        IMAP = "imap", _("邮箱（IMAP）")
        FEED = "feed", _("订阅源（RSS、Atom）")

    class After(models.TextChoices):
        """What is done with a mail on the server once it is taken in?

        It is never deleted: what waits in quarantine, or was too large to keep, has its only whole copy there.
        """

        KEEP = "keep", _("原样留着")
        SEEN = "seen", _("标为已读")

    class Receipts(models.TextChoices):
        """Is who wrote told at once that it came in, with a tracking code?"""

        CHANNEL = "channel", _("按渠道的设置")
        SEND = "send", _("自动发送")
        NONE = "none", _("不发送")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    address = models.CharField(_("地址"), max_length=500)
    account = models.CharField(_("账号"), max_length=200, blank=True)
    sealed = models.BinaryField(null=True)  # the secret, encrypted
    folder = models.CharField(_("文件夹"), max_length=200, blank=True)
    after = models.CharField(_("收取之后"), max_length=8, choices=After.choices, default=After.KEEP)
    receipts = models.CharField(_("收悉通知"), max_length=8, choices=Receipts.choices, default=Receipts.CHANNEL)
    every_minutes = models.PositiveIntegerField(_("间隔（分钟）"), default=15)
    channel = models.CharField(_("渠道"), max_length=24)
    branch = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("默认机构"))
    product = models.CharField(_("默认产品"), max_length=80, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("负责人"))  # by whose right and reach it comes in
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    polled_at = models.DateTimeField(null=True)  # the last time that it answered well
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True)
    fault = models.JSONField(null=True)  # the last one: message and params, masked
    reached = models.JSONField(default=dict)  # up to where it is in the lake; by kind, see mailboxes.py and feeds.py
    coming = models.JSONField(null=True)  # up to where it will be once `taking` is in
    taking = models.ForeignKey(Import, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "created_at")

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """working, failing, paused or waiting."""
        if self.job and self.job.state in Job.OPEN:
            return "working"
        if self.paused_at:
            return "paused"
        return "failing" if self.failures else "waiting"

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)

    @property
    def trouble(self) -> str:
        """The last fault in the reader's language."""
        fault: dict[str, Any] | None = self.fault
        return told(fault["message"], fault["params"]) if fault else ""

    @property
    def secret(self) -> str:
        """For the connection alone."""
        return str(unseal(self.sealed)["secret"]) if self.sealed else ""

    def keep_secret(self, secret: str) -> None:
        self.sealed = seal({"secret": secret}) if secret else None


class Delivery(models.Model):
    """What a source brought, and when."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="deliveries")
    of = models.OneToOneField(Import, models.CASCADE, related_name="delivery")

    class Meta:
        ordering = ("-of__started_at",)
