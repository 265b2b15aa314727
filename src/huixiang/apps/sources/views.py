"""Which sources are asked by themselves, how do they fare, and what would come?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback.accounts import accounts
from huixiang.apps.feedback.faults import told_masked
from huixiang.apps.sources import actions
from huixiang.apps.sources.forms import SourceForm
from huixiang.apps.sources.models import Source
from huixiang.channels.contract import Fault

SEE, MANAGE = "source.see", "source.manage"
BROUGHT = 10  # of its imports are listed


@requires(SEE)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """While one is being asked, the list asks for itself every two seconds."""
    rows = list(Source.objects.visible_to(who(request)).select_related("branch", "job", "by"))
    context = {"sources": rows, "may": MANAGE in who(request).rights}
    context["some_working"] = any(each.state == "working" for each in rows)
    part = "sources/list.html" if "HX-Request" in request.headers else "sources/sources.html"
    return render(request, part, context)


@requires(SEE)
@require_GET
def source(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _visible(request, pk))


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_source(form.wanted(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            _tell(form, fault)
        else:
            messages.success(request, _("已添加，马上会收取第一次。可以先“试连”，看看会收到什么。"))
            return redirect("source", made.pk)
    return render(request, "sources/form.html", {"form": form}, status=422 if form.errors else 200)


@requires(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def source_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    made = _managed(request, pk)
    form = SourceForm(request.POST or None, instance=made, by=who(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_source(made, form.wanted(), by=who(request), source=audit.origin(request))
        except Fault as fault:
            _tell(form, fault)
        else:
            messages.success(request, _("已保存。"))
            return redirect("source", pk)
    return render(request, "sources/form.html", {"form": form, "source": made}, status=422 if form.errors else 200)


@requires(MANAGE)
@require_POST
def source_test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What would come, or why nothing does; nothing is taken in."""
    made = _managed(request, pk)
    try:
        trial = actions.try_source(made, by=who(request), source=audit.origin(request))
    except Fault as fault:
        return _page(request, made, fault=told_masked(fault))
    return _page(request, made, trial=trial)


@requires(MANAGE)
@require_POST
def source_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    made = _managed(request, pk)
    verbs = {
        "pause": (actions.pause_source, _("已暂停，不再收取。")),
        "resume": (actions.resume_source, _("已恢复，由你负责，马上会收取一次。")),
        "poll": (actions.poll_source, _("已开始收取。")),
        "remove": (actions.remove_source, _("已删除；已收到的声音不受影响。")),
    }
    do, done = verbs[verb]
    try:
        do(made, by=who(request), source=audit.origin(request))
        messages.success(request, done)
    except Fault as fault:
        messages.error(request, told_masked(fault))
        return redirect("source", pk)
    return redirect("sources") if verb == "remove" else redirect("source", pk)


def _visible(request: HttpRequest, pk: UUID) -> Source:
    found = Source.objects.visible_to(who(request)).select_related("branch", "job", "by", "taking")
    return get_object_or_404(found, pk=pk)


def _managed(request: HttpRequest, pk: UUID) -> Source:
    found = Source.objects.managed_by(who(request)).select_related("branch", "job", "by", "taking")
    return get_object_or_404(found, pk=pk)


def _page(request: HttpRequest, made: Source, trial: actions.Trial | None = None, fault: str = "") -> HttpResponse:
    by = who(request)
    brought = [each.of for each in made.deliveries.select_related("of")[:BROUGHT]]
    totals = accounts(brought)
    may = MANAGE in by.rights and Source.objects.managed_by(by).filter(pk=made.pk).exists()
    context = {"source": made, "trial": trial, "fault": fault, "may": may, "see_imports": "import.see" in by.rights}
    listed = [(each, totals[each.pk]) for each in brought]
    return render(request, "sources/source.html", {**context, "brought": listed}, status=422 if fault else 200)


def _tell(form: SourceForm, fault: Fault) -> None:
    form.add_error(fault.column if fault.column in form.fields else None, told_masked(fault))
