"""By which classes are complaints counted, and which clause sets each code? Every code on a page links here."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires
from huixiang.apps.complaints.forms.classes import LABELS
from huixiang.apps.complaints.models.cases import SEE
from huixiang.apps.feedback import rulebooks
from huixiang.domain.complaints.classes import AXES


@never_cache
@requires(SEE)
@require_safe
def complaint_classes(request: HttpRequest) -> HttpResponse:
    """As they held on a day, today unless `on` names another."""
    day = _day(request.GET.get("on", ""))
    book = rulebooks.book("taxonomy", day)
    trees = [
        (LABELS[axis], top, [node for node in book.nodes if node.code.startswith(f"{top}.")])
        for axis, top in AXES.items()
    ]
    return render(request, "complaints/class_tree.html", {"day": day, "book": book, "trees": trees})


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return timezone.localdate()
