"""Who lets another system be told of complaints? Who holds the right for the whole bank; its secret is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import seal
from huixiang.apps.complaints import hooking, hooks_leaving
from huixiang.apps.complaints.models import Delivery, Webhook
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.gateways.signing import new_secret
from huixiang.polling.doors import FEEDS

MANAGE = "complaint.webhook"
OVERLAP = timedelta(hours=24)  # after a new secret both hold, so that no message is lost while it is put in
MOST = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to tell, and of which verbs; none: of all."""

    name: str
    url: str
    verbs: tuple[str, ...] = ()


def add_webhook(wanted: Wanted, *, by: Staff, source: str = "") -> tuple[Webhook, str]:
    """The subscription and its secret, which nobody is shown again. Raises Fault for a host that is not on the list."""
    demand(by)
    _check(wanted)
    secret = new_secret()
    with transaction.atomic():
        if Webhook.objects.count() >= MOST:
            raise Fault("最多 %(most)s 个订阅；请先删除不用的", most=MOST)
        made = Webhook.objects.create(name=wanted.name.strip(), url=wanted.url.strip(), verbs=sorted(wanted.verbs),
                                      sealed=seal({"secret": secret}), by=by)  # fmt: skip
        _record("complaint.webhook_add", made, by, source)
    return made, secret


def change_webhook(hook: Webhook, wanted: Wanted, *, by: Staff, source: str = "") -> None:
    """From now on; what waits already goes to the new address."""
    demand(by)
    _check(wanted)
    hook.name, hook.url, hook.verbs = wanted.name.strip(), wanted.url.strip(), sorted(wanted.verbs)
    with transaction.atomic():
        hook.save(update_fields=["name", "url", "verbs"])
        _record("complaint.webhook_change", hook, by, source)


def rotate_secret(hook: Webhook, *, by: Staff, source: str = "") -> str:
    """A new secret; for a day the old one is signed with as well."""
    demand(by)
    secret = new_secret()
    with transaction.atomic():
        held = Webhook.objects.select_for_update().get(pk=hook.pk)
        held.former_sealed, held.former_until = held.sealed, timezone.now() + OVERLAP
        held.sealed = seal({"secret": secret})
        held.save(update_fields=["sealed", "former_sealed", "former_until"])
        _record("complaint.webhook_rotate", held, by, source)
    return secret


def try_webhook(hook: Webhook, *, by: Staff, source: str = "") -> Delivery:
    """Send one that says so, at once, and see what comes of it. It is tried once."""
    demand(by)
    now = timezone.now()
    body = hooking.written(hooking.TEST, now.isoformat(), {"webhook": str(hook.pk)})
    with transaction.atomic():
        # Its 24 hours are over already: a test that fails is not tried again by itself.
        began = now - hooks_leaving.PERIOD
        made = Delivery.objects.create(webhook=hook, kind=hooking.TEST, body=body, since=began,
                                       next_at=now + hooks_leaving.LEASE)  # fmt: skip
        _record("complaint.webhook_test", hook, by, source)
    hooks_leaving.deliver(made, now)
    made.refresh_from_db()
    return made


def replay(
    hook: Webhook, *, by: Staff, since: datetime | None = None, until: datetime | None = None, one: Any = None,
    source: str = "",
) -> int:  # fmt: skip
    """Send again, under the same ids: one, or all that happened in a span. How many?"""
    demand(by)
    now = timezone.now()
    rows = hook.deliveries.exclude(case=None)
    if one is not None:
        rows = rows.filter(pk=one)
    elif since is None or until is None or since > until:
        raise Fault("请写从何时到何时，先写早的")
    else:
        rows = rows.filter(happened_at__gte=since, happened_at__lte=until)
    with transaction.atomic():
        count = rows.update(state=Delivery.State.WAITING, since=now, next_at=now, tries=0, replays=F("replays") + 1)
        _record("complaint.webhook_replay", hook, by, source, count=count)
    return count


def pause_webhook(hook: Webhook, *, by: Staff, source: str = "") -> None:
    """Messages go on being put down, and wait."""
    demand(by)
    with transaction.atomic():
        if Webhook.objects.filter(pk=hook.pk, paused_at=None).update(paused_at=timezone.now()):
            _record("complaint.webhook_pause", hook, by, source)


def resume_webhook(hook: Webhook, *, by: Staff, source: str = "") -> None:
    """What waited meanwhile is sent, each with its 24 hours before it."""
    demand(by)
    now = timezone.now()
    with transaction.atomic():
        if Webhook.objects.filter(pk=hook.pk).exclude(paused_at=None).update(paused_at=None, is_gone=False):
            hook.deliveries.filter(state=Delivery.State.WAITING).update(since=now, next_at=now)
            _record("complaint.webhook_resume", hook, by, source)


def remove_webhook(hook: Webhook, *, by: Staff, source: str = "") -> None:
    """With its secret and its log; what waits is not sent any more."""
    demand(by)
    with transaction.atomic():
        _record("complaint.webhook_remove", hook, by, source)
        hook.delete()


def demand(by: Staff) -> None:
    if MANAGE not in by.rights or by.scope(MANAGE) is not None:
        raise PermissionDenied


def _check(wanted: Wanted) -> None:
    if not wanted.name.strip():
        raise Fault("请写一个名称，让同事知道是哪个系统")
    if unknown := sorted(set(wanted.verbs) - set(VERBS)):
        raise Fault("没有“%(verb)s”这个事件", verb=unknown[0][:24])
    hooks_leaving.door().admitted(wanted.url, FEEDS)


def _record(verb: str, hook: Webhook, by: Staff, source: str, **told: Any) -> None:
    audit.record(verb, by=by, on_kind="complaint_webhook", on_id=hook.pk, source=source, name=hook.name,
                 url=hook.url, **told)  # fmt: skip
