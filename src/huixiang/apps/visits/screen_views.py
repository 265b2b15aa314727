"""Who still comes to the counter, how far do people come on the screens, and do the systems hold? Never who it was."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.visits import screen_people, screen_tables, screen_working
from huixiang.apps.visits.measures import of_month
from huixiang.apps.visits.screen_forms import ScreenFilter
from huixiang.channels import export
from huixiang.domain.digital import substitution
from huixiang.domain.digital.funnels import FEW
from huixiang.lake.questions import screen_use
from huixiang.lake.store import Lake

RIGHT = "digital.see"


@requires(RIGHT)
@require_safe
def digital_page(request: HttpRequest) -> HttpResponse:
    """Who still comes to the counter of a unit and below, and which of its machines stood still."""
    lake, unit = facts.lake(), _unit(request)
    form = ScreenFilter(request.GET, months=screen_people.months(lake))
    context = _context(request, form, unit=unit, above=_above(request, unit), smallest=substitution.SMALLEST)
    if form.is_valid() and form.cleaned_data["month"]:
        month = form.cleaned_data["month"]
        days = screen_people.days_of(lake, month)
        context["found"] = screen_people.seen(lake, unit, days) if days else None
        context["devices"] = screen_working.devices(lake, *of_month(month), _codes(unit))[:20]
    return _rendered(request, "visits/digital.html", context)


@requires(RIGHT)
@require_safe
def digital_use(request: HttpRequest) -> HttpResponse:
    """How far people come with each errand, where they stop, and what fails. For those who see the whole bank."""
    lake = _whole(request)
    form = _use_form(request, lake)
    context = _context(request, form)
    if form.is_valid() and form.cleaned_data["month"]:
        found = screen_working.used(lake, *of_month(form.cleaned_data["month"]), form.cleaned_data["service"])
        context |= {"found": found}
    return _rendered(request, "visits/digital_use.html", context)


@requires(RIGHT)
@require_safe
def digital_outages(request: HttpRequest) -> HttpResponse:
    """What was out of order, when, and whether customers said so. For those who see the whole bank."""
    lake = _whole(request)
    form = ScreenFilter(request.GET, months=_months(lake))
    context = _context(request, form)
    if form.is_valid() and form.cleaned_data["month"]:
        context["found"] = screen_working.working(lake, *of_month(form.cleaned_data["month"]))
        context["until"] = screen_working.known_until()
    return _rendered(request, "visits/digital_outages.html", context)


@requires(RIGHT)
@require_safe
def digital_export(request: HttpRequest, part: str) -> HttpResponseBase:
    """The measures of one of the pages as CSV: "people", "use" or "outages"."""
    lake = facts.lake() if part == "people" else _whole(request)
    form = _use_form(request, lake)
    unit = _unit(request)
    if not form.is_valid() or not form.cleaned_data["month"]:
        raise Http404
    month = form.cleaned_data["month"]
    lines = screen_tables.lines(lake, part, unit, month)
    if lines is None:
        raise Http404
    asked = {"part": part, "unit": unit.code, "month": month}
    audit.record("digital.export", by=who(request), on_kind="digital", source=audit.origin(request), asked=asked)
    response = StreamingHttpResponse(export.csv_lines(*lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-digital-{part}-{unit.code}-{month}.csv"'
    return response


def _rendered(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=200 if context["form"].is_valid() else 422)


def _context(request: HttpRequest, form: ScreenFilter, **more: Any) -> dict[str, Any]:
    is_whole = who(request).scope(RIGHT) is None
    return {"form": form, "few": FEW, "is_whole": is_whole, "month": form.data.get("month", ""), **more}


def _use_form(request: HttpRequest, lake: Lake) -> ScreenFilter:
    months = screen_people.months(lake)
    month = request.GET.get("month") or (months[0] if months else "")
    services = sorted(screen_use.steps(lake, *of_month(month))) if month in months else []
    return ScreenFilter(request.GET, months=months, services=services)


def _months(lake: Lake) -> list[str]:
    """Those with facts of screens or of incidents, the newest first."""
    found = {*screen_people.months(lake), *(lake.months("downtimes") if lake.version("downtimes") >= 0 else ())}
    return sorted(found, reverse=True)


def _whole(request: HttpRequest) -> Lake:
    if who(request).scope(RIGHT) is not None:
        raise Http404
    return facts.lake()


def _visible(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(who(request), RIGHT)


def _unit(request: HttpRequest) -> Unit:
    """Without a unit: the highest that the person reaches."""
    if code := request.GET.get("unit", ""):
        found: Unit = get_object_or_404(_visible(request), code=code)
        return found
    unit: Unit | None = min(_visible(request), key=lambda each: (each.depth, each.path), default=None)
    if unit is None:
        raise Http404
    return unit


def _above(request: HttpRequest, unit: Unit) -> list[Unit]:
    """The way down to the unit, as far as the person reaches."""
    codes = unit.path.strip("/").split("/")[:-1]
    return sorted(_visible(request).filter(code__in=codes), key=lambda each: each.depth)


def _codes(unit: Unit) -> frozenset[str] | None:
    return None if unit.parent_id is None else screen_people.below(unit)
