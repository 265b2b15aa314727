"""How does one take the library along? As CSV or as a workbook, counted within one's reach, and audited."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import facts
from huixiang.apps.feedback.views.exports import KINDS, WORKBOOK
from huixiang.apps.needs import evidence, exports, kano, weighing
from huixiang.apps.needs.forms import NeedFilter


@requires("need.export")
@require_safe
def needs_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = NeedFilter(request.GET, staff=who(request))
    if kind not in KINDS or not form.is_valid():
        raise Http404
    rows = weighing.weighed(facts.lake(), evidence.reach(who(request)), list(form.needs().whole()))
    rows = kano.with_classes(facts.lake(), rows, who(request))
    asked = {name: value for name, value in form.cleaned_data.items() if value and name != "q"}
    told: dict[str, Any] = {
        "format": kind,
        "count": len(rows),
        "searched": bool(form.cleaned_data["q"]),
        "asked": asked,
    }
    audit.record("need.export", by=who(request), on_kind="need", source=audit.origin(request), **told)
    name = f"huixiang-needs-{timezone.localdate():%Y%m%d}.{kind}"
    if kind == "xlsx":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            exports.write_sheet(rows, path)
            # Opened before the folder goes: the file lives on until it is closed.
            return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=WORKBOOK)
    response = StreamingHttpResponse(exports.csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
