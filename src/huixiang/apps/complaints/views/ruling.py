"""By which rules are complaints handled, and who changes them? Packs, versions, proposals and what they would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.complaints import actions, opening, packs
from huixiang.apps.complaints.actions.proposing import RULES
from huixiang.apps.complaints.forms.ruling import DeclineForm, PackForm
from huixiang.apps.complaints.models import PackDraft, RulePack
from huixiang.apps.complaints.models.cases import SEE
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.differing import differences
from huixiang.domain.complaints.resolution import shipped_definition
from huixiang.domain.complaints.rulebook import shipped_codes
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.running import Warned


@never_cache
@requires(SEE)
@require_safe
def complaint_packs(request: HttpRequest) -> HttpResponse:
    """All packs with their versions, and for who may change them what was proposed."""
    today = timezone.localdate()
    for code in shipped_codes():
        packs.in_force(today, code)
    rows = RulePack.objects.select_related("loaded_by").order_by("code", "-effective_from", "-pk")
    holding = {packs.in_force(today, code).pk for code in {row.code for row in rows}}
    context = {
        "packs": [(row, packs.pack_of(row), row.pk in holding, row.effective_from > today) for row in rows],
        "drafts": PackDraft.objects.select_related("by", "decided_by")[:50] if _may(request) else [],
        "may_change": _may(request),
        "main": packs.MAIN,
        "missing": opening.missing_year(today),
    }
    return render(request, "complaints/packs.html", context)


@never_cache
@requires(SEE)
@require_safe
def complaint_pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Each limit and code of one version, with its clause; what it says otherwise than the one before."""
    row = get_object_or_404(RulePack.objects.select_related("loaded_by"), pk=pk)
    earlier = RulePack.objects.filter(code=row.code, effective_from__lt=row.effective_from).first()
    context = {"row": row, "earlier": earlier, "differences": _said(earlier, packs.pack_of(row))}
    return render(request, "complaints/pack.html", context | _parts(packs.pack_of(row)))


@never_cache
@requires(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_pack_new(request: HttpRequest) -> HttpResponse:
    """Propose one; the version in force is there to begin with."""
    if not _may(request):
        raise PermissionDenied
    start = {"text": packs.in_force(timezone.localdate()).text}
    form = PackForm(request.POST, request.FILES) if request.method == "POST" else PackForm(initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.propose_pack(form.cleaned_data["text"], by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error("text", told_fault(fault))
        else:
            messages.success(request, _("已提出；先重演，再由另一人审批。"))
            return redirect("complaint_draft", draft.pk)
    return render(request, "complaints/pack_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@requires(RULES)
@require_safe
def complaint_draft(request: HttpRequest, pk: int) -> HttpResponse:
    return _draft(request, get_object_or_404(PackDraft.objects.select_related("by", "decided_by", "job"), pk=pk))


@never_cache
@requires(RULES)
@require_POST
def complaint_draft_do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Replay, approve or decline."""
    draft = get_object_or_404(PackDraft, pk=pk)
    form = DeclineForm(request.POST if deed == "decline" else None)
    words = form.cleaned_data["words"] if deed == "decline" and form.is_valid() else ""
    deeds: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "replay": (actions.replay_pack, (draft,)),
        "approve": (actions.approve_pack, (draft,)),
        "decline": (actions.decline_pack, (draft, words)),
    }
    if deed not in deeds:
        raise PermissionDenied
    verb, given = deeds[deed]
    try:
        verb(*given, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("重演已开始。") if deed == "replay" else _("已记录。"))
    return redirect("complaint_draft", pk)


def _draft(request: HttpRequest, draft: PackDraft) -> HttpResponse:
    if not _may(request):
        raise PermissionDenied
    pack = actions.checked(draft.text)
    known = RulePack.objects.filter(code=draft.code).exists()
    now = packs.in_force(timezone.localdate(), draft.code) if known else None
    context = {
        "draft": draft,
        "in_force": now,
        "differences": _said(now, pack),
        "is_own": draft.by_id == who(request).pk,
        "is_running": bool(draft.job and draft.job.state in draft.job.OPEN),
        "decline": DeclineForm(),
    }
    return render(request, "complaints/draft.html", context | _parts(pack))


def _may(request: HttpRequest) -> bool:
    by = who(request)
    return RULES in by.rights and by.scope(RULES) is None


def _said(old: RulePack | None, new: Pack) -> list[str]:
    return [told(each.message, each.params) for each in _changes(old, new)]


def _changes(old: RulePack | None, new: Pack) -> Iterator[Warned]:
    yield from differences(packs.pack_of(old), new) if old else []


def _parts(pack: Pack) -> dict[str, Any]:
    """Each limit by rule, in the pack's order."""
    titles = {rule.code: rule for rule in pack.rules}
    levels = {each: [pack.approver(code) or code for code in sorted(each.approvers)] for each in pack.extensions}
    return {
        "pack": pack,
        "definition": shipped_definition(pack.code),
        "clocks": [(clock, [(titles[code], days) for code, days in clock.limits.items()]) for clock in pack.clocks],
        "longer": [(each, titles[each.old], titles[each.new], names) for each, names in levels.items()],
    }
