"""Who did what? The chain, newest first; searched, verified, exported."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from huixiang.apps.access import actions
from huixiang.apps.access import audit as chain
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.forms import AuditFilter
from huixiang.apps.access.models import AuditRecord
from huixiang.channels.export import safe_cell

PAGE = 50
COLUMNS = ("seq", "at", "actor", "verb", "on_kind", "on_id", "source", "outcome", "detail", "previous", "hash")


@requires("audit.see")
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Pages by number, not by count: the thousandth page is as fast as the first."""
    form = AuditFilter(request.GET)
    found = _found(form)
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(seq__lt=min(int(before), 2**63 - 1))
    records = list(found[: PAGE + 1])
    chain.record("audit.read", by=who(request), on_kind="audit", source=chain.origin(request))
    query = request.GET.copy()
    query["before"] = str(records[PAGE - 1].seq) if len(records) > PAGE else ""
    context = {"form": form, "records": records[:PAGE], "next": query.urlencode() if query["before"] else ""}
    return render(request, "access/audit.html", context | {"export": _without_place(request)})


@requires("audit.see")
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain now, against the heads that were kept."""
    verdict, trouble = None, ""
    try:
        verdict = actions.verify_audit(who(request), chain.origin(request))
    except ValueError as error:
        trouble = str(error)
    return render(request, "access/audit_verdict.html", {"verdict": verdict, "trouble": trouble})


@requires("audit.see")
@require_GET
def audit_export(request: HttpRequest) -> StreamingHttpResponse:
    """All that the filter finds, as CSV; streamed, however much it is."""
    found = _found(AuditFilter(request.GET))
    chain.record("audit.export", by=who(request), on_kind="audit", source=chain.origin(request))
    return as_csv(found)


def as_csv(found: QuerySet[AuditRecord]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


def _found(form: AuditFilter) -> QuerySet[AuditRecord]:
    return AuditRecord.objects.filter(**form.wanted()) if form.is_valid() else AuditRecord.objects.none()


def _without_place(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    return query.urlencode()


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(found: QuerySet[AuditRecord]) -> Iterator[str]:
    table = csv.writer(_Echo())
    yield "\ufeff"  # so that spreadsheets read it as UTF-8
    yield table.writerow(COLUMNS)
    for row in found.order_by("seq").values_list(*COLUMNS).iterator(chunk_size=2000):
        yield table.writerow([safe_cell(str(value)) for value in row])
