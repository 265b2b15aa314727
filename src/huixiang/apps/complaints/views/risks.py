"""Which complaints carry risk that nobody of the right level has known of yet?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.models.cases import SEE

MOST, MOST_COUNTED = 100, 1_000


@never_cache
@requires(SEE)
@require_safe
def complaint_risks(request: HttpRequest) -> HttpResponse:
    """Those that wait for the reader first. They are known by the verb on the case's page."""
    by = who(request)
    context = {
        "waiting": risking.waiting(by, timezone.now(), MOST),
        "count": risking.count(Case.objects.visible_to(by), MOST_COUNTED),
    }
    return render(request, "complaints/risks.html", context)
