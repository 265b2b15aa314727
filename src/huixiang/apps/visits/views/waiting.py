"""How long do people wait at the branches? From the bank to the branch, its day and its tickets; never whose."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.visits import measures
from huixiang.apps.visits.forms import WaitingFilter
from huixiang.apps.visits.measures import Line, Seen
from huixiang.channels import export
from huixiang.domain.waiting import FEW
from huixiang.lake import questions
from huixiang.lake.questions import waits
from huixiang.lake.questions.wait_recent import recent

RIGHT = "waiting.see"


@requires(RIGHT)
@require_safe
def waiting_page(request: HttpRequest) -> HttpResponse:
    unit, form = asked(request)
    context: dict[str, Any] = {"form": form, "unit": unit, "above": above(request, unit), "few": FEW}
    if form.is_valid() and form.cleaned_data["month"]:
        found = _seen(unit, form)
        context |= {"found": found, "chart": _chart(found.days), "limit": form.cleaned_data["limit"]}
        context["recent"] = recent(facts.lake(), unit.code)
    return render(request, "visits/waiting.html", context, status=200 if form.is_valid() else 422)


@requires(RIGHT)
@require_safe
def waiting_day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """A branch's tickets of one day in the order in which they were taken."""
    unit = get_object_or_404(_visible(request), code=code)
    try:
        on, after = date.fromisoformat(day), max(0, int(request.GET.get("after", 0)))
    except ValueError:
        raise Http404 from None
    lake = facts.lake()
    rows, has_more = questions.ticket_page(lake, unit.code, on, after)
    told = waits.branch_days(lake, on, on, {unit.code})
    context = {"unit": unit, "day": on, "rows": rows, "told": told[0] if told else None, "month": f"{on:%Y-%m}"}
    context |= {"next": after + len(rows) if has_more else None, "first": after, "above": above(request, unit)}
    return render(request, "visits/waiting_day.html", context)


@requires(RIGHT)
@require_safe
def waiting_export(request: HttpRequest) -> HttpResponseBase:
    """The measures as CSV: the unit, each below it, each day."""
    unit, form = asked(request)
    if not form.is_valid() or not form.cleaned_data["month"]:
        raise Http404
    found, month = _seen(unit, form), form.cleaned_data["month"]
    chosen = {"unit": unit.code, "month": month}
    audit.record("waiting.export", by=who(request), on_kind="waiting", source=audit.origin(request), asked=chosen)
    lines = export.csv_lines(header(), rows(unit, found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-waiting-{unit.code}-{month}.csv"'
    return response


def header() -> list[str]:
    return [_("分组"), _("值"), *measures.line_cells(Line("", 0, 0, 0, (0, 0), None, None, None))]


def rows(unit: Unit, found: Seen) -> list[list[Any]]:
    """All lines as cells for a spreadsheet."""
    listed = [(_("合计"), unit.code, found.total)]
    listed += [(_("机构"), below.code, line) for below, line in found.units]
    listed += [(_("日"), line.key.isoformat(), line) for line in found.days]
    return [
        [title, key, *("" if cell is None else cell for cell in measures.line_cells(line).values())]
        for title, key, line in listed
    ]


def _visible(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(who(request), RIGHT)


def asked(request: HttpRequest) -> tuple[Unit, WaitingFilter]:
    return asked_unit(request), WaitingFilter(request.GET, months=measures.months(facts.lake()))


def asked_unit(request: HttpRequest) -> Unit:
    """Without a unit: the highest that the person reaches."""
    code = request.GET.get("unit", "")
    if code:
        found: Unit = get_object_or_404(_visible(request), code=code)
        return found
    unit: Unit | None = min(_visible(request), key=lambda each: (each.depth, each.path), default=None)
    if unit is None:
        raise Http404
    return unit


def _seen(unit: Unit, form: WaitingFilter) -> Seen:
    first, last = measures.of_month(form.cleaned_data["month"])
    return measures.seen(facts.lake(), unit, first, last, 60 * form.cleaned_data["limit"])


def above(request: HttpRequest, unit: Unit) -> list[Unit]:
    """The way down to the unit, as far as the person reaches."""
    codes = unit.path.strip("/").split("/")[:-1]
    return sorted(_visible(request).filter(code__in=codes), key=lambda each: each.depth)


def _chart(days: list[Line]) -> dict[str, list[Any]]:
    """Bars of the called and of those who left, and the minutes of waiting as lines; few are left out."""
    return {
        "labels": [f"{line.key:%m-%d}" for line in days],
        "answered": [line.called for line in days],
        "abandoned": [line.gone for line in days],
        "others": [0 for _line in days],
        "wait": [line.p50.value / 60 if line.p50 and not line.is_few else None for line in days],
        "slow": [line.p90.value / 60 if line.p90 and not line.is_few else None for line in days],
    }
