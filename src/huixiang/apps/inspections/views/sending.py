"""How does a table leave by a page? Recorded, then as CSV or a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from huixiang.apps.access import audit
from huixiang.apps.access.door import who
from huixiang.apps.inspections import exporting

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def sent(request: HttpRequest, kind: str, name: str, title: str, table: Table, count: int) -> HttpResponseBase:
    """Raises Http404 for a kind of file that there is not."""
    if kind not in TYPES:
        raise Http404
    exporting.record(who(request), title, count, kind, audit.origin(request))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{kind}"
        exporting.write(path, title, *table)
        # Opened before the folder goes: the file lives on until it is closed.
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=TYPES[kind])
