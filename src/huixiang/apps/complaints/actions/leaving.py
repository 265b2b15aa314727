"""How does who complains leave the house with a case? Asked by one on a ground, released by another, fetched once."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import exporting
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.exporting import EXPORT, Exported
from huixiang.apps.complaints.models import PeopleExport
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault

SHORTEST_GROUND, AT_ONCE = 8, 50
State = PeopleExport.State


def ask_export(numbers: Sequence[str], ground: str, *, by: Staff, source: str = "") -> PeopleExport:
    """Raises Fault with the first number that is not within reach, or where the ground is too short to be one."""
    if len(ground.strip()) < SHORTEST_GROUND:
        raise Fault("请写明依据，例如调取证据通知书的文号，至少 %(least)s 个字", least=SHORTEST_GROUND)
    known = sorted(exporting.of_people(numbers, by).values_list("number", flat=True))
    with transaction.atomic():
        row = PeopleExport.objects.create(numbers=known, ground=masked_value("", ground.strip())[:400], by=by)
        _record("ask", row, by, source)
    return row


def release_export(pk: int, *, by: Staff, source: str = "") -> PeopleExport:
    """By another person who may export all of these cases herself. Raises Fault, ObjectDoesNotExist."""
    return _decided(pk, State.RELEASED, "", by, source)


def decline_export(pk: int, reason: str, *, by: Staff, source: str = "") -> PeopleExport:
    if not reason.strip():
        raise Fault("请写明为什么不放行")
    return _decided(pk, State.DECLINED, masked_value("", reason.strip())[:400], by, source)


def fetch_export(pk: int, *, by: Staff, source: str = "") -> Exported:
    """The file, once, for who asked. Each case is noted by itself, as when somebody looks at who complains."""
    with transaction.atomic():
        row = _locked(pk, by)
        if row.by_id != by.pk:
            raise ObjectDoesNotExist
        if row.state != State.RELEASED or row.is_over(timezone.now()):
            raise Fault("没有放行、已取走过或已过七天：请重新申请")
        rows = exporting.of_people(row.numbers, by)  # as his rights are now
        found = exporting.with_people(rows)
        row.state, row.fetched_at, row.sha256 = State.FETCHED, timezone.now(), found.checked.sha256
        row.save(update_fields=["state", "fetched_at", "sha256"])
        for number in row.numbers:
            audit.record("complaint.identity_read", by=by, on_kind="complaint", on_id=number, source=source)
        audit.record("complaint.export_people", by=by, on_kind="complaint", source=source, count=found.checked.cases,
                     sha256=row.sha256, ground=row.ground, released_by=row.decided_by.number if row.decided_by else "",
                     asked=row.pk)  # fmt: skip
    return found


def exports_of(by: Staff) -> list[PeopleExport]:
    """His own, and those whose cases are all within his reach; the latest first."""
    if not {EXPORT, IDENTITY} <= by.rights:
        raise PermissionDenied
    rows = PeopleExport.objects.select_related("by", "decided_by")[:AT_ONCE]
    return [row for row in rows if row.by_id == by.pk or _reaches(row, by)]


def _decided(pk: int, state: str, reason: str, by: Staff, source: str) -> PeopleExport:
    with transaction.atomic():
        row = _locked(pk, by)
        if row.by_id == by.pk:
            raise Fault("申请的人不能自己放行")
        if row.state != State.ASKED or row.is_over(timezone.now()):
            raise Fault("这项申请已经办过或已过七天")
        row.state, row.reason, row.decided_by, row.decided_at = state, reason, by, timezone.now()
        row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        _record("release" if state == State.RELEASED else "decline", row, by, source)
    return row


def _locked(pk: int, by: Staff) -> PeopleExport:
    if not {EXPORT, IDENTITY} <= by.rights:
        raise PermissionDenied
    row = PeopleExport.objects.select_for_update(of=("self",)).select_related("by", "decided_by").filter(pk=pk).first()
    if row is None or (row.by_id != by.pk and not _reaches(row, by)):
        raise ObjectDoesNotExist
    return row


def _reaches(row: PeopleExport, by: Staff) -> bool:
    try:
        exporting.of_people(row.numbers, by)
    except Fault:
        return False
    return True


def _record(deed: str, row: PeopleExport, by: Staff, source: str) -> None:
    audit.record(f"complaint.export_{deed}", by=by, on_kind="complaint_export", on_id=row.pk, source=source,
                 count=len(row.numbers), ground=row.ground)  # fmt: skip
