"""What is kept of customers, and how long? One page for the whole bank."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.feedback import keeping

RIGHT = "retention.manage"


@requires(RIGHT)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    if who(request).scope(RIGHT) is not None:
        raise Http404
    rows = [(each, _page_of(each)) for each in keeping.told(timezone.now())]
    due = sum(each.due or 0 for each, _ in rows)
    context = {"rows": rows, "due": due, "has_address": bool(settings.PUBLIC_URL)}
    return render(request, "feedback/retention.html", context)


def _page_of(each: keeping.Told) -> str:
    name, *args = each.keeping.settings or ("",)
    return reverse(name, args=args) if name else ""
