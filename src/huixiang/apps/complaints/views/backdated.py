"""What was written down later than it happened, by whom, and does a limit hold by that alone?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import backdating
from huixiang.domain.complaints.lifecycle import APPROVE


@never_cache
@requires(APPROVE)
@require_safe
def complaint_backdated(request: HttpRequest) -> HttpResponse:
    found = backdating.seen(who(request), timezone.now())
    context = {"found": found, "saving": sum(bool(each.saves) for each in found), "most": backdating.MOST,
               "days": backdating.LOOKED_BACK.days, "back": settings.COMPLAINT_BACKDATE_DAYS}  # fmt: skip
    return render(request, "complaints/backdated.html", context)
