"""What stands on a unit's scorecard? Line by line, with what each standard brings and what is not proven."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.standards.forms import ScorecardFilter
from huixiang.apps.standards.models import SEE
from huixiang.apps.standards.names import VERDICTS, called
from huixiang.apps.standards.scoring import scored
from huixiang.apps.standards.views.units import months, span
from huixiang.channels import export
from huixiang.domain.standards.scorecard import Line

SHOWN = 100  # units below


@never_cache
@requires(SEE)
@require_safe
def scorecard(request: HttpRequest) -> HttpResponse:
    unit, form = _asked(request)
    seen = Unit.objects.visible_to(who(request), SEE)
    context: dict[str, Any] = {"unit": unit, "form": form, "below": seen.filter(parent=unit)[:SHOWN]}
    context["above"] = seen.filter(code__in=unit.path.strip("/").split("/")[:-1]).order_by("path")
    if form.is_valid():
        since, until = span(form.cleaned_data["month"])
        context |= {"month": form.cleaned_data["month"], "is_whole": until < timezone.localdate()}
        context["lines"] = scored(unit, since, until, who(request))
    return render(request, "standards/scorecard.html", context, status=200 if form.is_valid() else 422)


@requires(SEE)
@require_safe
def scorecard_export(request: HttpRequest) -> HttpResponseBase:
    unit, form = _asked(request)
    if not form.is_valid():
        raise Http404
    month = form.cleaned_data["month"]
    lines = scored(unit, *span(month), who(request))
    audit.record("standard.scorecard_export", by=who(request), on_kind="unit", on_id=unit.code,
                 source=audit.origin(request), month=month)  # fmt: skip
    response = StreamingHttpResponse(export.csv_lines(header(), cells(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-scorecard-{unit.code}-{month}.csv"'
    return response


def header() -> list[str]:
    return [
        _("考核项"),
        _("标准"),
        _("数值"),
        _("95% 区间下限"),
        _("95% 区间上限"),
        _("样本数"),
        _("结论"),
        _("权重"),
        _("得分"),
    ]


def cells(lines: list[Line]) -> list[list[Any]]:
    return [
        [line.title, called(each.standard), *_numbers(each.found), str(VERDICTS[each.verdict]), each.weight,
         "" if each.earned is None else each.earned]
        for line in lines
        for each in line.entries
    ]  # fmt: skip


def _numbers(found: Any) -> list[Any]:
    return [getattr(found, name, "") for name in ("value", "low", "high", "n")]


def _asked(request: HttpRequest) -> tuple[Unit, ScorecardFilter]:
    form = ScorecardFilter(request.GET, months=months(timezone.localdate()))
    seen = Unit.objects.visible_to(who(request), SEE)
    if code := request.GET.get("unit", ""):
        return get_object_or_404(seen, code=code), form
    unit = min(seen, key=lambda each: (each.depth, each.path), default=None)
    if unit is None:
        raise Http404
    return unit, form
