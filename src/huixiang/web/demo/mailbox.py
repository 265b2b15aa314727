"""Where does the demonstration bank listen by itself? One complaint mailbox, paused: behind its address is nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.sources import actions
from huixiang.apps.sources.actions import Wanted
from huixiang.apps.sources.models import Source
from huixiang.web.demo import MAILBOX, QUALITY_MANAGER


def open_paused() -> None:
    """Once, and only where the administrator's list names its host. It is paused before anybody can ask it."""
    if Source.objects.exists() or MAILBOX not in settings.SOURCES:
        return
    wanted = Wanted(
        name="投诉与建议邮箱（演示）",
        kind=Source.Kind.IMAP,
        address=MAILBOX,
        account="tousu@haichuan.example",
        channel="other",
        branch=Unit.objects.get(parent=None),
    )
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    with transaction.atomic():
        made = actions.add_source(wanted, by=manager, source="cli")
        actions.pause_source(made, by=manager, source="cli")
    print(f"定时收取：{made.name}，已暂停 / polled sources: one mailbox, paused")  # noqa: T201
