"""Where are standards written, looked at before they hold, approved and sent back?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.standards import actions, composing, measuring, previewing
from huixiang.apps.standards.actions.writing import demand
from huixiang.apps.standards.forms import ReturnForm, StandardForm, TextForm
from huixiang.apps.standards.limits import objections
from huixiang.apps.standards.models import APPROVE, EDIT, OPEN, SEE, Preview, State, Version, in_force_on, may_work
from huixiang.apps.standards.views.reading import changes, owned, visible
from huixiang.channels.contract import Fault
from huixiang.domain.standards.saying import BadStandard
from huixiang.domain.standards.writing import write

FORM, TEXT = "form", "text"


@never_cache
@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_new(request: HttpRequest) -> HttpResponse:
    demand(who(request), EDIT)
    return _written(request, "", {"effective_from": timezone.localdate() + timedelta(days=1), "trust": "own"}, "")


@never_cache
@requires(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The next version: beginning with the open draft, else with what was approved last."""
    demand(who(request), EDIT)
    rows = Version.objects.visible_to(who(request)).filter(standard=visible(request, code))
    last = rows.in_state(State.APPROVED, *OPEN).first() or rows.first()
    assert last is not None
    tomorrow = timezone.localdate() + timedelta(days=1)
    start = last.value if last.effective_from >= tomorrow else replace(last.value, effective_from=tomorrow)
    return _written(request, code, composing.shown(start), write(start))


def _written(request: HttpRequest, code: str, said: dict[str, Any], text: str) -> HttpResponse:
    """Both ways on one page; what is sent is the one whose button was pressed."""
    sent = request.POST.get("as") if request.method == "POST" else None
    form = StandardForm(request.POST if sent == FORM else None, initial=said, is_known=bool(code))
    raw = TextForm(request.POST if sent == TEXT else None, initial={"text": text})
    if sent and (version := _write(request, code, form if sent == FORM else raw)):
        messages.success(request, _("已存为草稿；请核对改动、试算，再提交审批。"))
        return redirect("standard_version", version.standard.code, version.number)
    context = {"form": form, "raw": raw, "code": code, "as_text": (sent or request.GET.get("as")) == TEXT}
    return render(request, "standards/edit.html", context, status=422 if sent else 200)


def _write(request: HttpRequest, code: str, form: StandardForm | TextForm) -> Version | None:
    """None where something is wrong, which the form then tells."""
    if not form.is_valid():
        return None
    try:
        text = form.cleaned_data["text"] if isinstance(form, TextForm) else composing.composed(form.cleaned_data)
        return actions.write_version(text, by=who(request), source=audit.origin(request), code=code)
    except BadStandard as bad:
        assert isinstance(form, StandardForm)
        form.refuse(bad)
    except Fault as fault:
        for each in _all(form, fault):
            form.add_error("text" if isinstance(form, TextForm) else None, told_fault(each))
    return None


def _all(form: StandardForm | TextForm, fault: Fault) -> list[Fault]:
    """Every mistake of a text, not the first alone."""
    if isinstance(form, TextForm):
        try:
            actions.read(form.cleaned_data["text"])
        except BadStandard as bad:
            return actions.faults_of(bad)
    return [fault]


@never_cache
@requires(SEE)
@require_safe
def standard_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version: what it changes, what it would have meant, and what may be done with it now."""
    version, by = _version(request, code, number), who(request)
    held = Version.objects.approved().filter(standard=version.standard, number__lt=number).first()
    now = next((each for each in in_force_on(timezone.localdate()) if each.code == code), None)
    context = {
        "version": version,
        "shown": version.value,
        "owner": {"name": owned([version.value])[0][1]},
        "steps": version.steps.select_related("by"),
        "earlier": held,
        "changes": changes(held, version),
        "objections": [told_fault(each) for each in objections(version.value)],
        "is_own": by.pk == version.by_id or version.steps.filter(state=State.SUBMITTED, by=by).exists(),
        "may_edit": by.holds(EDIT, None),
        "may_approve": by.holds(APPROVE, None),
        "return_form": ReturnForm(),
        "now": now,
    }
    return render(request, "standards/version.html", context | _previewed(request, version))


def _previewed(request: HttpRequest, version: Version) -> dict[str, Any]:
    """Only for who works on standards, and may see what was counted."""
    sees = may_work(who(request)) and measuring.may_see(version.value, who(request))
    row = Preview.objects.filter(version=version).select_related("job").first() if sees else None
    return {
        "preview": row,
        "may_preview": sees,
        "is_running": bool(row and row.job and row.job.state in row.job.OPEN),
        "is_measured": version.value.aim is not None and version.value.aim.measure in measuring.measured(),
    }


@never_cache
@requires(SEE)
@require_safe
def standard_file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The version as its file."""
    version = _version(request, code, number)
    response = HttpResponse(version.text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}.toml"'
    return response


@never_cache
@requires(EDIT, APPROVE)
@require_POST
def standard_do(request: HttpRequest, code: str, number: int, deed: str) -> HttpResponse:
    """Submit, approve, send back, give up, or count the preview."""
    version = _version(request, code, number)
    form = ReturnForm(request.POST if deed == "return" else None)
    words = form.cleaned_data["words"] if deed == "return" and form.is_valid() else ""
    deeds: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "submit": (actions.submit, (version,)),
        "approve": (actions.approve, (version,)),
        "return": (actions.send_back, (version, words)),
        "drop": (actions.drop, (version,)),
        "preview": (previewing.begin_preview, (version,)),
    }
    if deed not in deeds:
        raise Http404
    verb, given = deeds[deed]
    try:
        verb(*given, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("试算已开始。") if deed == "preview" else _("已记录。"))
    return redirect("standard_version", code, number)


def _version(request: HttpRequest, code: str, number: int) -> Version:
    rows = Version.objects.visible_to(who(request)).select_related("standard", "by")
    return get_object_or_404(rows, standard__code=code, number=number)
