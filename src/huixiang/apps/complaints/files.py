"""Where do a case's files lie, what is told of them, and how long? The history is the truth; the content is sealed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints.models import Case, CaseFile, Event
from huixiang.apps.feedback import vault
from huixiang.channels import evidence
from huixiang.channels.contract import Fault

VAULT = vault.Vault("complaint_files", "complaint files v1")
SYSTEM = "system:nightly"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was looked at and lies sealed already, before the transaction begins in which it is written down."""

    key: uuid.UUID
    name: str
    told: dict[str, Any]


def bring(content: bytes, name: str) -> Brought:
    """Look at it and seal it away. Raises Fault for what may not be kept; what is not claimed goes at night."""
    if len(content) > settings.COMPLAINT_FILE_BYTES:
        raise too_large(name)
    kind = evidence.kind_of(content, name[:80])
    key = uuid.uuid4()
    VAULT.put(key, content)
    digest = hashlib.sha256(content).hexdigest()
    told = {"id": str(key), "sha256": digest, "bytes": len(content), "kind": kind}
    return Brought(key, evidence.named(name, kind), told)


def bring_all(uploads: Iterable[UploadedFile[Any]]) -> list[Brought]:
    """All or none of what a form brought; what is too much together is told before any of it is looked at."""
    found: list[Brought] = []
    brought = list(uploads)
    if sum(each.size or 0 for each in brought) > settings.COMPLAINT_FILES_BYTES:
        raise too_much()
    try:
        for each in brought:
            if (each.size or 0) > settings.COMPLAINT_FILE_BYTES:
                raise too_large(each.name or "")
            found.append(bring(each.read(), each.name or ""))
    except BaseException:
        drop(found)
        raise
    return found


def too_large(name: str) -> Fault:
    most = settings.COMPLAINT_FILE_BYTES // 1_000_000
    return Fault("文件“%(name)s”超过 %(most)s MB，请压缩或分段后再传", name=name[:80], most=most)


def too_much() -> Fault:
    return Fault("这件投诉的附件合计超过 %(most)s MB", most=settings.COMPLAINT_FILES_BYTES // 1_000_000)


def drop(brought: Collection[Brought]) -> None:
    """What was not needed after all."""
    for each in brought:
        VAULT.drop(each.key)


def remember(event: Event) -> None:
    """The row of a file, made of its line, in the transaction that writes the line."""
    told = event.told["file"]
    if event.verb == "detach":
        CaseFile.objects.filter(pk=told["id"], case=event.case).update(withdrawn_at=event.entered_at)
        return
    row_of(event.case, event).save(force_insert=True)


def row_of(case: Case, event: Event) -> CaseFile:
    """As the line says it; not saved."""
    told = event.told["file"]
    return CaseFile(id=uuid.UUID(told["id"]), case=case, event=event, kind=told["kind"], bytes=told["bytes"],
                    sha256=told["sha256"])  # fmt: skip


def name_of(file: CaseFile) -> str:
    """As it was written by whoever brought it: it may name people. Raises Unsealable."""
    return str(unseal(file.event.sealed)["text"]) if file.event.sealed else str(file.pk)


def neutral_name(file: CaseFile) -> str:
    """For who may not know the people of the case."""
    return f"{file.case.number}-{file.event.seq}{evidence.KINDS[file.kind][0]}"


def shown_name(file: CaseFile, *, opens: bool) -> str:
    try:
        return name_of(file) if opens else neutral_name(file)
    except Unsealable:
        return neutral_name(file)


def forget(case_pks: Collection[int]) -> None:
    """The term of these cases is over: rows go with the caller's transaction, content right after it."""
    found = list(CaseFile.objects.filter(case_id__in=case_pks).values_list("pk", flat=True))
    CaseFile.objects.filter(pk__in=found).delete()
    for key in found:
        transaction.on_commit(partial(VAULT.drop, key), robust=True)


def withdrawn(now: datetime) -> Any:
    """Withdrawn so long ago that nobody can need them: another customer's file may have been among them."""
    before = now - settings.COMPLAINT_WITHDRAWN_DAYS * _DAY
    return CaseFile.objects.filter(withdrawn_at__lt=before, erased_at=None)


def clear(now: datetime) -> int:
    """The nightly round's part: the content of what was withdrawn goes, its line stays; files of no row go too."""
    found = list(withdrawn(now).values_list("pk", flat=True))
    for key in found:  # the file first: killed between, the row still tells that there is something to do
        VAULT.drop(key)
    with transaction.atomic():
        CaseFile.objects.filter(pk__in=found).update(erased_at=timezone.now())
        if found:
            audit.record("complaint.file_expire", by=SYSTEM, on_kind="complaint", count=len(found))
    return len(found) + _sweep(now)


def _sweep(now: datetime) -> int:
    count = 0
    for lying in VAULT.unclaimed(now):
        known = CaseFile.objects.filter(pk__in=vault.keys_of(lying), erased_at=None).values_list("pk", flat=True)
        count += vault.swept(lying, known)
    return count
