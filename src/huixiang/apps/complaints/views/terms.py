"""What does head office set for all? Warnings, opening hours and holidays, each with the day from which it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions, opening, opening_history, terms_part
from huixiang.apps.complaints.actions.proposing import RULES
from huixiang.apps.complaints.forms.terms import HolidayForm, HoursForm, WarningForm
from huixiang.apps.complaints.models import HolidayYear, WarningTerm
from huixiang.channels.contract import Fault

SHOWN = 100


@never_cache
@requires(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_warning_terms(request: HttpRequest) -> HttpResponse:
    """At how much of a limit is who told, of which pack?"""
    _whole_bank(request)
    form = WarningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        told = {"pack": said["pack"], "effective_from": said["effective_from"]}
        if _done(request, form, actions.set_warnings, form.percents(), **told):
            return redirect("complaint_warning_terms")
    rows = WarningTerm.objects.select_related("by")[:SHOWN]
    context = {"form": form, "rows": rows, "now": terms_part.told(timezone.localdate())}
    return render(request, "complaints/warning_terms.html", context, status=422 if form.errors else 200)


@never_cache
@requires(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_hours(request: HttpRequest) -> HttpResponse:
    """When is which unit open? With `unit` in the address, its hours stand in the form to begin with."""
    _whole_bank(request)
    asked = Unit.objects.filter(code=request.GET.get("unit", "")).first()
    whose, row = opening.on(asked, timezone.localdate()) if asked else (None, None)
    start = HoursForm.start(row) | ({"unit": asked.code} if asked else {})
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm(initial=start)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("effective_from", "why")}
        if _done(request, form, actions.set_hours, form.cleaned_data["unit"], form.hours(), **told):
            return redirect("complaint_hours")
    shown = [(each, HoursForm.start(each.row) if each.row.hours else None) for each in opening_history.of_hours()]
    context = {"form": form, "rows": shown, "asked": asked, "whose": whose}
    return render(request, "complaints/hours.html", context, status=422 if form.errors else 200)


@never_cache
@requires(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_holidays(request: HttpRequest) -> HttpResponse:
    """Which days are off, of the years that are known?"""
    _whole_bank(request)
    today = timezone.localdate()
    form = HolidayForm(request.POST) if request.method == "POST" else HolidayForm(initial={"year": today.year + 1})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if _done(request, form, actions.set_holidays, said["year"], said["text"], notice=said["notice"],
                 why=said["why"]):  # fmt: skip
            return redirect("complaint_holidays")
    own = {row.year: row for row in HolidayYear.objects.select_related("by").order_by("year", "pk")}
    calendar = opening.calendar()
    years = [(year, own.get(year), sorted((d, n) for d, n in calendar.holidays.items() if d.year == year),
              sorted(d for d in calendar.make_up if d.year == year))
             for year in sorted(calendar.years, reverse=True)[:6]]  # fmt: skip
    context = {"form": form, "years": years, "missing": opening.missing_year(today),
               "changes": opening_history.of_holidays()}  # fmt: skip
    return render(request, "complaints/holidays.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, form: forms.Form, action: Any, *given: Any, **told: Any) -> bool:
    try:
        action(*given, **told, by=who(request), source=audit.origin(request))
    except Fault as fault:
        form.add_error("text" if "text" in form.fields else None, told_fault(fault))
        return False
    messages.success(request, _("已保存，自起用日起生效。"))
    return True


def _whole_bank(request: HttpRequest) -> None:
    if who(request).scope(RULES) is not None:
        raise PermissionDenied
