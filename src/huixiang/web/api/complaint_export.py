"""How do cases leave with their events? One file with count and hash, as on the page."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema

from huixiang.apps.complaints import exporting
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import Day

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
