"""Which files came in, how far are they, and what became of their rows?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, facts, guests, repeated, row_terms
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
        "drafts": Import.objects.exclude(guests.theirs()).filter(by=who(request), started_at=None),
        "mendable": _mendable(who(request), found),
        "may_run": "import.run" in who(request).rights,
    }
    return render(request, "feedback/imports.html", context)


@requires("import.see")
@require_safe
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = visible(who(request), pk)
    guest = guests.of(imported)
    if imported.state == "draft":
        return redirect(guest.about(imported)[1]) if guest else redirect("import_preview", pk=pk)
    mapping = _mapping(imported)
    channel = (mapping.channel if mapping else None) or imported.channel
    context: dict[str, Any] = {"channel": CHANNELS.get(channel, channel), "mapped": getattr(mapping, "constants", {})}
    if guest:
        context |= {"guest": _(guest.title), "about": guest.about(imported)}
    return render(request, "feedback/import_detail.html", context | _standing(who(request), imported))


@requires("import.see")
@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that changes while the import runs."""
    return render(request, "feedback/import_standing.html", _standing(who(request), visible(who(request), pk)))


@requires(*guests.RUN)
@require_POST
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.stop_import(_steered(who(request), pk), by=who(request), source=audit.origin(request))
    return redirect("import_detail", pk=pk)


@requires(*guests.RUN)
@require_POST
def import_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    imported = _steered(who(request), pk)
    if imported.state == "stopped":
        actions.resume_import(imported, by=who(request), source=audit.origin(request))
    return redirect("import_detail", pk=pk)


def _steered(staff: Staff, pk: UUID) -> Import:
    """For whom the door is open by another kind of import's right, this one is not there."""
    imported = visible(staff, pk)
    if guests.right_to_run(imported.format) not in staff.rights:
        raise Http404
    return imported


def visible(staff: Staff, pk: UUID) -> Import:
    return get_object_or_404(Import.objects.visible_to(staff).select_related("by", "branch", "job"), pk=pk)


def _mapping(imported: Import) -> Mapping | None:
    """What it was read by; None where the format of then is no longer known."""
    try:
        return getattr(registry.find(imported.format, imported.mapping), "mapping", None)
    except Fault:
        return None


def _standing(staff: Staff, imported: Import) -> dict[str, Any]:
    guest = guests.of(imported)
    may = {
        "may_run": guests.right_to_run(imported.format) in staff.rights,
        "may_mend": bool(_mendable(staff, [imported.pk])),
        "may_see": "voice.see" in staff.rights,
        "may_begin": "import.run" in staff.rights and not guest,
    }
    told = {"imported": imported, "account": account(imported), "beside": guest.beside(imported) if guest else ""}
    return told | _besides(imported) | _rows(imported) | may


def _rows(imported: Import) -> dict[str, Any]:
    """How long do its quarantined rows wait, and how many were emptied when their time was over?"""
    expired = imported.quarantine.filter(state=Quarantined.State.EXPIRED).count()
    names = dict(Quarantined.State.choices)
    found = repeated.standing(imported)
    again = [(name, found[state]) for state, name in names.items() if state in found]
    waits = imported.quarantine.filter(state=Quarantined.State.OPEN).exists()
    told = {"again": again, "again_all": sum(count for _name, count in again)}
    return told | {"expired": expired, "rows_until": row_terms.until(imported) if waits else None}


def _besides(imported: Import) -> dict[str, int]:
    """Rows that were taken in and are counted nowhere as voices of the bank: an account says so."""
    if imported.state == "running":
        return {}
    lake, import_id = facts.lake(), str(imported.pk)
    rivals = questions.on_rivals(lake, Slice(import_id=import_id))
    return {"on_rivals": rivals, "passed_on": questions.passed_on(lake, import_id)}


def _mendable(staff: Staff, keys: Iterable[UUID]) -> set[UUID]:
    return set(Import.objects.mendable_by(staff).filter(pk__in=list(keys)).values_list("pk", flat=True))
