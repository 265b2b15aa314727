"""Which branches stand out when all serve the same people, and what moved the share of those who waited too long?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires
from huixiang.apps.feedback import facts
from huixiang.apps.visits import fair, measures
from huixiang.apps.visits.forms import FairFilter
from huixiang.apps.visits.views.waiting import RIGHT, above, asked_unit
from huixiang.domain.statistics.day_mixing import FEWEST_DAYS
from huixiang.domain.waiting.fair import Group


@requires(RIGHT)
@require_safe
def fair_page(request: HttpRequest) -> HttpResponse:
    unit, form = asked_unit(request), FairFilter(request.GET, months=measures.months(facts.lake()))
    context: dict[str, Any] = {"form": form, "unit": unit, "above": above(request, unit), "fewest_days": FEWEST_DAYS}
    if form.is_valid() and form.cleaned_data["month"]:
        chosen = form.cleaned_data
        limit, months = chosen["limit"], chosen["span"] or 1
        found = fair.seen(facts.lake(), unit, chosen["month"], months, 60 * limit, chosen["band"])
        named = {group.value: found.group(group) for group in Group}
        context |= {"found": found, "chart": fair.plotted(found), "named": named, "limit": limit}
    return render(request, "visits/fair.html", context, status=200 if form.is_valid() else 422)
