"""Which systems are told of complaints? Subscribed, tested, their messages sent again; a secret comes out once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field, WithJsonSchema

from huixiang.apps.access.sentences import told
from huixiang.apps.complaints.actions import webhooks as actions
from huixiang.apps.complaints.models import Delivery, Webhook
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import Moment
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Given, Limit, Page, Word, one_of

router = Router(tags=["complaints"])
MANAGE = Bearer(actions.MANAGE)
EventVerb = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(VERBS)})]
DeliveryState = Annotated[Delivery.State, one_of(Delivery.State)]


class WebhookIn(Given):
    """`url` must stand in HUIXIANG_WEBHOOKS; `verbs` none: every event."""

    name: Annotated[Word, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]
    verbs: Annotated[list[EventVerb], Field(max_length=60)] = []


class WebhookOut(Schema):
    """`former_until`: until then the former secret is signed with as well. `is_gone`: the other side answered 410."""

    id: UUID
    name: str
    url: str
    verbs: list[str]
    by: str
    created_at: datetime
    paused_at: datetime | None
    is_gone: bool
    former_until: datetime | None

    @classmethod
    def of(cls, hook: Webhook) -> WebhookOut:
        same = ("id", "name", "url", "verbs", "created_at", "paused_at", "is_gone", "former_until")
        return cls(**{name: getattr(hook, name) for name in same}, by=hook.by.number)


class WebhookSecretOut(Schema):
    """The secret is told here and never again."""

    webhook: WebhookOut
    secret: str


class DeliveryOut(Schema):
    """One message: `id` is its webhook-id. `trouble` says why there was no answer; `next_at` of one that waits."""

    id: UUID
    event: str
    case_number: str | None
    seq: int
    happened_at: datetime
    state: DeliveryState
    status: int | None
    trouble: str
    tries: int
    replays: int
    tried_at: datetime | None
    next_at: datetime | None

    @classmethod
    def of(cls, sent: Delivery) -> DeliveryOut:
        same = ("id", "seq", "happened_at", "status", "tries", "replays", "tried_at")
        return cls(
            **{name: getattr(sent, name) for name in same},
            event=sent.kind,
            state=Delivery.State(sent.state),
            case_number=sent.case.number if sent.case else None,
            trouble=told(sent.trouble["message"], sent.trouble["params"]) if sent.trouble else "",
            next_at=sent.next_at if sent.state == Delivery.State.WAITING else None,
        )


class ReplayIn(Given):
    """Either one delivery, or all that happened in a span, both ends included."""

    delivery: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None


class ReplayOut(Schema):
    """How many will be sent again."""

    count: int


@router.get("/complaint-webhooks", auth=MANAGE, response=Page[WebhookOut], summary=gettext_noop("投诉事件的订阅"))
def list_webhooks(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[WebhookOut]:
    found, following = page(_rows(request), ("created_at", "pk"), after, limit)
    return Page[WebhookOut](items=[WebhookOut.of(hook) for hook in found], next=following)


@router.post("/complaint-webhooks", auth=MANAGE, response={201: WebhookSecretOut}, summary=gettext_noop("订阅投诉事件"))
def add_webhook(request: HttpRequest, wanted: WebhookIn) -> WebhookSecretOut:
    hook, secret = actions.add_webhook(_wanted(wanted), by=who(request), source=source(request))
    return WebhookSecretOut(webhook=WebhookOut.of(hook), secret=secret)


@router.get("/complaint-webhooks/{webhook_id}", auth=MANAGE, response=WebhookOut, summary=gettext_noop("一个订阅"))
def read_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    return WebhookOut.of(_hook(request, webhook_id))


@router.put("/complaint-webhooks/{webhook_id}", auth=MANAGE, response=WebhookOut, summary=gettext_noop("修改订阅"))
def change_webhook(request: HttpRequest, webhook_id: UUID, wanted: WebhookIn) -> WebhookOut:
    hook = _hook(request, webhook_id)
    actions.change_webhook(hook, _wanted(wanted), by=who(request), source=source(request))
    return WebhookOut.of(hook)


@router.get(
    "/complaint-webhooks/{webhook_id}/deliveries",
    auth=MANAGE,
    response=Page[DeliveryOut],
    summary=gettext_noop("一个订阅的送达记录，最新在前"),
)
def list_deliveries(request: HttpRequest, webhook_id: UUID, after: Word = "", limit: Limit = 50) -> Page[DeliveryOut]:
    rows = _hook(request, webhook_id).deliveries.select_related("case")
    found, following = page(rows, ("-happened_at", "-pk"), after, limit)
    return Page[DeliveryOut](items=[DeliveryOut.of(each) for each in found], next=following)


@router.post(
    "/complaint-webhooks/{webhook_id}/test", auth=MANAGE, response=DeliveryOut, summary=gettext_noop("试发一条事件")
)
def try_webhook(request: HttpRequest, webhook_id: UUID) -> DeliveryOut:
    """Within twenty seconds; what came of it stands in the answer."""
    sent = actions.try_webhook(_hook(request, webhook_id), by=who(request), source=source(request))
    return DeliveryOut.of(sent)


@router.post(
    "/complaint-webhooks/{webhook_id}/replay",
    auth=MANAGE,
    response={202: ReplayOut},
    summary=gettext_noop("重发一条或一段时间的事件"),
)
def replay_webhook(request: HttpRequest, webhook_id: UUID, span: ReplayIn) -> ReplayOut:
    """In the background, under the same ids."""
    hook = _hook(request, webhook_id)
    said: dict[str, Any] = {"one": span.delivery, "since": span.since, "until": span.until}
    return ReplayOut(count=actions.replay(hook, **said, by=who(request), source=source(request)))


@router.post(
    "/complaint-webhooks/{webhook_id}/rotate",
    auth=MANAGE,
    response=WebhookSecretOut,
    summary=gettext_noop("轮换签名密钥"),
)
def rotate_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookSecretOut:
    """For a day both hold."""
    secret = actions.rotate_secret(_hook(request, webhook_id), by=who(request), source=source(request))
    return WebhookSecretOut(webhook=WebhookOut.of(_hook(request, webhook_id)), secret=secret)


@router.post(
    "/complaint-webhooks/{webhook_id}/pause", auth=MANAGE, response=WebhookOut, summary=gettext_noop("暂停推送")
)
def pause_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    """What happens meanwhile waits."""
    actions.pause_webhook(_hook(request, webhook_id), by=who(request), source=source(request))
    return WebhookOut.of(_hook(request, webhook_id))


@router.post(
    "/complaint-webhooks/{webhook_id}/resume", auth=MANAGE, response=WebhookOut, summary=gettext_noop("恢复推送")
)
def resume_webhook(request: HttpRequest, webhook_id: UUID) -> WebhookOut:
    actions.resume_webhook(_hook(request, webhook_id), by=who(request), source=source(request))
    return WebhookOut.of(_hook(request, webhook_id))


@router.post(
    "/complaint-webhooks/{webhook_id}/remove",
    auth=MANAGE,
    response={204: None},
    summary=gettext_noop("删除订阅及其送达记录"),
)
def remove_webhook(request: HttpRequest, webhook_id: UUID) -> None:
    actions.remove_webhook(_hook(request, webhook_id), by=who(request), source=source(request))


def _rows(request: HttpRequest) -> QuerySet[Webhook]:
    """All or none: it is the whole bank's."""
    try:
        actions.demand(who(request))
    except PermissionDenied:
        return Webhook.objects.none()
    return Webhook.objects.select_related("by")


def _hook(request: HttpRequest, key: UUID) -> Webhook:
    return get_object_or_404(_rows(request), pk=key)


def _wanted(given: WebhookIn) -> actions.Wanted:
    return actions.Wanted(given.name, given.url, tuple(given.verbs))
