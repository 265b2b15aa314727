"""Who wants which saved view by mail, how often, and what was sent? And which is shown inside other pages?"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.intake.models import Outgoing


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """One person's wish. It holds no numbers: they are asked for when a mail leaves, with her rights of that moment."""

    class Every(models.TextChoices):
        DAY = "day", _("每天")
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="subscriptions")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="subscriptions")
    every = models.CharField(_("多久一次"), max_length=8, choices=Every.choices, default=Every.WEEK)
    key = models.CharField(max_length=48, unique=True, default=new_key)  # of the link that ends it
    origin = models.CharField(max_length=200, blank=True)  # https://huixiang.bank.example, where she subscribed
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "view"], name="a_view_is_subscribed_once")]

    def __str__(self) -> str:
        return f"{self.view} {self.every}"

    def period(self, today: date) -> str:
        """2026-11-29, 2026-W48 or 2026-11: in each there is one mail."""
        if self.every == self.Every.DAY:
            return f"{today}"
        year, week, _day = today.isocalendar()
        return f"{year}-W{week:02d}" if self.every == self.Every.WEEK else f"{today:%Y-%m}"


class SubscriptionMail(Outgoing):
    """One mail of one period. Its words and its paper are made when it leaves, and kept nowhere."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="mails")
    period = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["state", "medium"], name="subscription_mail_state")]
        constraints = [models.UniqueConstraint(fields=["subscription", "period"], name="one_mail_a_period")]


class EmbedQuerySet(models.QuerySet["Embed"]):
    def open(self, now: datetime) -> EmbedQuerySet:
        """Those that still show something."""
        return self.filter(revoked_at=None, expires_at__gt=now, maker__is_active=True)


class Embed(models.Model):
    """A saved view inside other pages of the bank: what its maker may see at that moment, in sums alone.

    The token is signed over key and nonce and kept nowhere: who reads the database cannot make one.
    """

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="embeds")
    maker = models.ForeignKey(Staff, models.CASCADE, related_name="embeds")
    nonce = models.CharField(max_length=48, unique=True, default=new_key)
    origins = models.TextField(_("允许嵌入的网站"))  # one "https://portal.bank.example" a line
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    last_shown_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = EmbedQuerySet.as_manager()

    class Meta:
        ordering = ("revoked_at", "-created_at")

    SALT = "huixiang.embed"

    @property
    def token(self) -> str:
        return signing.Signer(salt=self.SALT).sign(f"{self.pk}.{self.nonce}").replace(":", "~")

    @classmethod
    def of(cls, token: str, now: datetime) -> Embed | None:
        """Whose token is it? None where it is forged, revoked or over."""
        try:
            key, nonce = signing.Signer(salt=cls.SALT).unsign(token.replace("~", ":")).split(".", 1)
        except (signing.BadSignature, ValueError):
            return None
        return cls.objects.open(now).filter(pk=key, nonce=nonce).select_related("view", "maker").first()

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
