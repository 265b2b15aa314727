"""Which other systems may ask the made-up bank's API? Three keys, which open nothing: nobody has seen them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from huixiang.apps.access import actions
from huixiang.apps.access.models import Staff, Token
from huixiang.web.demo import ADMINISTRATOR, ANALYST, QUALITY_MANAGER

DAYS = 90
WANTED = (  # whose, what for, what it may do
    (QUALITY_MANAGER, "经营分析平台（演示，只读）", ["overview.see", "voice.see", "need.see"]),
    (ADMINISTRATOR, "官网转交留言（演示）", ["message.send"]),
    (ANALYST, "旧报表（演示，已停用）", ["overview.see"]),
)


def give_some() -> None:
    """Once each. The secrets are thrown away as soon as they are made; who wants to call the API makes one."""
    for number, name, scopes in WANTED:
        owner = Staff.objects.get(number=number)
        if Token.objects.filter(staff=owner, name=name).exists():
            continue
        until = timezone.localdate() + timedelta(days=DAYS)
        actions.create_token(owner, name=name, scopes=scopes, expires_on=until, source="cli")
    for old in Token.objects.filter(staff__number=ANALYST, name=WANTED[-1][1], revoked_at=None):
        actions.revoke_token(old, old.staff, source="cli")
