"""What would the last year have been under this standard? Counted by month, as a job, against the version in force."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.standards import measuring
from huixiang.apps.standards.models import Preview, Version, in_force_on, may_work
from huixiang.channels.contract import Fault
from huixiang.domain.standards.conformance import Measured, judge
from huixiang.domain.standards.values import Standard

A_YEAR = timedelta(days=365)


def begin_preview(version: Version, *, by: Staff, source: str = "") -> Job:
    """Start counting. Raises Fault while it is being counted, and where one may not see what it counts."""
    if not may_work(by) or not measuring.may_see(version.value, by):
        raise Fault("试算要用的数据不在您的权限内")
    with transaction.atomic():
        row, _new = Preview.objects.select_for_update().get_or_create(version=version)
        if row.job_id and Job.objects.filter(pk=row.job_id, state__in=Job.OPEN).exists():
            raise Fault("正在试算：请等它完成，或先取消")
        title = Sentence(gettext_noop("用最近一年试算标准 %(standard)s"), {"standard": str(version)})
        row.job = jobs.start("standard_preview", title, by, version=version.pk)
        row.save(update_fields=["job"])
        audit.record("standard.preview", by=by, on_kind="standard", on_id=version.standard.code, source=source,
                     version=version.number)  # fmt: skip
    return row.job


@jobs.work("standard_preview")
def work(progress: jobs.Progress, version: int) -> Sentence:
    row, now = Version.objects.select_related("standard").get(pk=version), timezone.now()
    found = preview(row, now, progress)
    Preview.objects.filter(version=row).update(found=found, counted_at=now)
    message = gettext_noop("试算完成：%(months)s 个月有数据。")
    return Sentence(message, {"months": len(found["months"])})


def preview(version: Version, now: datetime, progress: jobs.Progress | None = None) -> dict[str, Any]:
    """By month: the number and verdict under the version in force, and under this one."""
    until = timezone.localdate(now) - timedelta(days=1)
    since = until - A_YEAR + timedelta(days=1)
    new = version.value
    old = next((each for each in in_force_on(timezone.localdate(now)) if each.code == new.code), None)
    sides = {"old": _side(old, since, until), "new": _side(new, since, until)}
    if progress:
        progress.report(1, 1)
    months = sorted({month for side in sides.values() for month in side or {} if month})
    return {
        "since": f"{since}",
        "until": f"{until}",
        "is_measured": sides["new"] is not None,
        "has_old": old is not None,
        "whole": {name: (side or {}).get("") for name, side in sides.items()},
        "months": [
            {"month": month} | {name: (side or {}).get(month) for name, side in sides.items()} for month in months
        ],
    }


def _side(standard: Standard | None, since: date, until: date) -> dict[str, dict[str, Any]] | None:
    """Period → what was measured and how it is judged; None where nobody measures it."""
    found = measuring.count(standard, since, until) if standard else None
    if standard is None or found is None:
        return None
    total = measuring.whole(found)
    return {each.period: _told(standard, each) for each in [*([total] if total else []), *measuring.by_month(found)]}


def _told(standard: Standard, found: Measured) -> dict[str, Any]:
    assert standard.aim is not None
    told = {name: round(getattr(found, name), 6) for name in ("value", "low", "high")}
    return told | {"n": found.n, "verdict": judge(standard.aim, found).value}
