"""Who else can be answered? Whoever wrote by mail, called, or left a contact on paper or in a file of the bank's.

Her contact comes with the voice's record, and is sealed in a row of its own in the transaction of the batch that
brings the voice in. The code is made of the voice's id, so the same voice has the same code however often its file
comes. Time runs from when she spoke, not from when the file came: history keeps no contact that should be gone, and
what was removed does not come back with its file.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.sealing import key_for, seal
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.landing import accompanies
from huixiang.apps.feedback.models import Batch
from huixiang.apps.intake import codes
from huixiang.apps.intake.letters import acknowledge
from huixiang.apps.intake.models import Submission, Way
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import Channel, Record, pseudonym

ANSWERED = tuple(channel for channel in Channel if channel.is_answered)
LATELY = timedelta(days=2)  # what is older is history, and is not acknowledged
AT_ONCE = 500
MOST_DRAWS = 9


def contact_of(record: Record) -> str | None:
    """Where can who spoke be reached? None: nowhere, or not by a bank's answer to her alone."""
    if not record.channel.is_answered:
        return None
    return reached_at(record.contact)


def way(channel: str) -> Way:
    """As the bank has set it, or as it comes."""
    return Way.objects.filter(channel=channel).first() or Way(channel=channel)


@accompanies
def keep(batch: Batch, entries: Sequence[Entry]) -> None:
    """Seal each contact, once. Called with the lake's lock held, so no other import adds the same voice."""
    reached = {e.voice_id: (e.record, contact) for e in entries if (contact := contact_of(e.record))}
    if not reached:
        return
    there = _there(reached)
    ways = {channel: way(channel) for channel in {str(record.channel) for record, _ in reached.values()}}
    now, coming = timezone.now(), []
    for voice_id, (record, contact) in reached.items():
        way_ = ways[str(record.channel)]
        if voice_id in there:
            _renew(there[voice_id], contact, way_, batch)
        elif way_.keeps and (until := _until(record, way_, now)) >= timezone.localdate(now):
            one = _made(record, contact, way_, now)
            one.voice_id, one.keep_until, one.batch = voice_id, until, batch
            one.once = hmac.digest(key_for("intake reached v1"), voice_id.encode(), "sha256").hex()
            coming.append(one)
    _number(coming)
    Submission.objects.bulk_create(coming, batch_size=AT_ONCE)
    acknowledge(one for one in coming if ways[one.channel].acknowledges and one.received_at > now - LATELY)


def _there(ids: Iterable[str]) -> dict[str, Submission]:
    listed = sorted(ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return {one.voice_id: one for part in parts for one in Submission.objects.filter(voice_id__in=part)}


def _renew(there: Submission, contact: str, way_: Way, batch: Batch) -> None:
    """The source corrected the contact, or a lost batch comes again. What was withdrawn or is over stays gone."""
    if there.box_id:
        return
    if there.batch_id is None:
        there.batch = batch
        there.save(update_fields=["batch"])
    customer = _named(contact)
    if there.contact and there.customer != customer:
        there.contact, there.customer, there.agreed_to = seal({"contact": contact}), customer, way_.terms
        there.save(update_fields=["contact", "customer", "agreed_to"])


def _made(record: Record, contact: str, way_: Way, now: datetime) -> Submission:
    return Submission(
        channel=str(record.channel),
        contact=seal({"contact": contact}),
        customer=_named(contact),
        agreed_to=way_.terms,
        notice=way_.version,
        received_at=_spoke_at(record, now),
    )


def _number(coming: Sequence[Submission]) -> None:
    """A code that nobody else has: one in many million is drawn again."""
    waiting, used = list(coming), set[str]()
    for draw in range(MOST_DRAWS):
        for one in waiting:
            one.draw, one.code = draw, codes.hashed(codes.made(one.once, draw))
        used |= _taken([one.code for one in waiting])
        again = []
        for one in waiting:
            if one.code in used:
                again.append(one)
            used.add(one.code)
        if not again:
            return
        waiting = again


def _taken(hashes: Sequence[str]) -> set[str]:
    parts = (hashes[start : start + AT_ONCE] for start in range(0, len(hashes), AT_ONCE))
    return {code for part in parts for code in Submission.objects.filter(code__in=part).values_list("code", flat=True)}


def _spoke_at(record: Record, now: datetime) -> datetime:
    """A clock that runs ahead prolongs nothing."""
    return min(now, record.received_at or record.said_at or now)


def _until(record: Record, way_: Way, now: datetime) -> date:
    return timezone.localdate(_spoke_at(record, now)) + timedelta(days=way_.retention_days)


def _named(contact: str) -> str:
    return pseudonym(contact, settings.MASKING_KEY.encode())
