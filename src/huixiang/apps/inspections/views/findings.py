"""What fell short, what does the unit say, and what was decided? The list, one finding, and the verbs on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.inspections import actions, exporting, pictures
from huixiang.apps.inspections.forms.finding import FindingsForm, WordsForm
from huixiang.apps.inspections.models import Evidence, Finding, Visit
from huixiang.apps.inspections.reach import ANSWER, DECIDE, DO, EXPORT, SEE
from huixiang.apps.inspections.views.sending import sent
from huixiang.channels.contract import Fault
from huixiang.channels.evidence import KINDS

PAGE = 25


@never_cache
@requires(SEE, DO)
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What waits for an answer first."""
    by, form = who(request), FindingsForm(request.GET, by=who(request))
    rows = form.narrowed(Finding.objects.visible_to(by).waiting_first()).select_related("unit", "visit", "answer__form")
    context = {
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "confirmed": Finding.objects.visible_to(by).confirmed().count(),
        "may_export": EXPORT in by.rights,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "today": timezone.localdate(),
    }
    return render(request, "inspections/findings.html", context, status=200 if form.is_valid() else 422)


@never_cache
@requires(EXPORT)
@require_safe
def findings_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """As narrowed on the page; for the ledger of problems choose those that are confirmed."""
    by, form = who(request), FindingsForm(request.GET, by=who(request), right=EXPORT)
    if not form.is_valid():
        raise Http404
    rows = form.narrowed(Finding.objects.visible_to(by, EXPORT))
    rows = list(rows.whole())
    name = f"huixiang-findings-{timezone.localdate():%Y%m%d}"
    return sent(request, kind, name, str(_("检查问题")), exporting.of_findings(rows), len(rows))


@never_cache
@requires(SEE, DO)
@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(who(request), pk))


def _visible(by: Staff, pk: int) -> Finding:
    rows = Finding.objects.visible_to(by).select_related("unit", "visit__unit", "answer__form__version__standard")
    found: Finding = get_object_or_404(rows, pk=pk)
    return found


def _page(request: HttpRequest, row: Finding, wrong: WordsForm | None = None) -> HttpResponse:
    """With the forms of what she may do now; nobody judges her own inspection."""
    by = who(request)
    has_looked = Visit.objects.filter(case=row.visit.case, inspector=by).exists()
    has_spoken = row.events.filter(by=by).exists()
    answers = row.state == "open" and by.holds(ANSWER, row.unit) and not has_looked
    in_time = row.due_on >= timezone.localdate()
    decides = row.state == "disputed" and by.holds(DECIDE, row.unit)
    events = row.events.select_related("by").prefetch_related("evidence")
    context = {
        "row": row,
        "standard_code": row.answer.form.code,
        "photos": row.answer.photos.all(),
        "events": [(each, _who(each, row, by)) for each in events],
        "accept": WordsForm(verb="accept") if answers and in_time else None,
        "dispute": wrong or WordsForm(verb="dispute") if answers and in_time else None,
        "decide": wrong or WordsForm(verb="decide") if decides and not has_looked and not has_spoken else None,
        "not_hers": decides and (has_looked or has_spoken),
        "most": pictures.MOST_EVIDENCE,
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "inspections/finding.html", context, status=422 if wrong else 200)


def _who(event: Any, row: Finding, by: Staff) -> str:
    if event.by is None:
        return str(_("系统"))
    return row.visit.shown_who(by) if event.by_id == row.visit.inspector_id else event.by.name


@requires(ANSWER, DECIDE)
@require_POST
def finding_do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Accept, dispute or decide; the action asks right and guards."""
    row = _visible(who(request), pk)
    if verb not in {"accept", "dispute", "decide"}:
        raise Http404
    form = WordsForm(request.POST, request.FILES, verb=verb)
    if not form.is_valid():
        return _page(request, row, form)
    deeds: dict[str, Callable[..., Any]] = {
        "accept": actions.accept,
        "dispute": actions.dispute,
        "decide": lambda pk, words, **by: actions.decide(pk, form.verb, words, **by),
    }
    try:
        deeds[verb](pk, form.said(), by=who(request), source=audit.origin(request))
    except Fault as fault:
        form.add_error(None, told_fault(fault))
        return _page(request, row, form)
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    messages.success(request, _("已记录。"))
    return redirect("inspection_finding", pk)


@never_cache
@requires(ANSWER, DECIDE, DO)
@require_safe
def evidence(request: HttpRequest, key: UUID) -> HttpResponse:
    """As a file to keep, never as a page; for who answers, inspected or decides. Recorded before it leaves."""
    by = who(request)
    row = get_object_or_404(Evidence.objects.select_related("event__finding"), pk=key, erased_at=None)
    found = _visible(by, row.event.finding_id)
    if not (by.holds(ANSWER, found.unit) or by.holds(DECIDE, found.unit) or found.visit.inspector_id == by.pk):
        raise Http404
    try:
        content = pictures.VAULT.content(row.pk)
    except Unsealable:
        raise Http404 from None
    audit.record("inspection.evidence_read", by=by, on_kind="finding", on_id=found.pk, file=str(key),
                 sha256=row.sha256, source=audit.origin(request))  # fmt: skip
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{found.visit.number}-{found.pk}{KINDS[row.kind][0]}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
