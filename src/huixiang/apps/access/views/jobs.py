"""What runs in the background, how far is it, how did it end?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from huixiang.apps.access import audit
from huixiang.apps.access import jobs as work
from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Job

SHOWN = 100


@requires("job.see")
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The newest jobs; while one is open, the list asks for itself every two seconds."""
    shown = Job.objects.visible_to(who(request)).select_related("by")[:SHOWN]
    context = {"jobs": shown, "some_open": any(job.state in Job.OPEN for job in shown)}
    template = "access/job_list.html" if "HX-Request" in request.headers else "access/jobs.html"
    return render(request, template, context)


@requires("job.cancel")
@require_POST
def job_cancel(request: HttpRequest, pk: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(who(request)), pk=pk)
    work.cancel(job, who(request), audit.origin(request))
    return redirect("jobs")
