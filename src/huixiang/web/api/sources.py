"""Which mailboxes and feeds are asked by themselves? The same verbs as on the pages; a secret goes in and never out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.sources import actions
from huixiang.apps.sources.models import LONGEST, SHORTEST, Source
from huixiang.domain.feedback import Channel
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.jobs import JobOut
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Given, Limit, Page, Word

router = Router(tags=["sources"])
SEE, MANAGE = Bearer("source.see"), Bearer("source.manage")
SEEN = "source.see"


class SourceIn(Given):
    """`secret` null leaves the one that is kept; `folder`, `after` and `account` are for mailboxes.

    `receipts`: is who wrote sent a tracking code at once? As the channel's setting says, always, or never.
    """

    name: Annotated[Word, Field(min_length=1, max_length=80)]
    kind: Literal["imap", "feed"]
    address: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]
    channel: Channel
    account: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    secret: Annotated[str, Field(max_length=400, pattern=NO_NUL)] | None = None
    folder: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    after: Literal["keep", "seen"] = "keep"
    receipts: Literal["channel", "send", "none"] = "channel"
    every_minutes: Annotated[int, Field(ge=SHORTEST, le=LONGEST)] = 15
    branch: Word = ""
    product: Annotated[Word, Field(max_length=80)] = ""


class SourceOut(Schema):
    """`state`: working, waiting, failing (`trouble` says why, `failing_since` since when) or paused."""

    id: UUID
    name: str
    kind: str
    address: str
    account: str
    has_secret: bool
    folder: str
    after: str
    receipts: str
    every_minutes: int
    channel: str
    branch: str | None
    product: str
    by: str
    state: str
    trouble: str
    failures: int
    failing_since: datetime | None
    polled_at: datetime | None
    next_at: datetime | None
    job: JobOut | None

    @classmethod
    def of(cls, made: Source) -> SourceOut:
        same = (
            "id", "name", "kind", "address", "account", "folder", "after", "receipts", "every_minutes", "channel",
            "product", "state", "trouble", "failures", "failing_since", "polled_at",
        )  # fmt: skip
        return cls(
            **{name: getattr(made, name) for name in same},
            has_secret=bool(made.sealed),
            branch=made.branch.code if made.branch else None,
            by=made.by.number,
            next_at=None if made.paused_at else made.next_at,
            job=JobOut.from_orm(made.job) if made.job else None,
        )


class SampleOut(Schema):
    """One voice as it would come in, masked; `fault` says why it would be set aside."""

    number: int
    fault: str
    said_at: datetime | None
    title: str
    text: str


class TrialOut(Schema):
    """What would come; nothing of it was taken in. A source that cannot be asked is a problem `refused`."""

    is_empty: bool
    more: bool
    samples: list[SampleOut]


@router.get("/sources", auth=SEE, response=Page[SourceOut], summary=gettext_noop("定时收取的来源"))
def list_sources(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[SourceOut]:
    rows = Source.objects.visible_to(who(request)).select_related("branch", "job", "by")
    found, following = page(rows, ("created_at", "pk"), after, limit)
    return Page[SourceOut](items=[SourceOut.of(made) for made in found], next=following)


@router.post("/sources", auth=MANAGE, response={201: SourceOut | None}, summary=gettext_noop("添加来源"))
def add_source(request: HttpRequest, wanted: SourceIn) -> SourceOut | None:
    made = actions.add_source(_wanted(wanted), by=who(request), source=source(request))
    return shown(request, SEEN, SourceOut.of(made))


@router.get("/sources/{source_id}", auth=SEE, response=SourceOut, summary=gettext_noop("一个来源及其状态"))
def read_source(request: HttpRequest, source_id: UUID) -> SourceOut:
    return SourceOut.of(get_object_or_404(Source.objects.visible_to(who(request)), pk=source_id))


@router.put("/sources/{source_id}", auth=MANAGE, response=SourceOut | None, summary=gettext_noop("修改来源"))
def change_source(request: HttpRequest, source_id: UUID, wanted: SourceIn) -> SourceOut | None:
    made = _managed(request, source_id)
    actions.change_source(made, _wanted(wanted), by=who(request), source=source(request))
    return _after(request, source_id)


@router.post("/sources/{source_id}/test", auth=MANAGE, response=TrialOut, summary=gettext_noop("试连来源，不入库"))
def try_source(request: HttpRequest, source_id: UUID) -> TrialOut:
    """Within twenty seconds."""
    trial = actions.try_source(_managed(request, source_id), by=who(request), source=source(request))
    samples = [SampleOut.from_orm(sample) for sample in trial.samples]
    return TrialOut(is_empty=trial.is_empty, more=trial.more, samples=samples)


@router.post(
    "/sources/{source_id}/poll", auth=MANAGE, response={202: SourceOut | None}, summary=gettext_noop("立即收取")
)
def poll_source(request: HttpRequest, source_id: UUID) -> SourceOut | None:
    """In the background."""
    actions.poll_source(_managed(request, source_id), by=who(request), source=source(request))
    return _after(request, source_id)


@router.post("/sources/{source_id}/pause", auth=MANAGE, response=SourceOut | None, summary=gettext_noop("暂停来源"))
def pause_source(request: HttpRequest, source_id: UUID) -> SourceOut | None:
    actions.pause_source(_managed(request, source_id), by=who(request), source=source(request))
    return _after(request, source_id)


@router.post("/sources/{source_id}/resume", auth=MANAGE, response=SourceOut | None, summary=gettext_noop("恢复来源"))
def resume_source(request: HttpRequest, source_id: UUID) -> SourceOut | None:
    """Whoever resumes it answers for it."""
    actions.resume_source(_managed(request, source_id), by=who(request), source=source(request))
    return _after(request, source_id)


@router.post("/sources/{source_id}/remove", auth=MANAGE, response={204: None}, summary=gettext_noop("删除来源"))
def remove_source(request: HttpRequest, source_id: UUID) -> None:
    """What it brought stays."""
    actions.remove_source(_managed(request, source_id), by=who(request), source=source(request))


def _managed(request: HttpRequest, source_id: UUID) -> Source:
    rows = Source.objects.managed_by(who(request)).select_related("branch", "job", "by")
    return get_object_or_404(rows, pk=source_id)


def _after(request: HttpRequest, source_id: UUID) -> SourceOut | None:
    return shown(request, SEEN, SourceOut.of(Source.objects.select_related("branch", "job", "by").get(pk=source_id)))


def _wanted(given: SourceIn) -> actions.Wanted:
    found = given.dict() | {"channel": given.channel.value}
    branch = Unit.objects.filter(code=given.branch).first() if given.branch else None
    if given.branch and branch is None:
        raise Invalid("body", "branch", _("机构不存在，或不在权限范围内"))
    return actions.Wanted(**found | {"branch": branch})
