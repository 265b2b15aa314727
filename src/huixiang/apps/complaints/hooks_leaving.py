"""How does a message reach another system at least once? Tried until it is taken, for a day, ever longer apart.

Before each try the message's next one is set a little later and committed: a killed process has it tried again then,
and two machines never try the same one at once. What was taken twice is known by its id, which stays the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import beats, jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints.models import Delivery, Webhook
from huixiang.channels.contract import Fault
from huixiang.gateways import signing
from huixiang.gateways.webhook import FAILURES_IN_A_ROW
from huixiang.lake.locks import held, patient
from huixiang.polling.doors import Door, Limits
from huixiang.polling.posting import post

KIND = "complaint_webhooks"
LIMITS = Limits(connect=5.0, read=15.0, total=20.0)
LEASE = timedelta(minutes=2)  # so long one try takes at most, whatever the other side does
AWAY = timedelta(minutes=1)  # of a system that does not answer, the rest need not be tried one by one
PERIOD = timedelta(hours=24)
KEPT_DAYS = 30
# After the first try, the second, and so on; the last try is at the end of the 24 hours.
PAUSES = tuple(timedelta(seconds=each) for each in (5, 60, 300, 900, 1800, 3600, 7200, 14400))
AT_ONCE, GONE, OK = 50, 410, range(200, 300)
State = Delivery.State


@jobs.work(KIND)
def work(progress: jobs.Progress) -> Sentence:
    with beats.alive(progress):
        count = send_all(waiting=progress.beat)
    return Sentence(gettext_noop("送达 %(count)s 条投诉事件。"), {"count": count})


def begin_due(now: datetime) -> Job | None:
    """Every few seconds: is a message due, and is nobody at it?"""
    of_ours = Job.objects.filter(kind=KIND)
    if not Delivery.objects.due(now).exists() or of_ours.filter(state__in=Job.OPEN).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start(KIND, Sentence(gettext_noop("向其他系统送投诉事件"), {}), None)


def send_all(clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that is due; how many were taken?"""
    count, failed = 0, Counter[Any]()
    with held(Path(settings.DATA_DIR) / "locks" / KIND, waiting):
        while batch := list(_due(clock(), failed)):
            for message in batch:
                waiting()
                if failed[message.webhook_id] >= FAILURES_IN_A_ROW or not _taken(message, clock()):
                    continue
                is_in = deliver(message, clock())
                count += is_in
                failed[message.webhook_id] = 0 if is_in else failed[message.webhook_id] + 1
                if failed[message.webhook_id] >= FAILURES_IN_A_ROW:
                    _rest(message.webhook, clock())
    return count


def deliver(message: Delivery, now: datetime) -> bool:
    """Try it once, and write down what came of it."""
    status, trouble = None, {}
    body = message.body.encode()
    try:
        headers = signing.headers(message.pk.hex, int(now.timestamp()), body, message.webhook.keys(now))
        status = post(message.webhook.url, body, headers, door())
    except Fault as fault:
        trouble = Sentence(fault.message, {name: str(value) for name, value in fault.params.items()})._asdict()
    except Unsealable:
        trouble = Sentence(gettext_noop("签名密钥无法打开：请轮换密钥"), {})._asdict()
    is_in = status in OK
    _told(message, now, State.DELIVERED if is_in else _after(message, now), status, trouble)
    if status == GONE:
        Webhook.objects.filter(pk=message.webhook_id, paused_at=None).update(paused_at=now, is_gone=True)
    return is_in


def door() -> Door:
    """The administrator's list: no page adds a host, and no answer leads to another."""
    return Door(tuple(settings.WEBHOOKS), settings.WEBHOOKS_CA, LIMITS, "HUIXIANG_WEBHOOKS")


def next_try(message: Delivery, now: datetime) -> datetime:
    """When is it tried again after one more try that failed? At the latest when its 24 hours are over."""
    pause = PAUSES[min(message.tries, len(PAUSES) - 1)]
    return min(now + pause, max(message.since + PERIOD, now + PAUSES[0]))


def forget(now: datetime) -> int:
    """The log of messages that are settled goes after its days; who asks later finds the case itself."""
    before = now - timedelta(days=KEPT_DAYS)
    return int(Delivery.objects.filter(happened_at__lt=before, since__lt=before).delete()[0])


def _due(now: datetime, failed: Counter[Any]) -> Any:
    away = [key for key, count in failed.items() if count >= FAILURES_IN_A_ROW]
    rows = Delivery.objects.due(now).exclude(webhook__in=away).select_related("webhook")
    return rows.order_by("next_at", "happened_at", "seq", "pk")[:AT_ONCE]


def _taken(message: Delivery, now: datetime) -> bool:
    """Ours to try, unless another machine has it, or somebody paused the subscription meanwhile."""
    still = Delivery.objects.due(now).filter(pk=message.pk, next_at=message.next_at)
    return bool(still.update(next_at=now + LEASE))


def _rest(hook: Webhook, now: datetime) -> None:
    hook.deliveries.filter(state=State.WAITING, next_at__lt=now + AWAY).update(next_at=now + AWAY)


def _after(message: Delivery, now: datetime) -> State:
    return State.GIVEN_UP if now >= message.since + PERIOD else State.WAITING


def _told(message: Delivery, now: datetime, state: State, status: int | None, trouble: Any) -> None:
    Delivery.objects.filter(pk=message.pk).update(
        state=state, status=status, trouble=trouble, tried_at=now, tries=F("tries") + 1, next_at=next_try(message, now)
    )
