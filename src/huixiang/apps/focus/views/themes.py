"""The codebook, the themes, and the need that a theme bears out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.focus import actions, coded, themes
from huixiang.apps.focus.actions.planning import MANAGE
from huixiang.apps.focus.forms import CodeForm, LinkForm, ThemeForm, whole
from huixiang.apps.focus.models import Study, Theme
from huixiang.apps.focus.views.studies import SEE, still_blind
from huixiang.channels.contract import Fault

MOST_OFFERED = 60  # quotes to choose from


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def codebook(request: HttpRequest, pk: int) -> HttpResponse:
    study, staff = _study(request, pk), who(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and not staff.holds(MANAGE, study.unit):
        raise Http404
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.add_code(
                pk, given["name"], given["definition"], topic=given["topic"], by=staff, source=audit.origin(request)
            )
        except Fault as fault:
            form.add_error(fault.column if fault.column in form.fields else None, told_fault(fault))
        else:
            messages.success(request, _("已加入“%(name)s”。") % {"name": made.name})
            return redirect("focus_codebook", pk)
    sessions = list(study.sessions.all())
    uses, is_blind = coded.uses(study, coded.of_sessions(sessions)), still_blind(sessions, staff)
    context = {
        "study": study,
        "form": form,
        "uses": sorted(uses, key=lambda use: use.code.pk) if is_blind else uses,  # their order would tell
        "is_blind": is_blind,
        "may_manage": staff.holds(MANAGE, study.unit),
    }
    return render(request, "focus/codebook.html", context, status=422 if form.errors else 200)


@requires(MANAGE)
@require_POST
def code_change(request: HttpRequest, pk: int, code: int) -> HttpResponse:
    """Rename, or merge into another, as the button says."""
    by, source, into = who(request), audit.origin(request), whole(request.POST.get("into", ""))
    try:
        if "merge" in request.POST:
            done = actions.merge_codes(code, into or 0, by=by, source=source)
            messages.success(request, _("已并入“%(name)s”。") % {"name": done.name})
        else:
            actions.rename_code(
                code, request.POST.get("name", ""), request.POST.get("definition", ""), by=by, source=source
            )
            messages.success(request, _("已保存。"))
    except ObjectDoesNotExist:
        if into is None or "merge" not in request.POST:
            raise Http404 from None
        messages.error(request, _("请选择要并入的代码。"))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    return redirect("focus_codebook", pk)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def theme_new(request: HttpRequest, pk: int) -> HttpResponse:
    study = get_object_or_404(Study.objects.visible_to(who(request), MANAGE), pk=pk)
    return _theme_form(request, study, None)


@never_cache
@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def theme_change(request: HttpRequest, pk: int) -> HttpResponse:
    found = _theme(request, pk, MANAGE)
    return _theme_form(request, found.study, found)


def _theme_form(request: HttpRequest, study: Study, found: Theme | None) -> HttpResponse:
    if blind := _away_if_blind(request, study):
        return blind
    form = ThemeForm(request.POST or None, study=study, theme=found)
    quotes = [number for each in request.POST.getlist("quotes") if (number := whole(each)) is not None]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        meaning = actions.Meaning(given["name"], given["definition"], [each.pk for each in given["codes"]], quotes)
        try:
            if found:
                made = actions.change_theme(found.pk, meaning, by=who(request), source=audit.origin(request))
            else:
                made = actions.make_theme(study.pk, meaning, by=who(request), source=audit.origin(request))
        except Fault as fault:
            form.add_error(fault.column if fault.column in form.fields else None, told_fault(fault))
        else:
            messages.success(request, _("已保存。"))
            return redirect("focus_theme", made.pk)
    chosen = set(quotes) if request.method == "POST" else {each.pk for each in found.quotes.all()} if found else set()
    context: dict[str, Any] = {"form": form, "study": study, "theme": found, "chosen": chosen}
    offered = context["offered"] = themes.offered(study, found, chosen)[:MOST_OFFERED]
    source = audit.origin(request)
    audit.record("focus.read", by=who(request), on_kind="study", on_id=study.pk, source=source, count=len(offered))
    return render(request, "focus/theme_form.html", context, status=422 if form.errors else 200)


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD"])
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    found, staff = _theme(request, pk, SEE), who(request)
    if blind := _away_if_blind(request, found.study):
        return blind
    told = themes.told(found)
    source = audit.origin(request)
    audit.record("focus.read", by=staff, on_kind="theme", on_id=pk, source=source, count=len(told.quotes))
    context = {
        "theme": found,
        "study": found.study,
        "told": told,
        "may_manage": staff.holds(MANAGE, found.study.unit),
        "link": LinkForm(by=staff, theme=found) if "need.manage" in staff.rights else None,
        "may_see_need": found.need is not None and "need.see" in staff.rights,
    }
    return render(request, "focus/theme.html", context)


@requires(MANAGE)
@require_POST
def theme_link(request: HttpRequest, pk: int) -> HttpResponse:
    found = _theme(request, pk, MANAGE)
    if "need.manage" not in who(request).rights:
        raise Http404
    form = LinkForm(request.POST, by=who(request), theme=found)
    if not form.is_valid():
        messages.error(request, _("请选择需求，或为新需求选择性质。"))
        return redirect("focus_theme", pk)
    need, by, source = form.cleaned_data["need"], who(request), audit.origin(request)
    try:
        if need:
            actions.link(pk, need.pk, by=by, source=source)
        else:
            actions.propose(pk, form.cleaned_data["kind"], by=by, source=source)
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    except Fault as fault:
        messages.error(request, told_fault(fault))
    else:
        messages.success(request, _("已连到需求；可引用的发言已作为证据。"))
    return redirect("focus_theme", pk)


def _away_if_blind(request: HttpRequest, study: Study) -> HttpResponse | None:
    """A theme tells what both said; who codes still must not know."""
    if not still_blind(list(study.sessions.all()), who(request)):
        return None
    messages.info(request, _("由你编码的座谈还没有完成编码，完成之后再看主题：主题里有另一位的答案。"))
    return redirect("focus_study", study.pk)


def _study(request: HttpRequest, pk: int) -> Study:
    return get_object_or_404(Study.objects.visible_to(who(request)).select_related("unit"), pk=pk)


def _theme(request: HttpRequest, pk: int, right: str) -> Theme:
    try:
        return actions.theme(pk, who(request), right)
    except ObjectDoesNotExist:
        raise Http404 from None
