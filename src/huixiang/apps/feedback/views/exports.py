"""How does one take the voices along? The filtered slice as CSV or as a workbook, within one's reach, and audited."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import exports, facts
from huixiang.apps.feedback.views.voices import reading_filter
from huixiang.channels.export import MOST_SHEET_ROWS
from huixiang.lake import questions
from huixiang.lake.questions import Voice

KINDS = ("csv", "xlsx")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires("voice.export")
@require_safe
def voices_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    lake = facts.lake()
    form = reading_filter(request, lake, "voice.export")
    if kind not in KINDS or not form.is_valid():
        raise Http404
    slice_ = form.slice()
    count = questions.count(lake, slice_)
    if kind == "xlsx" and count > MOST_SHEET_ROWS:
        messages.warning(request, _("一个工作表最多容纳 1,048,575 行，请缩小范围，或改用 CSV 文件。"))
        return redirect(f"{reverse('voices')}?{request.GET.urlencode()}")
    # The words searched for stay out of the record: they might name a person.
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value and name != "q"}
    audit.record(
        "voice.export",
        by=who(request),
        on_kind="voice",
        source=audit.origin(request),
        format=kind,
        count=count,
        searched=bool(form.cleaned_data["q"]),
        asked=asked,
    )
    voices = questions.stream(lake, slice_)
    name = f"huixiang-voices-{timezone.localdate():%Y%m%d}.{kind}"
    return _workbook(voices, name) if kind == "xlsx" else _csv(voices, name)


def _csv(voices: Iterator[Voice], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(exports.csv_lines(voices), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(voices: Iterator[Voice], name: str) -> HttpResponse | FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        exports.write_sheet(voices, path)
        # Opened before the folder goes: the file lives on until it is closed.
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=WORKBOOK)
