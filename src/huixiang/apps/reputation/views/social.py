"""What is said of us in social media, how far does it go, and how much is said of others?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access import audit
from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import facts
from huixiang.apps.reputation import names, social
from huixiang.apps.reputation.forms import SocialFilter
from huixiang.apps.reputation.views.app_reviews import csv
from huixiang.lake import questions
from huixiang.lake.questions import PostSlice
from huixiang.lake.store import Lake


@never_cache
@requires("overview.see")
@require_safe
def social_page(request: HttpRequest) -> HttpResponse:
    lake, staff = facts.lake(), who(request)
    form, span = _form(request, lake)
    book = names.in_force()
    context: dict[str, Any] = {"form": form, "span": span, "has_own": bool(book.own), "fewest": social.FEWEST}
    context["may_name"] = "names.manage" in staff.rights and staff.scope("names.manage") is None
    if form.is_valid() and span:
        reach, read = staff.scope("overview.see"), staff.scope("voice.see")
        found = social.measures(lake, book, form.slice(reach))
        may_read = "voice.see" in staff.rights and (read is None or (reach is not None and reach <= read))
        context |= {"found": found, "chart": social.chart(found), "may_read": may_read}
        if may_read and found.chains:
            told: dict[str, Any] = {"place": "social", "count": len(found.chains), "after": "", "searched": False}
            audit.record("voice.read", by=staff, on_kind="voice", source=audit.origin(request), **told)
    return render(request, "reputation/social.html", context, status=200 if form.is_valid() else 422)


@requires("overview.see")
@require_safe
def social_export(request: HttpRequest) -> HttpResponseBase:
    """The numbers of the page as CSV; no text of any customer."""
    lake, staff = facts.lake(), who(request)
    form, _span = _form(request, lake)
    if not form.is_valid():
        raise Http404
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    audit.record("social.export", by=staff, on_kind="social", source=audit.origin(request), asked=asked)
    found = social.measures(lake, names.in_force(), form.slice(staff.scope("overview.see")))
    return csv("social", social.header(), social.rows(found))


def _form(request: HttpRequest, lake: Lake) -> tuple[SocialFilter, Any]:
    whole = PostSlice(who(request).scope("overview.see"))
    span = questions.span(lake, whole.voices)
    return SocialFilter(request.GET, platforms=questions.platforms(lake, whole), span=span), span
