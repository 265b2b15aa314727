"""How is the app judged in the stores, and did a release break something?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import facts
from huixiang.apps.reputation import app_reviews, bursts
from huixiang.apps.reputation.forms import ReviewFilter
from huixiang.apps.reputation.models import Burst, ReviewWatch
from huixiang.channels import export
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake

MOST_BURSTS = 30


@never_cache
@requires("overview.see")
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    lake, staff = facts.lake(), who(request)
    form, span = _form(request, lake)
    context: dict[str, Any] = {"form": form, "span": span, "last": ReviewWatch.objects.order_by("-on").first()}
    context |= {"most": f"{bursts.RULE.false_alarms_a_year:g}", "fewest": app_reviews.FEWEST}
    if form.is_valid() and span:
        reach = staff.scope("overview.see")
        found = app_reviews.measures(lake, form.slice(reach), copied=not form.cleaned_data["once"])
        read = staff.scope("voice.see")
        may_read = "voice.see" in staff.rights and (read is None or (reach is not None and reach <= read))
        shown = Burst.objects.visible_to(staff)
        context |= {"found": found, "chart": app_reviews.chart(found), "may_read": may_read}
        context |= {"bursts": [bursts.told(each) for each in shown[:MOST_BURSTS]]}
        if may_read and found.copies:
            told: dict[str, Any] = {"place": "reviews", "count": len(found.copies), "after": "", "searched": False}
            audit.record("voice.read", by=staff, on_kind="voice", source=audit.origin(request), **told)
    return render(request, "reputation/reviews.html", context, status=200 if form.is_valid() else 422)


@requires("overview.see")
@require_safe
def reviews_export(request: HttpRequest) -> HttpResponseBase:
    """The numbers of the page as CSV; no text of any customer."""
    lake, staff = facts.lake(), who(request)
    form, _span = _form(request, lake)
    if not form.is_valid():
        raise Http404
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    audit.record("reviews.export", by=staff, on_kind="reviews", source=audit.origin(request), asked=asked)
    found = app_reviews.measures(lake, form.slice(staff.scope("overview.see")), copied=not form.cleaned_data["once"])
    return csv("reviews", app_reviews.header(), app_reviews.rows(found))


def csv(name: str, header: Any, rows: Any) -> StreamingHttpResponse:
    """A table as a download."""
    response = StreamingHttpResponse(export.csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="huixiang-{name}-{timezone.localdate():%Y%m%d}.csv"'
    return response


def _form(request: HttpRequest, lake: Lake) -> tuple[ReviewFilter, Any]:
    whole = Slice(who(request).scope("overview.see"), ("app_review",), dated=True)
    span = questions.span(lake, whole)
    stores = questions.distinct(lake, "platform", whole)
    return ReviewFilter(request.GET, platforms=stores, span=span, months=6), span
