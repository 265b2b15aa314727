"""What runs in the background, how far is it, how did it end?"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.access import jobs as work
from huixiang.apps.access.models import Job
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, Word, one_of

router = Router(tags=["jobs"])
SEE = Bearer("job.see")
State = Annotated[Job.State, one_of(Job.State)]


class JobOut(Schema):
    """`total` is null where it is not known beforehand; of a file `done_share` then tells how much of it was read.

    `outcome` is one sentence: how it ended.
    """

    id: UUID
    kind: str
    title: str
    state: State
    done: int
    total: int | None
    done_share: float | None
    attempts: int
    cancel_requested: bool
    outcome: str
    created_at: datetime
    ended_at: datetime | None


@router.get("/jobs", auth=SEE, response=Page[JobOut], summary=gettext_noop("后台任务，最新在前"))
def list_jobs(request: HttpRequest, state: State | None = None, after: Word = "", limit: Limit = 50) -> Page[JobOut]:
    rows = Job.objects.visible_to(who(request))
    rows = rows.filter(state=state) if state else rows
    found, following = page(rows, ("-created_at", "-pk"), after, limit)
    return Page[JobOut](items=[JobOut.from_orm(job) for job in found], next=following)


@router.get("/jobs/{job_id}", auth=SEE, response=JobOut, summary=gettext_noop("一个后台任务"))
def read_job(request: HttpRequest, job_id: UUID) -> Job:
    return _visible(request, job_id)


@router.post(
    "/jobs/{job_id}/cancel",
    auth=Bearer("job.cancel"),
    response={202: JobOut | None},
    summary=gettext_noop("请求停止一个后台任务"),
)
def cancel_job(request: HttpRequest, job_id: UUID) -> Job | None:
    """At once if it waits, else at its next sign of life; a job that has ended stays as it is."""
    work.cancel(_visible(request, job_id), who(request), source(request))
    return shown(request, "job.see", _visible(request, job_id))


def _visible(request: HttpRequest, job_id: UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(who(request)), pk=job_id)
