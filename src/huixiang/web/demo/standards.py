"""Which standards has the made-up bank? The product's set, approved; a change to come, and one that awaits approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.standards import actions, previewing
from huixiang.apps.standards.models import Preview, Standard, Version
from huixiang.domain.standards.values import Aim, Clock
from huixiang.domain.standards.writing import write
from huixiang.web.demo import QUALITY_MANAGER, SECOND

SOONER, STRICTER = "complaint-reply", "hotline-service-level"
SENT_BACK = "演示：请写明为什么由 80% 提到 90%，现有坐席够不够。"
WHY = "演示：坐席已增加，近三个月都在目标之上。"


def tend(today: date) -> None:
    """Once: what people change from now on is theirs."""
    if Standard.objects.exists():
        return
    author, second = (Staff.objects.get(number=number) for number in (QUALITY_MANAGER, SECOND))
    for version in actions.adopt(today, by=author, source="cli"):
        actions.approve(version, by=second, source="cli")
    held = {each.standard.code: each for each in Version.objects.approved().select_related("standard")}
    _sooner(held[SOONER], today + timedelta(days=30), author, second)
    _stricter(held[STRICTER], today + timedelta(days=30), author, second)


def _sooner(held: Version, day: date, author: Staff, second: Staff) -> None:
    """Approved, and begins in a month."""
    clock = held.value.clock
    assert clock is not None
    changed = replace(held.value, clock=Clock(clock.of, 5, clock.unit), effective_from=day)
    version = actions.write_version(write(changed), by=author, source="cli")
    actions.submit(version, by=author, source="cli")
    actions.approve(version, by=second, source="cli")


def _stricter(held: Version, day: date, author: Staff, second: Staff) -> None:
    """Sent back once, mended, and waits with its preview."""
    aim = held.value.aim
    assert aim is not None
    for target, note in ((90, held.value.note), (85, WHY)):
        changed = replace(held.value, aim=Aim(aim.measure, target, 3, aim.parameters), effective_from=day, note=note)
        version = actions.write_version(write(changed), by=author, source="cli")
        actions.submit(version, by=author, source="cli")
        if note != WHY:
            actions.send_back(version, SENT_BACK, by=second, source="cli")
    now = timezone.now()
    Preview.objects.create(version=version, found=previewing.preview(version, now), counted_at=now)
