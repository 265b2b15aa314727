"""How well is the hotline reached, and what became of each call? For those who see the whole bank."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import facts, hotline
from huixiang.apps.feedback.forms.hotline import HotlineFilter
from huixiang.apps.feedback.hotline import Line, Measures
from huixiang.apps.feedback.names import OUTCOMES
from huixiang.channels import export
from huixiang.domain.hotline import FEW, FEWEST
from huixiang.lake import questions
from huixiang.lake.questions import Cursor
from huixiang.lake.store import Lake

PAGE = 50


@requires("hotline.see")
@require_safe
def hotline_page(request: HttpRequest) -> HttpResponse:
    lake = _whole(request)
    form = _form(request, lake)
    context: dict[str, Any] = {"form": form, "span": questions.call_span(lake), "few": FEW, "fewest": FEWEST}
    if form.is_valid() and context["span"]:
        found = hotline.measures(lake, form.slice(), form.rules())
        context |= {"found": found, "days_chart": _days(found), "hours_chart": _hours(found)}
    return render(request, "feedback/hotline.html", context, status=200 if form.is_valid() else 422)


@never_cache
@requires("hotline.see")
@require_safe
def hotline_calls(request: HttpRequest) -> HttpResponse:
    """Each stay, newest first: who called is not told; what was said is for those who may read voices."""
    lake = _whole(request)
    form = _form(request, lake)
    if not form.is_valid():
        return render(request, "feedback/hotline_calls.html", {"form": form}, status=422)
    found = questions.call_page(lake, form.slice(), _cursor(request), PAGE)
    listed = [(stay, OUTCOMES[stay.outcome], stay.voice in found.transcribed) for stay in found.stays]
    context = {"form": form, "listed": listed, "next": found.next.text() if found.next else ""}
    return render(request, "feedback/hotline_calls.html", context)


@requires("hotline.see")
@require_safe
def hotline_export(request: HttpRequest) -> HttpResponseBase:
    """The measures as CSV, line by line as the page tells them."""
    lake = _whole(request)
    form = _form(request, lake)
    if not form.is_valid():
        raise Http404
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    audit.record("hotline.export", by=who(request), on_kind="hotline", source=audit.origin(request), asked=asked)
    lines = export.csv_lines(hotline.header(), hotline.rows(hotline.measures(lake, form.slice(), form.rules())))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-hotline-{timezone.localdate():%Y%m%d}.csv"'
    return response


def _whole(request: HttpRequest) -> Lake:
    if who(request).scope("hotline.see") is not None:
        raise Http404
    return facts.lake()


def _form(request: HttpRequest, lake: Lake) -> HotlineFilter:
    return HotlineFilter(request.GET, queues=questions.queues(lake), span=questions.call_span(lake))


def _cursor(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("before", "")
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        raise Http404 from None


def _days(found: Measures) -> dict[str, list[Any]]:
    return _chart([(f"{line.tally.key:%m-%d}", line) for line in found.by_day])


def _hours(found: Measures) -> dict[str, list[Any]]:
    by_hour = {line.tally.key: line for line in found.by_hour}
    return _chart([(f"{hour}", by_hour.get(hour)) for hour in range(24)])


def _chart(steps: list[tuple[str, Line | None]]) -> dict[str, list[Any]]:
    """Bars of the answered and the abandoned, and the typical wait as a line."""

    def each(of: Any) -> list[Any]:
        return [of(line) if line else None for _label, line in steps]

    return {
        "labels": [label for label, _line in steps],
        "answered": each(lambda line: line.tally.answered),
        "abandoned": each(lambda line: line.abandoned),
        "others": each(lambda line: line.others),
        "wait": each(lambda line: line.wait_p50),
        "slow": each(lambda line: line.wait_p90),
    }
