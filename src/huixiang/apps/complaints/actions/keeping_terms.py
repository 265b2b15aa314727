"""How long are complaints kept? A shorter term holds after a week, and can be taken back until then."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import keeping
from huixiang.apps.complaints.models import KeepingTerm
from huixiang.channels.contract import Fault

MANAGE = "retention.manage"
LEAST_YEARS, MOST_YEARS = 3, 30
GRACE = timedelta(days=7)


def set_years(years: int, *, sure: bool, by: Staff, source: str = "") -> KeepingTerm:
    """A longer term holds at once, a shorter one in a week. Raises Fault below the floor, or where it takes unasked."""
    _demand(by)
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise Fault("投诉档案至少保存 %(least)s 年，最多可设 %(most)s 年", least=LEAST_YEARS, most=MOST_YEARS)
    now = timezone.now()
    if keeping.over(now, years).count() > keeping.over(now).count() and not sure:
        raise Fault("会有投诉的身份与文字因此清除：请先看有多少，再勾选确认")
    day = timezone.localdate()
    with transaction.atomic():
        KeepingTerm.objects.standing().filter(from_on__gt=day).update(taken_back_at=now)
        is_shorter = years < keeping.years(day)
        row = KeepingTerm.objects.create(years=years, from_on=day + GRACE if is_shorter else day, by=by)
        audit.record("term.change", by=by, on_kind="complaint_term", on_id=f"years-{row.pk}", source=source,
                     years=years, from_on=f"{row.from_on}")  # fmt: skip
    return row


def take_back(*, by: Staff, source: str = "") -> None:
    """What does not hold yet never will."""
    _demand(by)
    with transaction.atomic():
        row = KeepingTerm.objects.select_for_update().filter(pk__in=_pk_of_coming()).first()
        if row is None:
            raise Fault("没有可以收回的期限：已经生效，或已收回")
        row.taken_back_at = timezone.now()
        row.save(update_fields=["taken_back_at"])
        audit.record("term.change", by=by, on_kind="complaint_term", on_id=f"years-{row.pk}", source=source,
                     deed="take_back")  # fmt: skip


def _pk_of_coming() -> list[int]:
    row = KeepingTerm.objects.coming(timezone.localdate())
    return [row.pk] if row else []


def _demand(by: Staff) -> None:
    if MANAGE not in by.rights or by.scope(MANAGE) is not None:
        raise PermissionDenied
