"""Where do like complaints gather, and what does a person make of it?"""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints.actions.signalling import JUDGE, judge, look_at
from huixiang.apps.complaints.exporting import EXPORT
from huixiang.apps.complaints.forms.signals import JudgeForm
from huixiang.apps.complaints.models import Signal, SignalWatch
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.complaints.signal_handing import handed, problems
from huixiang.apps.complaints.signal_telling import cases_of, told
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.signals import RULE

SHOWN = timedelta(days=365)
PAGE = 50


@never_cache
@requires(SEE)
@require_safe
def complaint_signals(request: HttpRequest) -> HttpResponse:
    by = who(request)
    seen = Signal.objects.visible_to(by)
    ended = seen.exclude(ended_on=None).filter(ended_on__gte=timezone.localdate() - SHOWN)
    context = {
        "open": told(seen.open(), by),
        "ended": told(ended, by),
        "problems": told(problems(by)[:PAGE], by),
        "may_export": EXPORT in by.rights,
        "last": SignalWatch.objects.order_by("-on").first(),
        "is_whole": by.scope(SEE) is None,
        "percent": round(30 * 100 * RULE.level, 1),
    }
    return render(request, "complaints/signals.html", context)


@never_cache
@requires(EXPORT)
@require_POST
def complaint_signals_file(request: HttpRequest) -> HttpResponse:
    """Those that are to become problems, for the ledger of problems."""
    text = handed(who(request), source=audit.origin(request))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="huixiang-complaint-signals.json"'
    return response


@never_cache
@requires(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_signal(request: HttpRequest, pk: int) -> HttpResponse:
    """One signal with its cases in sight; that it was looked at is written down."""
    by = who(request)
    signal = get_object_or_404(Signal.objects.visible_to(by).select_related("decided_by", "lead"), pk=pk)
    form = JudgeForm(request.POST if request.method == "POST" else None, initial={"state": signal.state})
    if request.method == "POST":
        if JUDGE not in by.rights:
            raise PermissionDenied
        if form.is_valid() and _is_judged(request, pk, form):
            messages.success(request, _("已记录研判。"))
            return redirect("complaint_signal", pk)
    else:
        look_at(signal, by=by, source=audit.origin(request))
    return _page(request, signal, form)


def _is_judged(request: HttpRequest, pk: int, form: forms.Form) -> bool:
    try:
        judge(
            pk, form.cleaned_data["state"], form.cleaned_data["reason"], by=who(request), source=audit.origin(request)
        )
    except Fault as fault:
        form.add_error("reason", told_fault(fault))
        return False
    except ObjectDoesNotExist:
        raise Http404 from None
    return True


def _page(request: HttpRequest, signal: Signal, form: forms.Form) -> HttpResponse:
    by = who(request)
    rows = cases_of(signal, by)
    context = {
        "each": told([signal], by)[0],
        "also": told(Signal.objects.visible_to(by).filter(lead=signal), by),
        "cases": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "hidden": len(signal.cases) - rows.count(),
        "looks": signal.looks.select_related("staff"),
        "form": form if JUDGE in by.rights else None,
    }
    return render(request, "complaints/signal.html", context, status=422 if form.errors else 200)
