"""Does the hotline keep to its words? By standard and agents' unit, with examples that lead to the call."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.inspections import wording
from huixiang.apps.inspections.forms.finding import ChosenForm
from huixiang.apps.standards.models import in_force_on
from huixiang.domain.standards.conformance import judge
from huixiang.domain.standards.values import Standard


@never_cache
@requires(wording.RIGHT)
@require_safe
def hotline_words(request: HttpRequest) -> HttpResponse:
    """Of the last year, or the days asked for: the whole bank's, as all of the hotline."""
    by = who(request)
    if not by.holds(wording.RIGHT, None):
        raise Http404
    form = ChosenForm(request.GET, by=by, right=wording.RIGHT)
    since, until = form.period
    names = dict(Unit.objects.values_list("code", "name"))
    standards = [each for each in in_force_on(timezone.localdate()) if each.wording]
    context = {
        "form": form,
        "parts": [_part(each, since, until, names) for each in standards],
        "since": since,
        "until": until,
        "may_open": "voice.see" in by.rights,
    }
    return render(request, "inspections/words.html", context, status=200 if form.is_valid() else 422)


def _part(standard: Standard, since: Any, until: Any, names: dict[str, str]) -> dict[str, Any]:
    assert standard.wording is not None
    found = wording.calls(standard.wording, since, until)
    measure = wording.NEVER if standard.wording.forbidden and not standard.wording.phrases else wording.MUST
    measure = (
        standard.aim.measure if standard.aim and standard.aim.measure in (wording.MUST, wording.NEVER) else measure
    )
    whole = wording.measured(found, measure)
    return {
        "standard": standard,
        "measure": measure,
        "whole": whole,
        "verdict": judge(standard.aim, whole) if whole and standard.aim and standard.aim.measure == measure else None,
        "units": [(names.get(code, ""), wording.measured(its, measure)) for code, its in wording.by_unit(found)],
        "missing": wording.missing(found),
        "examples": wording.examples(found),
    }
