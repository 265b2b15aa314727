"""Which worker sends which message, on however many machines, and what of those that a killed one had?

The database decides, so that workers need not know of each other. A worker claims a batch until a moment; before each
message is handed over it says so in the row, in one statement that fails where its time is over or another has the
row. Of a killed worker's batch it is then known which one message was under way: all others go again. That one goes
again as a short message, whose platform knows its id; as a mail nobody can know whether it was taken, so a person
decides (`Message-ID` stays the same, by which most mailboxes show a second copy as one).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from huixiang.apps.surveys.models import Invitation, Round

LEASE = timedelta(minutes=10)  # a batch takes seconds
GRACE = timedelta(minutes=5)  # the last message may still wait for its server, and clocks of two machines differ
KNOWN_FOR = timedelta(hours=23)  # so long a platform surely knows an id that it took (a day)
_TURN = 0x6875697869  # of PostgreSQL's advisory locks: claims are made one after another, sending side by side
State = Invitation.State


def one_at_a_time() -> None:
    """Until the end of the transaction: who is asked at this moment by two rounds is seen by the second.

    SQLite has but one writer (`BEGIN IMMEDIATE`).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def unheld(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Those that no customer or colleague is changing right now: their turn comes with the next batch."""
    can_skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=True, of=("self",)) if can_skip else rows


def to_ask() -> Q:
    """Who has not answered; in an anonymous survey a first message goes to who has, too: see actions/withdrawing.py."""
    return Q(is_used=False) | Q(round__survey__is_anonymous=True, sent_at=None)


def claim(pks: list[UUID], now: datetime) -> str:
    """Mark them as this worker's; its name. Only what still waits is taken."""
    name = token_hex(16)
    rows = Invitation.objects.filter(to_ask(), pk__in=pks, state__in=(State.WAITING, State.SENT))
    rows.update(
        state=State.GOING, claim=name, lease_until=now + LEASE, is_leaving=False, tried_at=now, tries=F("tries") + 1
    )
    return name


def may_hand_over(pk: UUID, name: str, now: datetime) -> bool:
    """Said right before a message leaves; False where the time is over, the link was shut, or the claim is lost."""
    rows = Invitation.objects.filter(pk=pk, claim=name, state=State.GOING, lease_until__gt=now, withdrawn_for="")
    rows = rows.exclude(round__in=Round.objects.filter(state__in=(Round.State.PAUSED, Round.State.STOPPED)))
    return bool(rows.update(is_leaving=True))


def give_back(name: str) -> int:
    """What was claimed and not handed over, for anybody to take."""
    with transaction.atomic():
        return _back(Invitation.objects.filter(claim=name, state=State.GOING, is_leaving=False))


def abandoned(now: datetime) -> QuerySet[Invitation]:
    """Still going, and nobody is at them any more."""
    over = Q(lease_until=None) | Q(lease_until__lt=now - GRACE)
    return Invitation.objects.filter(over, state=State.GOING)


def settle(now: datetime) -> int:
    """What a killed worker left; two may do it at the same moment."""
    with transaction.atomic():
        one_at_a_time()
        left = abandoned(now)
        was_away = Q(is_leaving=True) | Q(claim="")  # "": begun before claims were written
        lately = Q(medium=Invitation.Medium.SMS, tried_at__gt=now - KNOWN_FOR)
        count = _back(left.exclude(was_away)) + _back(left.filter(was_away & lately))
        reminders = left.exclude(sent_at=None)
        count += reminders.update(state=State.SENT, reminded_at=now, reminders=F("reminders") + 1, claim="")
        return count + left.update(state=State.UNSURE, failed="", claim="")


def _back(rows: QuerySet[Invitation]) -> int:
    """As it was before the claim, this try uncounted."""
    free = {"tried_at": None, "claim": "", "lease_until": None, "is_leaving": False}
    counted = rows.filter(tries__gt=0)
    counted.update(tries=F("tries") - 1)
    count = rows.filter(sent_at=None).update(state=State.WAITING, **free)
    return count + rows.exclude(sent_at=None).update(state=State.SENT, **free)
