"""Which agents have many complaints? Without their names: who they are stands, audited, on each case."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.complaints import agents
from huixiang.domain.complaints.lifecycle import HANDLE


@never_cache
@requires(HANDLE)
@require_safe
def complaint_agents(request: HttpRequest) -> HttpResponse:
    context = {"agents": agents.many(who(request), timezone.now()), "least": settings.COMPLAINT_AGENT_CASES,
               "days": settings.COMPLAINT_AGENT_DAYS}  # fmt: skip
    return render(request, "complaints/agents.html", context)
