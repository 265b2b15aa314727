"""How has one unit fared, month by month and standard by standard? With intervals; one visit proves nothing."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.inspections import unit_figures
from huixiang.apps.inspections.models import Finding, Visit
from huixiang.apps.inspections.reach import SEE

A_YEAR = timedelta(days=365)


@never_cache
@requires(SEE)
@require_safe
def unit_results(request: HttpRequest, code: str) -> HttpResponse:
    by, until = who(request), timezone.localdate()
    unit = get_object_or_404(Unit.objects.visible_to(by, SEE), code=code)
    visits = Visit.objects.visible_to(by).done().filter(unit__path__startswith=unit.path)
    findings = Finding.objects.visible_to(by).filter(unit__path__startswith=unit.path)
    context = {
        "unit": unit,
        "lines": unit_figures.by_standard(unit, until - A_YEAR, until, by),
        "visits": [(each, each.shown_who(by)) for each in visits.select_related("unit", "inspector")[:20]],
        "repeated": unit_figures.repeated(findings.filter(raised_on__gte=until - A_YEAR)),
        "open": findings.open().count(),
        "since": until - A_YEAR,
        "until": until,
    }
    return render(request, "inspections/unit.html", context)
