"""Who else can be answered? Whoever wrote by mail, called, or left a contact on paper or in a file of the bank's.

Her contact comes with the voice's record, and is sealed in a row of its own in the transaction of the batch that
brings the voice in. The code is made of the voice's id, so the same voice has the same code however often its file
comes. Time runs from when she spoke, not from when the file came: history keeps no contact that should be gone, and
what was removed does not come back with its file.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.sealing import key_for, seal, sealer
from huixiang.apps.feedback import receipts
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.landing import accompanies
from huixiang.apps.feedback.models import Batch
from huixiang.apps.intake import codes, letters
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


@dataclass(frozen=True, slots=True)
class Reached:
    """Where somebody can be answered, and since when the time runs."""

    contact: str
    channel: str
    at: datetime
    is_reply: bool = False  # to a letter of ours: she knows that we hear her, and a machine would answer for ever
    by_call: bool = False  # the record of the call tells it, and not whoever wrote the words down


@accompanies
def keep(batch: Batch, entries: Sequence[Entry]) -> None:
    """Seal each contact, once. Called with the lake's lock held, so no other import adds the same voice."""
    now = timezone.now()
    told = ((entry.voice_id, entry.record, contact_of(entry.record)) for entry in entries)
    put(batch, {voice_id: _reached(record, contact, now) for voice_id, record, contact in told if contact}, now)


def _reached(record: Record, contact: str, now: datetime) -> Reached:
    is_reply = letters.answers_ours(record.title)
    return Reached(contact, str(record.channel), _spoke_at(record, now), is_reply=is_reply)


def put(batch: Batch, reached: Mapping[str, Reached], now: datetime) -> None:
    """Those that are not there yet; of the others what changed. `reached` by the voice's id."""
    if not reached:
        return
    makers = {channel: _Maker(way(channel), now) for channel in {one.channel for one in reached.values()}}
    there, coming = _there(reached), list[Submission]()
    for voice_id, told in reached.items():
        maker = makers[told.channel]
        if voice_id in there:
            _renew(there[voice_id], told, maker.way, batch)
        elif one := maker.made(voice_id, told, batch):
            coming.append(one)
    _number(coming)
    Submission.objects.bulk_create(coming, batch_size=AT_ONCE)
    fresh = [one for one in coming if one.received_at > now - LATELY and not reached[one.voice_id].is_reply]
    if fresh and batch.read:  # what a person mended was read by a person, who may answer
        wished = receipts.wished(batch.of)
        are_told = {channel: maker.way.acknowledges if wished is None else wished for channel, maker in makers.items()}
        letters.acknowledge(one for one in fresh if are_told[one.channel])


def _there(ids: Iterable[str]) -> dict[str, Submission]:
    listed = sorted(ids)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return {one.voice_id: one for part in parts for one in Submission.objects.filter(voice_id__in=part)}


def _renew(there: Submission, told: Reached, way_: Way, batch: Batch) -> None:
    """The source corrected the contact, or a lost batch comes again. What was withdrawn or is over stays gone.

    What whoever wrote the words down tells counts for more than the record of the call.
    """
    if there.box_id:
        return
    if there.batch_id is None:
        there.batch = batch
        there.save(update_fields=["batch"])
    if not there.contact or (told.by_call and not there.by_call):
        return
    customer = named(told.contact)
    if there.customer != customer or there.by_call != told.by_call:
        there.contact, there.customer, there.agreed_to = seal({"contact": told.contact}), customer, way_.terms
        there.by_call = told.by_call
        there.save(update_fields=["contact", "customer", "agreed_to", "by_call"])


class _Maker:
    """What all that come by one way share is made once: of a hundred thousand contacts it is half of the work."""

    def __init__(self, way_: Way, now: datetime) -> None:
        self.way, self._zone = way_, timezone.get_current_timezone()
        self._today = now.astimezone(self._zone).date()
        self._days = timedelta(days=way_.retention_days)
        self._told = {"agreed_to": way_.terms, "notice": way_.version}
        self._seal, self._key = sealer(), key_for("intake reached v1")

    def made(self, voice_id: str, told: Reached, batch: Batch) -> Submission | None:
        """None where the bank keeps none by this way, or where her days are over."""
        until = told.at.astimezone(self._zone).date() + self._days
        if not self.way.keeps or until < self._today:
            return None
        return Submission(
            voice_id=voice_id,
            channel=told.channel,
            contact=self._seal({"contact": told.contact}),
            customer=named(told.contact),
            by_call=told.by_call,
            received_at=told.at,
            keep_until=until,
            batch=batch,
            once=hmac.digest(self._key, voice_id.encode(), "sha256").hex(),
            **self._told,
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


def until_of(at: datetime, way_: Way) -> date:
    return timezone.localdate(at) + timedelta(days=way_.retention_days)


def named(contact: str) -> str:
    return pseudonym(contact, settings.MASKING_KEY.encode())
