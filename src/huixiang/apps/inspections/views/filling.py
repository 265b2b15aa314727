"""Where does an inspector see what is hers to look at, and fill in a form, with or without a network?"""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.inspections import actions, forming
from huixiang.apps.inspections.actions.visiting import LATEST
from huixiang.apps.inspections.forms.visiting import BeginForm, VisitForm
from huixiang.apps.inspections.models import Visit, VisitState
from huixiang.apps.inspections.reach import DO, PLAN, SEE
from huixiang.apps.inspections.views.visits import visible
from huixiang.channels.contract import Fault

SHOWN = 50


@never_cache
@requires(DO)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is planned, the most urgent first; what was handed in lately."""
    by, today = who(request), timezone.localdate()
    rows = Visit.objects.of(by).select_related("unit")
    planned = rows.planned().order_by("planned_on", "planned_minute", "pk")
    context = {
        "late": planned.filter(planned_on__lt=today),
        "today": planned.filter(planned_on=today),
        "coming": planned.filter(planned_on__gt=today)[:SHOWN],
        "done": rows.done().order_by("-submitted_at")[:10],
        "begin": BeginForm(by),
        "days": LATEST.days,
    }
    return render(request, "inspections/mine.html", context)


@never_cache
@requires(DO)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_form(request: HttpRequest, number: str) -> HttpResponse:
    """The form by the standards of today, or of the day of a draft; what was sent twice counts once."""
    by = who(request)
    visit = get_object_or_404(Visit.objects.of(by).select_related("unit"), number=number)
    if visit.state != VisitState.PLANNED and request.method != "POST":
        return redirect("inspection", number)
    day = _day(request)
    versions = forming.forms_on(day, visit.standards)
    form = VisitForm(versions, request.POST, request.FILES) if request.method == "POST" else VisitForm(versions)
    if request.method == "POST" and _taken(request, visit, form):
        messages.success(request, _("%(number)s 已提交。") % {"number": number})
        return redirect("inspection", number)
    context = {"visit": visit, "form": form, "by": by, "day": day, "days": LATEST.days}
    return render(request, "inspections/form.html", context, status=422 if form.errors else 200)


def _day(request: HttpRequest) -> date:
    """The day of the visit: a form that waited for the network is read by the standards of then."""
    told = (request.POST if request.method == "POST" else request.GET).get("visited_at", "")
    try:
        at = parse_datetime(told) if told else None
    except ValueError:
        at = None
    today = timezone.localdate()
    return at.date() if at and today - LATEST - timedelta(days=1) <= at.date() <= today else today


def _taken(request: HttpRequest, visit: Visit, form: VisitForm) -> bool:
    """False with what is wrong in the form."""
    if not form.is_valid():
        return False
    try:
        key = form.cleaned_data["key"]
        actions.submit(visit.number, form.filled(), by=who(request), key=key, source=audit.origin(request))
    except Fault as fault:
        form.add_error(None, told_fault(fault))
    except (ObjectDoesNotExist, PermissionDenied):
        raise Http404 from None
    return not form.errors


@requires(DO)
@require_POST
def inspection_begin(request: HttpRequest) -> HttpResponse:
    form = BeginForm(who(request), request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            visit = actions.begin(said["unit"], said["kind"], said["standards"], by=who(request),
                                  source=audit.origin(request))  # fmt: skip
        except Fault as fault:
            form.add_error(None, told_fault(fault))
        except PermissionDenied:
            raise Http404 from None
        else:
            return redirect("inspection_form", visit.number)
    return render(request, "inspections/begin.html", {"begin": form}, status=422)


@requires(DO, PLAN)
@require_POST
def inspection_cancel(request: HttpRequest, number: str) -> HttpResponse:
    visit = visible(who(request), number)
    try:
        actions.cancel(visit, by=who(request), source=audit.origin(request))
    except Fault as fault:
        messages.error(request, told_fault(fault))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("已取消。"))
    return redirect("inspections" if SEE in who(request).rights else "inspections_mine")


@requires(DO)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that opens kept forms without a network; it reaches the pages below its own address."""
    response = render(request, "inspections/worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
