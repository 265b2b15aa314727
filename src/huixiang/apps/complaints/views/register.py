"""Which complaints are in the register (登记簿)? Filtered, opened, and taken along with count and digest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import AuditRecord
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import backdating, registry
from huixiang.apps.complaints.forms.choosing import ChosenForm
from huixiang.apps.complaints.models import Case, CaseQuerySet
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.outcomes import outcomes
from huixiang.channels.contract import Fault

EXPORT = "complaint.export"
PAGE, MOST_COUNTED, LAST = 25, 10_000, 3
KINDS = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@never_cache
@requires(SEE)
@require_safe
def complaint_register(request: HttpRequest) -> HttpResponse:
    by, form = who(request), ChosenForm(request.GET, by=who(request))
    rows = form.rows()
    context: dict[str, Any] = {"form": form, "most": MOST_COUNTED, "is_narrowed": bool(request.GET)}
    context["is_of_return"] = form.is_valid() and form.is_of_return
    try:
        cases, context["count"] = _page(rows, form, request)
    except Fault as fault:
        cases, context["fault"] = [], told_fault(fault)
    context |= {
        "cases": cases[:PAGE],
        "backdated": set(
            backdating.lines(Case.objects.filter(pk__in=[case.pk for case in cases[:PAGE]])).values_list(
                "case_id", flat=True
            )
        ),
        "next": cases[PAGE - 1].pk if len(cases) > PAGE else "",
        "may_export": EXPORT in by.rights,
        "exports": AuditRecord.objects.filter(verb=EXPORT, actor=by.number)[:LAST] if EXPORT in by.rights else [],
    }
    return render(request, "complaints/register.html", context)


def _page(rows: CaseQuerySet, form: ChosenForm, request: HttpRequest) -> tuple[list[Case], int]:
    """One more than fits the page, and how many there are in all."""
    after = request.GET.get("after", "")
    if form.is_reckoned:
        cases = [found.case for found in outcomes(rows, timezone.now()) if form.holds(found)]
        cases.sort(key=lambda case: (case.received_at, case.pk), reverse=True)
        place = next((n for n, case in enumerate(cases, 1) if str(case.pk) == after), 0)
        return cases[place : place + PAGE + 1], len(cases)
    last = Case.objects.filter(pk=after).first() if after.isdecimal() and len(after) < 19 else None
    ordered = rows.order_by("-received_at", "-pk").select_related("unit")
    if last:
        ordered = ordered.filter(Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk))
    unordered = rows.order_by()
    # A figure of a return is told to the last case, however many there are.
    return list(ordered[: PAGE + 1]), (unordered if form.is_of_return else unordered[: MOST_COUNTED + 1]).count()


@never_cache
@requires(EXPORT)
@require_safe
def complaint_register_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The register as it is filtered, without anybody's identity; audited with its count and SHA-256."""
    by, form = who(request), ChosenForm(request.GET, by=who(request))
    if kind not in KINDS or not form.is_valid():
        raise Http404
    rows = form.rows().visible_to(by, EXPORT)
    try:
        found = {each.case.pk: each for each in outcomes(rows, timezone.now())}
    except Fault as fault:
        messages.warning(request, told_fault(fault))
        return redirect(f"{reverse('complaint_register')}?{request.GET.urlencode()}")
    cases = rows.order_by("received_at", "pk").select_related("unit", "pack", "merged_into", "handler")
    reckoned = form.is_reckoned
    chosen = (
        (case, found.get(case.pk))
        for case in cases.iterator(chunk_size=500)
        if not reckoned or (case.pk in found and form.holds(found[case.pk]))
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"register.{kind}"
        written = registry.write(path, kind, chosen)
        asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
        audit.record(EXPORT, by=by, on_kind="complaint", source=audit.origin(request), format=kind,
                     count=written.count, sha256=written.digest, asked=asked)  # fmt: skip
        name = f"huixiang-complaints-{timezone.localdate():%Y%m%d}-{written.digest[:12]}.{kind}"
        # Opened before the folder goes: the file lives on until it is closed.
        response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=KINDS[kind])
    response["X-Huixiang-Count"], response["X-Huixiang-SHA256"] = str(written.count), written.digest
    return response
