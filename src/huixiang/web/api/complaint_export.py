"""How do cases leave with their events? One file with count and hash, as on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.complaints import actions, exporting
from huixiang.apps.complaints.actions.leaving import SHORTEST_GROUND, exports_of
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.models import PeopleExport
from huixiang.apps.complaints.views.exporting import sent
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import Number
from huixiang.web.api.shapes import Day, Given, Note, RowId

router = Router(tags=["complaints"])
JSONL: dict[str, Any] = {
    "responses": {200: {"description": "OK", "content": {"application/jsonl": {"schema": {"type": "string"}}}}}
}


class Received(Schema):
    """On these days, both included; without them all."""

    received_from: Day | None = None
    received_until: Day | None = None


@router.get(
    "/complaint-export",
    auth=Bearer(exporting.EXPORT),
    openapi_extra=JSONL,
    summary=gettext_noop("导出投诉及其全部记录（JSONL，含件数与摘要）"),
)
def export_complaints(request: HttpRequest, received: Query[Received]) -> FileResponse:
    """One case a line; the last line holds the count and the SHA-256 of all before it, and so does the audit."""
    days = (received.received_from, received.received_until)
    found = exporting.export(who(request), *days, source=source(request))
    name = f"huixiang-complaints-{found.checked.sha256[:12]}.jsonl"
    return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")


class PeopleWanted(Given):
    """Which cases, and on which ground: the court's or the regulator's letter. Both stand in the audit."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=exporting.MOST_WITH_PEOPLE)]
    ground: Annotated[Note, Field(min_length=SHORTEST_GROUND)]


class PeopleExportOut(Schema):
    """What was asked. `until`: after that it is neither released nor fetched; `sha256` once it was fetched."""

    id: int
    numbers: list[str]
    ground: str
    state: Literal["asked", "released", "declined", "fetched"]
    by: str
    asked_at: datetime
    until: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    fetched_at: datetime | None
    sha256: str

    @classmethod
    def of(cls, row: PeopleExport) -> PeopleExportOut:
        names = ("numbers", "ground", "state", "asked_at", "until", "decided_at", "reason", "fetched_at", "sha256")
        return cls(id=row.pk, by=row.by.number, decided_by=row.decided_by.number if row.decided_by else None,
                   **{name: getattr(row, name) for name in names})  # fmt: skip


class NotReleasedIn(Given):
    reason: Annotated[Note, Field(min_length=1)]


@router.post(
    "/complaint-export/people",
    auth=Bearer(IDENTITY),
    response={201: PeopleExportOut},
    summary=gettext_noop("申请导出投诉、其全部文字与投诉人身份（供法院或监管）"),
)
def ask_people_export(request: HttpRequest, wanted: PeopleWanted) -> PeopleExportOut:
    """With `complaint.export` as well. Another person releases it; the file is then fetched once, within seven days."""
    row = actions.ask_export(wanted.numbers, wanted.ground, by=who(request), source=source(request))
    return PeopleExportOut.of(row)


@router.get(
    "/complaint-export/people",
    auth=Bearer(IDENTITY),
    response=list[PeopleExportOut],
    summary=gettext_noop("导出投诉人身份的申请，最新在前"),
)
def list_people_exports(request: HttpRequest) -> list[PeopleExportOut]:
    """One's own, and those whose cases are all within reach."""
    return [PeopleExportOut.of(row) for row in exports_of(who(request))]


@router.post(
    "/complaint-export/people/{export_id}/release",
    auth=Bearer(IDENTITY),
    response=PeopleExportOut,
    summary=gettext_noop("放行导出投诉人身份的申请"),
)
def release_people_export(request: HttpRequest, export_id: Path[RowId]) -> PeopleExportOut:
    """Never by who asked."""
    return PeopleExportOut.of(actions.release_export(export_id, by=who(request), source=source(request)))


@router.post(
    "/complaint-export/people/{export_id}/decline",
    auth=Bearer(IDENTITY),
    response=PeopleExportOut,
    summary=gettext_noop("不放行导出投诉人身份的申请"),
)
def decline_people_export(request: HttpRequest, export_id: Path[RowId], given: NotReleasedIn) -> PeopleExportOut:
    return PeopleExportOut.of(actions.decline_export(export_id, given.reason, by=who(request), source=source(request)))


@router.post(
    "/complaint-export/people/{export_id}/file",
    auth=Bearer(IDENTITY),
    openapi_extra=JSONL,
    summary=gettext_noop("取走放行的导出文件，只能一次"),
)
def fetch_people_export(request: HttpRequest, export_id: Path[RowId]) -> FileResponse:
    """By who asked. Unmasked, and noted case by case."""
    return sent(actions.fetch_export(export_id, by=who(request), source=source(request)))
