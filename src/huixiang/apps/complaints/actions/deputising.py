"""Who stands in for a colleague who is away? She says so herself, or who assigns in her unit; ended early by either."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Absence
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import ASSIGN, HANDLE

LONGEST = timedelta(days=366)


def name_deputy(staff: Staff, deputy: Staff, from_on: date, until_on: date, *, by: Staff, source: str = "") -> Absence:
    """From a day to a day, both included. Raises Fault with the reason, PermissionDenied for a stranger's absence.

    Who makes himself the deputy of a colleague waits until she, or another who may name one for her, has confirmed it.
    """
    if not may_name(by, staff):
        raise PermissionDenied
    _check(staff, deputy, from_on, until_on)
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=staff.pk)
        if Absence.objects.between(from_on, until_on).filter(staff=staff).exists():
            raise Fault("这几天已有代班安排：请先结束原来的")
        waits = by.pk == deputy.pk
        found = Absence.objects.create(staff=staff, deputy=deputy, from_on=from_on, until_on=until_on, named_by=by,
                                       confirmed_at=None if waits else timezone.now())  # fmt: skip
        audit.record("complaint.deputy", by=by, on_kind="staff", on_id=staff.number, source=source, waits=waits,
                     deputy=deputy.number, from_on=str(from_on), until_on=str(until_on))  # fmt: skip
    return found


def confirm_deputy(pk: int, *, by: Staff, source: str = "") -> Absence:
    """By her, or by another than the deputy who may name one for her. Raises Fault, ObjectDoesNotExist."""
    with transaction.atomic():
        found = Absence.objects.select_for_update(of=("self",)).select_related("staff", "deputy").filter(pk=pk).first()
        if found is None or not may_name(by, found.staff):
            raise ObjectDoesNotExist
        if by.pk == found.deputy_id:
            raise Fault("自己提出代班的，须由被代的人或另一位有分派权限的人确认")
        if found.ended_at or found.until_on < timezone.localdate():
            raise Fault("这项代班已结束：请重新安排")
        if found.confirmed_at is None:
            found.confirmed_by, found.confirmed_at = by, timezone.now()
            found.save(update_fields=["confirmed_by", "confirmed_at"])
            audit.record("complaint.deputy_confirm", by=by, on_kind="staff", on_id=found.staff.number, source=source,
                         deputy=found.deputy.number)  # fmt: skip
    return found


def end_deputy(pk: int, *, by: Staff, source: str = "") -> Absence:
    """She is back, or it was a mistake: from now on it holds no more."""
    with transaction.atomic():
        found = Absence.objects.select_for_update(of=("self",)).select_related("staff", "deputy").filter(pk=pk).first()
        if found is None or not (may_name(by, found.staff) or _takes_back(found, by)):
            raise ObjectDoesNotExist
        if found.ended_at is None:
            found.ended_at = timezone.now()
            found.save(update_fields=["ended_at"])
            audit.record("complaint.deputy_end", by=by, on_kind="staff", on_id=found.staff.number, source=source,
                         deputy=found.deputy.number)  # fmt: skip
    return found


def may_name(by: Staff, staff: Staff) -> bool:
    """For herself whoever handles; for another who assigns in a unit where she handles."""
    if by.pk == staff.pk:
        return HANDLE in by.rights
    return any(by.holds(ASSIGN, post.unit) for post in staff.posts_with(HANDLE))


def _takes_back(found: Absence, by: Staff) -> bool:
    """What nobody has confirmed, its own author may take back."""
    return found.confirmed_at is None and found.named_by_id == by.pk


def _check(staff: Staff, deputy: Staff, from_on: date, until_on: date) -> None:
    if until_on < from_on or until_on < timezone.localdate() or until_on - from_on > LONGEST:
        raise Fault("请核对日期：止日不早于起日与今天，最长一年")
    if deputy.pk == staff.pk or not deputy.is_active:
        raise Fault("代班人须是另一位在岗的同事")
    if gone := Absence.objects.between(from_on, until_on).filter(staff=deputy).select_related("deputy").first():
        raise Fault("%(deputy)s 自 %(from)s 至 %(until)s 自己也不在岗：请选其他人", deputy=str(deputy),
                    until=f"{gone.until_on}", **{"from": f"{gone.from_on}"})  # fmt: skip
    held = Absence.objects.between(from_on, until_on).filter(deputy=staff).select_related("staff").first()
    if held:
        raise Fault("这几天 %(staff)s 要代 %(other)s 的班：请先给 %(other)s 另安排代班人", staff=str(staff),
                    other=str(held.staff))  # fmt: skip
    posts = staff.posts_with(HANDLE)
    if not posts or not any(deputy.holds(HANDLE, post.unit) for post in posts):
        raise Fault("%(deputy)s 在 %(staff)s 办理投诉的机构没有办理权限：请选其他人", deputy=str(deputy),
                    staff=str(staff))  # fmt: skip
