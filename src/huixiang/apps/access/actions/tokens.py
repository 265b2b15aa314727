"""How does a key to the API come into being, and how is it taken back?"""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import reach_person, refused
from huixiang.apps.access.models import Staff, Token

LONGEST_TOKEN_DAYS = 365


def create_token(by: Staff, *, name: str, scopes: list[str], expires_on: date, source: str = "") -> tuple[Token, str]:
    """A key to the API for oneself; its plain text is returned once and kept nowhere."""
    if "token.own" not in by.rights:
        raise refused("token.create", by, "token", "", source)
    beyond = not frozenset(scopes) <= by.rights
    if beyond:
        audit.record("token.create", by=by, on_kind="token", source=source, outcome="refused")
    if beyond or not scopes:
        raise ValidationError({"scopes": _("请选择权限；令牌的权限不能超过本人的权限。")})
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=LONGEST_TOKEN_DAYS):
        raise ValidationError({"expires_on": _("到期日须在今天起 %(days)d 天之内。") % {"days": LONGEST_TOKEN_DAYS}})
    plain = Token.PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            staff=by, name=name, scopes=sorted(scopes), expires_on=expires_on, hashed=Token.hash_of(plain)
        )
        audit.record("token.create", by=by, on_kind="token", on_id=token.pk, source=source, scopes=token.scopes)
    return token, plain


def revoke_token(token: Token, by: Staff, source: str = "") -> None:
    """One's own, or that of a person in reach of the right to maintain the organisation."""
    if token.staff_id != by.pk:
        reach_person("token.revoke", by, token.staff, source)
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit.record("token.revoke", by=by, on_kind="token", on_id=token.pk, source=source, of=token.staff.number)
