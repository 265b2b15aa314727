"""How do cases leave with their events? One file with count and hash, as on the page."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import Field

from huixiang.apps.complaints import exporting
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import Number
from huixiang.web.api.shapes import Day, Given, Note

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
    ground: Annotated[Note, Field(min_length=exporting.SHORTEST_GROUND)]


@router.post(
    "/complaint-export/people",
    auth=Bearer(IDENTITY),
    openapi_extra=JSONL,
    summary=gettext_noop("导出投诉、其全部文字与投诉人身份（供法院或监管）"),
)
def export_complaints_with_people(request: HttpRequest, wanted: PeopleWanted) -> FileResponse:
    """With `complaint.export` as well. Unmasked, and noted case by case."""
    found = exporting.export_people(wanted.numbers, wanted.ground, by=who(request), source=source(request))
    name = f"huixiang-complaints-people-{found.checked.sha256[:12]}.jsonl"
    return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")
