"""How long does serving take at my counter; for a manager, at those of her unit? Looking at a team is noted."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import facts
from huixiang.apps.standards import tellers
from huixiang.apps.visits import measures
from huixiang.apps.visits.forms import WaitingFilter
from huixiang.domain.waiting import FEW

OWN, TEAM = "service.own", "service.team"


@never_cache
@requires(OWN)
@require_safe
def own_service(request: HttpRequest) -> HttpResponse:
    """One's own alone, by the staff number that the queue system writes."""
    form = WaitingFilter(request.GET, months=measures.months(facts.lake()))
    context: dict[str, Any] = {"form": form, "few": FEW}
    if form.is_valid() and form.cleaned_data["month"]:
        span = measures.of_month(form.cleaned_data["month"])
        lines, kept = tellers.own(facts.lake(), who(request), *span)
        context |= {"found": True, "lines": lines, "kept": kept}
    return render(request, "standards/own_service.html", context, status=200 if form.is_valid() else 422)


@never_cache
@requires(TEAM)
@require_safe
def team_service(request: HttpRequest) -> HttpResponse:
    """The people of a unit in reach, by number; no order of merit."""
    unit = _unit(request)
    form = WaitingFilter(request.GET, months=measures.months(facts.lake()))
    context: dict[str, Any] = {"form": form, "unit": unit, "few": FEW, "most": tellers.MOST}
    if form.is_valid() and form.cleaned_data["month"]:
        month = form.cleaned_data["month"]
        whole, lines = tellers.team(facts.lake(), unit, *measures.of_month(month))
        source = audit.origin(request)
        audit.record("service.team_read", by=who(request), on_kind="unit", on_id=unit.code, source=source, month=month)
        names = dict(Staff.objects.filter(number__in=[each for each, _told in lines]).values_list("number", "name"))
        context |= {"whole": whole, "lines": [(each, names.get(each, ""), told) for each, told in lines]}
    below = Unit.objects.visible_to(who(request), TEAM).filter(parent=unit)
    return render(request, "standards/team_service.html", context | {"below": below},
                  status=200 if form.is_valid() else 422)  # fmt: skip


def _unit(request: HttpRequest) -> Unit:
    """Without a unit: the highest that the person reaches."""
    seen = Unit.objects.visible_to(who(request), TEAM)
    if code := request.GET.get("unit", ""):
        found: Unit = get_object_or_404(seen, code=code)
        return found
    unit: Unit | None = min(seen, key=lambda each: (each.depth, each.path), default=None)
    if unit is None:
        raise Http404
    return unit
