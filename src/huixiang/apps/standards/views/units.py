"""Which units keep a standard, which do not, and of which can it not be told? By month, as a page and as CSV."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.standards.by_unit import ORDER, ByUnit, by_unit
from huixiang.apps.standards.forms import UnitsFilter
from huixiang.apps.standards.models import SEE, in_force_on
from huixiang.apps.standards.names import VERDICTS
from huixiang.apps.standards.views.reading import visible
from huixiang.channels import export
from huixiang.domain.standards.values import Standard

MONTHS, SHOWN = 13, 200


@never_cache
@requires(SEE)
@require_safe
def standard_units(request: HttpRequest, code: str) -> HttpResponse:
    standard, form = _asked(request, code)
    context: dict[str, Any] = {"standard": standard, "form": form, "months": form.is_valid()}
    if form.is_valid():
        since, until = span(form.cleaned_data["month"])
        found = by_unit(standard, since, until, who(request))
        lines = [each for each in found.lines if form.cleaned_data["verdict"] in ("", each.verdict)] if found else []
        context |= {"since": since, "until": until, "found": found, "lines": lines[:SHOWN]}
        context |= {"more": len(lines[SHOWN:]), "month": form.cleaned_data["month"], "is_whole": until < _today()}
    return render(request, "standards/units.html", context, status=200 if form.is_valid() else 422)


@requires(SEE)
@require_safe
def standard_units_export(request: HttpRequest, code: str) -> HttpResponseBase:
    """All units within reach, as CSV."""
    standard, form = _asked(request, code)
    if not form.is_valid():
        raise Http404
    month = form.cleaned_data["month"]
    found = by_unit(standard, *span(month), who(request))
    if found is None:
        raise Http404
    audit.record("standard.units_export", by=who(request), on_kind="standard", on_id=code,
                 source=audit.origin(request), month=month)  # fmt: skip
    response = StreamingHttpResponse(export.csv_lines(header(), cells(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-standard-{code}-{month}.csv"'
    return response


def header() -> list[str]:
    return [_("机构号"), _("机构"), _("数值"), _("95% 区间下限"), _("95% 区间上限"), _("样本数"), _("结论")]


def cells(found: ByUnit) -> list[list[Any]]:
    return [
        [each.unit.code, each.unit.name, each.found.value, each.found.low, each.found.high, each.found.n,
         str(VERDICTS[each.verdict])]
        for each in found.lines
    ]  # fmt: skip


def _asked(request: HttpRequest, code: str) -> tuple[Standard, UnitsFilter]:
    visible(request, code)
    standard = next((each for each in in_force_on(_today()) if each.code == code), None)
    if standard is None or standard.aim is None:
        raise Http404
    return standard, UnitsFilter(
        request.GET, months=months(_today()), verdicts=[(each, VERDICTS[each]) for each in ORDER]
    )


def months(today: date) -> list[str]:
    """This month and twelve before it, the latest first."""
    found, first = [], today.replace(day=1)
    for _number in range(MONTHS):
        found.append(f"{first:%Y-%m}")
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def span(month: str) -> tuple[date, date]:
    """Its first and last day."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _today() -> date:
    return timezone.localdate()
