"""How does a message leave once, whenever the machine is switched off? One sender for all tables of messages.

A batch is marked as going and committed before it leaves. Who finds one still going gives a short message to the
platform again under the same id; a mail counts as unsure, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.intake.models import Outgoing
from huixiang.channels.contract import Fault
from huixiang.gateways import named
from huixiang.gateways.contract import Fate, Gateway, Message, Outcome
from huixiang.lake.locks import held, patient

AT_ONCE, MOST_TRIES = 50, 5
AGAIN = timedelta(minutes=10)  # after a server said: later
KNOWN_FOR = timedelta(hours=23)  # so long a platform surely knows an id that it took
State, Medium = Outgoing.State, Outgoing.Medium


def _nothing(_one: Any, _at: datetime) -> None:
    """Nothing else is to be written when it has left."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Whose messages? `kind` is of the job; `settled` writes in the transaction that notes the moment it left.

    `message_of` gives the same id each time it is tried; it raises Unsealable or KeyError for what cannot go any more;
    on any other fault the message is tried again later.
    """

    kind: str
    model: type[Outgoing]
    message_of: Callable[[Any], Message]
    related: tuple[str, ...] = ()
    settled: Callable[[Any, datetime], None] = _nothing

    @property
    def all(self) -> Any:
        return self.model._default_manager.all()


def leaves(medium: str | None) -> bool:
    """Is there a gateway for it?"""
    if medium not in (Medium.MAIL, Medium.SMS):
        return False
    try:
        return named.gateway(medium) is not None
    except Fault:  # named wrongly: the job tells
        return True


def begin_due(rows: Rows, title: Sentence, now: datetime) -> Job | None:
    """Does a message wait, and is nobody at it?"""
    if not rows.all.filter(_due(now) | Q(state=State.GOING)).exists():
        return None
    of_ours = Job.objects.filter(kind=rows.kind)
    if of_ours.filter(state__in=Job.OPEN).exists():
        return None
    if of_ours.filter(state=Job.State.FAILED, ended_at__gt=now - AGAIN).exists():
        return None
    if not any(map(leaves, (Medium.MAIL, Medium.SMS))):
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start(rows.kind, title, None)


def send_all(rows: Rows, clock: Callable[[], datetime] = timezone.now, waiting: Callable[[], None] = patient) -> int:
    """All that waits; how many left? One sender at a time on this machine."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / rows.kind, waiting):
        _settle(rows, clock())
        for medium in (Medium.SMS, Medium.MAIL):
            gateway = named.gateway(medium)
            while gateway and (batch := _taken(rows, medium, clock())):
                count += _send(rows, gateway, batch, clock)
                waiting()
    return count


def _due(now: datetime) -> Q:
    rested = Q(tried_at=None) | Q(tried_at__lt=now - AGAIN)
    return Q(state=State.WAITING, medium__in=(Medium.MAIL, Medium.SMS)) & rested


def _settle(rows: Rows, now: datetime) -> None:
    """What a killed sender left under way; only while nobody else sends."""
    left = rows.all.filter(state=State.GOING)
    left.filter(medium=Medium.SMS, tried_at__gt=now - KNOWN_FOR).update(state=State.WAITING, tried_at=None)
    left.update(state=State.UNSURE, settled_at=now)


def _taken(rows: Rows, medium: str, now: datetime) -> list[Any]:
    with transaction.atomic():
        chosen = list(rows.all.filter(_due(now), medium=medium).order_by("created_at", "pk")[:AT_ONCE])
        keys = [one.pk for one in chosen]
        still = rows.all.filter(pk__in=keys, state=State.WAITING)  # a person may have dropped one meanwhile
        still.update(state=State.GOING, tried_at=now, tries=F("tries") + 1)
    ours = rows.all.filter(pk__in=keys, state=State.GOING).order_by("created_at", "pk")
    return list(ours.select_related(*rows.related))


def _send(rows: Rows, gateway: Gateway, batch: Sequence[Any], clock: Callable[[], datetime]) -> int:
    by_id: dict[str, Any] = {}
    messages = []
    for one in batch:
        try:
            message = rows.message_of(one)
        except (Unsealable, KeyError):  # withdrawn or erased meanwhile, or its key is lost
            _told(rows, one, Outcome(one.pk.hex, Fate.REFUSED, "contact"), clock())
            continue
        except Exception as error:  # one that cannot be written must not leave all others unsure
            why = str(error) if isinstance(error, Fault) else type(error).__name__
            _told(rows, one, Outcome(one.pk.hex, Fate.LATER, why), clock())
            continue
        by_id[message.id] = one
        messages.append(message)
    if not messages:
        return 0
    return sum(_told(rows, by_id[outcome.id], outcome, clock()) for outcome in gateway.send(messages))


def _told(rows: Rows, one: Any, outcome: Outcome, now: datetime) -> int:
    """Written at once: what is written is not sent again."""
    row = rows.all.filter(pk=one.pk, state=State.GOING)
    if outcome.fate is Fate.SENT:
        with transaction.atomic():
            left: int = row.update(state=State.SENT, settled_at=now, failed="")
            if left:
                rows.settled(one, now)
        return left
    if outcome.fate is Fate.UNSURE:
        row.update(state=State.UNSURE, settled_at=now)
    elif outcome.fate is Fate.REFUSED or one.tries >= MOST_TRIES:
        row.update(state=State.FAILED, settled_at=now, failed=outcome.why[:200])
    else:
        row.update(state=State.WAITING, failed=outcome.why[:200])
    return 0
