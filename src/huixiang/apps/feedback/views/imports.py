"""Which files came in, how far are they, and what became of their rows?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, facts, row_terms
from huixiang.apps.feedback.accounts import account, accounts
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.feedback.names import CHANNELS
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.channels.mapping import Mapping
from huixiang.lake import questions
from huixiang.lake.questions import Slice

PAGE = 50


@requires("import.see")
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    visible = Import.objects.visible_to(who(request)).select_related("by", "job")
    page = Paginator(visible.started().order_by("-started_at"), PAGE).get_page(request.GET.get("page"))
    found = accounts(page.object_list)
    context = {
        "page": page,
        "rows": [(imported, found[imported.pk]) for imported in page],
        "some_erased": any(total.erased for total in found.values()),
        "drafts": Import.objects.filter(by=who(request), started_at=None),
    }
    return render(request, "feedback/imports.html", context | _may(who(request)))


@requires("import.see")
@require_safe
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = visible(who(request), pk)
    if imported.state == "draft":
        return redirect("import_preview", pk=pk)
    mapping = _mapping(imported)
    channel = (mapping.channel if mapping else None) or imported.channel
    context = {"channel": CHANNELS.get(channel, channel), "mapped": mapping.constants if mapping else {}}
    return render(request, "feedback/import_detail.html", context | _standing(who(request), imported))


@requires("import.see")
@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that changes while the import runs."""
    return render(request, "feedback/import_standing.html", _standing(who(request), visible(who(request), pk)))


@requires("import.run")
@require_POST
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = visible(who(request), pk)
    if imported.job:
        jobs.cancel(imported.job, who(request), audit.origin(request))
    return redirect("import_detail", pk=pk)


@requires("import.run")
@require_POST
def import_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = visible(who(request), pk)
    if imported.state == "stopped":
        actions.resume_import(imported, by=who(request), source=audit.origin(request))
    return redirect("import_detail", pk=pk)


def visible(staff: Staff, pk: UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(staff).select_related("by", "branch", "job"), pk=pk)


def _mapping(imported: Import) -> Mapping | None:
    """What it was read by; None where the format of then is no longer known."""
    try:
        return getattr(registry.find(imported.format, imported.mapping), "mapping", None)
    except Fault:
        return None


def _standing(staff: Staff, imported: Import) -> dict[str, Any]:
    return {"imported": imported, "account": account(imported)} | _besides(imported) | _rows(imported) | _may(staff)


def _rows(imported: Import) -> dict[str, Any]:
    """How long do its quarantined rows wait, and how many were emptied when their time was over?"""
    expired = imported.quarantine.filter(state=Quarantined.State.EXPIRED).count()
    waits = imported.quarantine.filter(state=Quarantined.State.OPEN).exists()
    return {"expired": expired, "rows_until": row_terms.until(imported) if waits else None}


def _besides(imported: Import) -> dict[str, int]:
    """Rows that were taken in and are counted nowhere as voices of the bank: an account says so."""
    if imported.state == "running":
        return {}
    lake, import_id = facts.lake(), str(imported.pk)
    rivals = questions.on_rivals(lake, Slice(import_id=import_id))
    return {"on_rivals": rivals, "passed_on": questions.passed_on(lake, import_id)}


def _may(staff: Staff) -> dict[str, bool]:
    return {
        "may_run": "import.run" in staff.rights,
        "may_mend": "quarantine.mend" in staff.rights,
        "may_see": "voice.see" in staff.rights,
    }
