"""Where does somebody take the cases with her? A file that anybody can check, and the audit knows."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints.exporting import EXPORT, export


@never_cache
@requires(EXPORT)
@require_POST
def complaint_export(request: HttpRequest) -> FileResponse:
    """By a button, since each time is recorded."""
    found = export(who(request), source=audit.origin(request))
    name = f"huixiang-complaints-{found.checked.sha256[:12]}.jsonl"
    return FileResponse(found.file, as_attachment=True, filename=name, content_type="application/jsonl")
