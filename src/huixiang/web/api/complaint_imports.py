"""How does an old register of complaints come in? A file by a mapping, each old number once, with its history.

What is left out waits in the quarantine of imports: see quarantine.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from huixiang.apps.complaints import old_arriving as actions
from huixiang.apps.complaints.actions.bringing import RIGHT
from huixiang.apps.complaints.old_files import left_out
from huixiang.apps.complaints.old_guest import REGISTERS, counts
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback.faults import told
from huixiang.apps.feedback.models import Import
from huixiang.channels import old_registers
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.jobs import JobOut
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, Word

router = Router(tags=["complaints"])
BRING = Bearer(RIGHT)


class OldRegisterOut(Schema):
    """read = new + same + refused, at any moment. `refused` rows wait in the quarantine of the import `id`; `faults`
    tells of the first, with row, column and remedy. `state`: running, stopped (can go on), failed or finished.
    """

    id: UUID
    file_name: str
    state: str
    fault: str | None
    started_at: datetime | None
    finished_at: datetime | None
    read: int
    new: int
    same: int
    refused: int
    faults: list[str]
    job: JobOut | None

    @classmethod
    def of(cls, imported: Import) -> OldRegisterOut:
        same, found = ("id", "file_name", "state", "started_at", "finished_at"), counts(imported)
        own: dict[str, Any] = {name: getattr(imported, name) for name in same}
        return cls(
            **own,
            fault=told(imported.fault["message"], imported.fault.get("params", {})) if imported.fault else None,
            read=found["rows"],
            new=found["new"],
            same=found["same"],
            refused=found["quarantined"],
            faults=[told(row.message, row.params) for row in left_out(imported)],
            job=JobOut.from_orm(imported.job) if imported.job else None,
        )


@router.post(
    "/complaint-imports", auth=BRING, response={202: OldRegisterOut}, summary=gettext_noop("导入旧的投诉登记簿")
)
def add_old_register(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], mapping: Form[str] = ""
) -> OldRegisterOut:
    """CSV, XLSX or JSONL, read in the background; `Location` tells how far it is. The same number again adds nothing.

    `mapping` (TOML): which column is which, see the guide; columns with the usual names are guessed.
    """
    by, where = old_registers.mapping(mapping), source(request)
    draft = actions.receive_register(str(file.name), file.chunks(), by=who(request), source=where)
    try:
        actions.begin_register(draft, by, by=who(request), source=where)
    except Fault:
        feedback.drop_upload(draft, by=who(request), source=where)
        raise
    response["Location"] = reverse("api-1:read_old_register", args=[draft.pk])
    return OldRegisterOut.of(_visible(request).get(pk=draft.pk))


@router.get(
    "/complaint-imports", auth=BRING, response=Page[OldRegisterOut], summary=gettext_noop("导入过的旧登记簿，最新在前")
)
def list_old_registers(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[OldRegisterOut]:
    found, following = page(_visible(request), ("-started_at", "-pk"), after, limit)
    return Page[OldRegisterOut](items=[OldRegisterOut.of(each) for each in found], next=following)


@router.get(
    "/complaint-imports/{import_id}",
    auth=BRING,
    response=OldRegisterOut,
    summary=gettext_noop("一次旧登记簿的导入及其账目"),
)
def read_old_register(request: HttpRequest, import_id: UUID) -> OldRegisterOut:
    return OldRegisterOut.of(get_object_or_404(_visible(request), pk=import_id))


def _visible(request: HttpRequest) -> Any:
    return Import.objects.filter(REGISTERS.visible_to(who(request))).started().select_related("job", "by")
