"""Do inspectors score alike? For those who train and send them: never a ranking shown to all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.inspections import calibrating
from huixiang.apps.inspections.forms.finding import ChosenForm
from huixiang.apps.inspections.models import Visit
from huixiang.apps.inspections.reach import CALIBRATE
from huixiang.domain.inspections.agreeing import FEWEST_CASES, RELIABLE, TENTATIVE
from huixiang.domain.inspections.severity import FEWEST_OWN

SHOWN = 50


@never_cache
@requires(CALIBRATE)
@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """By number of the inspector, not by severity; each look at it is on record."""
    by, form = who(request), ChosenForm(request.GET, by=who(request), right=CALIBRATE)
    since, until = form.period
    kind = form.cleaned_data.get("kind", "") if form.is_valid() else ""
    rows = calibrating.visits(by, since, until, kind) if form.is_valid() else []
    if form.is_valid() and (unit := form.cleaned_data["unit"]):
        rows = [each for each in rows if each.unit.path.startswith(unit.path)]
    found, names = calibrating.calibrate(rows), {each.who_number: each.who for each in rows}
    audit.record("inspection.calibrated", by=by, on_kind="inspection", source=audit.origin(request),
                 cases=found.severities.cases)  # fmt: skip
    context = {
        "form": form,
        "found": found,
        "people": [(names[number], each) for number, each in sorted(found.severities.by.items())],
        "scored": [(each, calibrating.fair(each, found.severities)) for each in _latest(rows)],
        "since": since,
        "until": until,
        "fewest": FEWEST_CASES,
        "fewest_own": FEWEST_OWN,
        "reliable": RELIABLE,
        "tentative": TENTATIVE,
    }
    return render(request, "inspections/calibration.html", context, status=200 if form.is_valid() else 422)


def _latest(rows: list[Visit]) -> list[Any]:
    return rows[::-1][:SHOWN]
