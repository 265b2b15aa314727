"""By which keys do other systems come in, and what were they answered?"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models.people import Staff


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self, today: date) -> TokenQuerySet:
        return self.filter(revoked_at=None, expires_on__gte=today, staff__is_active=True)


class Token(models.Model):
    """A key to the API: shown once, kept as a hash, with some of its owner's rights and an end."""

    PREFIX = "hx_"  # so that scanners of source code recognise a leaked one

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=80)
    hashed = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # rights; never more than the owner holds at the time of the call
    expires_on = models.DateField(_("到期日"))
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    @staticmethod
    def hash_of(plain: str) -> str:
        """Plain SHA-256 is enough: the token is 256 random bits, no password that could be guessed."""
        return hashlib.sha256(plain.encode()).hexdigest()

    @classmethod
    def authenticate(cls, plain: str) -> Token | None:
        """Whose token is it? None if it is unknown, revoked, at its end, or its owner has left or may have none."""
        if not plain.startswith(cls.PREFIX):
            return None
        usable = cls.objects.usable(timezone.localdate()).select_related("staff")
        token = usable.filter(hashed=cls.hash_of(plain)).first()
        if token is None or "token.own" not in token.staff.rights:
            return None
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
            token.last_used_at = now
            token.save(update_fields=["last_used_at"])
        return token

    @property
    def rights(self) -> frozenset[str]:
        """What it opens now: its scopes, as far as its owner still holds them."""
        return self.staff.rights & frozenset(self.scopes)

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_on >= timezone.localdate()


LONGEST_DEED = 120


class RememberedAnswer(models.Model):
    """What was answered to a request to the API with an idempotency key? Sent again, it gets the same answer."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="remembered")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 over method, address and content
    status = models.PositiveSmallIntegerField(null=True)  # null: still being worked on; 0: done, the answer is lost
    deed = models.CharField(max_length=LONGEST_DEED, blank=True)  # on what it was done: noted with the audit record
    body = models.TextField(blank=True)
    location = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="a_key_is_answered_once")]
