"""What runs out, and how far up has it come? For who has the case, and for those above him."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import terms_part, warnings
from huixiang.apps.complaints.models.cases import SEE


@never_cache
@requires(SEE)
@require_safe
def complaint_warnings(request: HttpRequest) -> HttpResponse:
    found, next_ = warnings.warned(who(request), timezone.now(), _place(request.GET.get("after", "")))
    context = {
        "warnings": found,
        "next": next_,
        "thresholds": terms_part.told(timezone.localdate()),
        "today": timezone.localdate(),
        "is_first": not request.GET.get("after"),
    }
    return render(request, "complaints/warnings.html", context)


def _place(after: str) -> tuple[int, int] | None:
    day, _dot, pk = after.partition(".")
    if not (day.isdecimal() and pk.isdecimal() and len(pk) < 19 and 0 < int(day) <= date.max.toordinal()):
        return None
    return int(day), int(pk)
