"""How does a file come to a case, and who may fetch it? By a line of its history; each fetching is on record."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import files
from huixiang.apps.complaints.actions.doing import Doing, act_of, locked
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.actions.writing import Line, append, once
from huixiang.apps.complaints.files import Brought
from huixiang.apps.complaints.models import Case, CaseFile
from huixiang.apps.complaints.models.cases import ARCHIVE
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import HANDLE


def attach(pk: int, content: bytes, name: str, *, by: Staff, key: str = "", source: str = "") -> CaseFile:
    """Attach it to a case in sight. Raises Fault for what may not be kept; sent twice with one key, it is one file."""
    if HANDLE not in by.rights:
        raise PermissionDenied
    if not Case.objects.visible_to(by, HANDLE).filter(pk=pk).exists():
        raise ObjectDoesNotExist
    mark = once(by, key, "attach", str(pk))
    if mark and (known := CaseFile.objects.filter(event__once=mark).first()):
        return known
    brought = files.bring(content, name)
    try:
        with transaction.atomic():
            case, _other = locked(pk, "attach", Doing(), by)
            write(case, brought, by, mark)
            audit.record("complaint.turn", by=by, on_kind="complaint", on_id=case.number, source=source, deed="attach")
    except BaseException:
        files.drop([brought])
        raise
    return CaseFile.objects.select_related("event__by", "case").get(pk=brought.key)


def write(case: Case, brought: Brought, by: Staff, mark: str | None = None) -> None:
    """Its line, in the caller's transaction. Raises Fault where the case is full."""
    told = brought.told
    total = case.files.filter(erased_at=None).aggregate(total=Sum("bytes"))["total"] or 0
    if total + told["bytes"] > settings.COMPLAINT_FILES_BYTES:
        raise files.too_much()
    if case.files.filter(sha256=told["sha256"], withdrawn_at=None).exists():
        raise Fault("这个文件已在这件投诉里：“%(name)s”", name=brought.name)
    now = timezone.now()
    act = act_of(case, "attach", Doing(file=told), by, now)
    append(case, Line(act, now, by, brought.name, mark))


def fetch(pk: int, key: UUID, *, by: Staff, source: str = "") -> tuple[CaseFile, bytes]:
    """Its content. Recorded before it leaves; what was withdrawn only for who keeps the archive. Raises Unsealable."""
    if IDENTITY not in by.rights:
        raise PermissionDenied
    case = Case.objects.visible_to(by, IDENTITY).filter(pk=pk).first()
    if case is None or case.accused.filter(staff=by).exists():
        raise ObjectDoesNotExist
    found = case.files.select_related("event", "case").get(pk=key, erased_at=None)
    if found.withdrawn_at and ARCHIVE not in by.rights:
        raise ObjectDoesNotExist
    audit.record("complaint.file_read", by=by, on_kind="complaint", on_id=case.number, source=source, file=str(key),
                 sha256=found.sha256)  # fmt: skip
    return found, files.VAULT.content(found.pk)
