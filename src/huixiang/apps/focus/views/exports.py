"""What may be taken along? Codebook, coded utterances, a project for other programs, a talk's report; all on record."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback.views.exports import WORKBOOK
from huixiang.apps.focus import exports, refi, reports
from huixiang.apps.focus.models import Study
from huixiang.apps.focus.views.sessions import visible
from huixiang.apps.focus.views.studies import still_blind
from huixiang.channels.contract import Fault

RIGHT = "focus.export"
KINDS = {"codebook": "csv", "coded": "csv", "sheet": "xlsx", "qdc": "qdc", "qdpx": "qdpx"}


@never_cache
@requires(RIGHT)
@require_safe
def study_export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Not to who still codes blind: what the other said stands in it."""
    found = get_object_or_404(Study.objects.visible_to(who(request), RIGHT), pk=pk)
    if kind not in KINDS:
        raise Http404
    if kind not in ("qdc",) and still_blind(list(found.sessions.all()), who(request)):
        messages.info(request, _("由你编码的座谈还没有完成编码，完成之后再导出：导出里有另一位的答案。"))
        return redirect("focus_study", pk)
    if kind == "qdc" and not found.codes.living().exists():
        messages.info(request, _("代码本还是空的，没有可以导出的。"))
        return redirect("focus_study", pk)
    source = audit.origin(request)
    audit.record("focus.export", by=who(request), on_kind="study", on_id=pk, source=source, format=kind)
    name = f"huixiang-focus-{pk}-{kind}-{timezone.localdate():%Y%m%d}.{KINDS[kind]}"
    return _file(found, kind, name)


def _file(found: Study, kind: str, name: str) -> HttpResponseBase:
    if kind == "sheet":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            exports.write_sheet(found, path)
            # Opened before the folder goes: the file lives on until it is closed.
            return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=WORKBOOK)
    response: HttpResponseBase
    if kind in ("qdc", "qdpx"):
        content = refi.codebook(found) if kind == "qdc" else refi.project(found, timezone.now())
        response = HttpResponse(content, content_type="application/xml" if kind == "qdc" else "application/zip")
    else:
        lines = exports.codebook_lines(found) if kind == "codebook" else exports.coded_lines(found)
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@requires(RIGHT)
@require_safe
def session_report(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible(request, pk, RIGHT)
    if still_blind([found], who(request)):
        messages.info(request, _("由你编码的座谈还没有完成编码，完成之后再导出：导出里有另一位的答案。"))
        return redirect("focus_session", pk)
    try:
        content = reports.report(found)
    except Fault as fault:
        messages.error(request, told_fault(fault))
        return redirect("focus_session", pk)
    source = audit.origin(request)
    audit.record("focus.export", by=who(request), on_kind="session", on_id=pk, source=source, format="pdf")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="huixiang-focus-session-{pk}.pdf"'
    return response
