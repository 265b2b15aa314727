"""How do participants' words become voices of the customer? As all others: by feedback's import, each exactly once.

Only of who agreed to it; the moderator's words are none. The utterances of a talk count as one import, with its
account. Which batch took an utterance is written in the transaction that writes the batch, before the lake hears of it
(docs/methods/exactly-once.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches
from huixiang.apps.feedback.admission import gate
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.landing import Landing
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.apps.focus.models import Participant, Session, Utterance
from huixiang.domain.feedback import Channel, Precision, Record, voice_id
from huixiang.lake.locks import held, patient

AT_ONCE = 500  # utterances a commit
FORMAT, ACTOR = "focus", "system:focus"


@jobs.work("focus")
def work(progress: jobs.Progress) -> Sentence:
    return Sentence(gettext_noop("收入 %(count)s 句座谈发言。"), {"count": take_in(progress.beat)})


def begin_due() -> Job | None:
    """Each few seconds: is there something to take in, and nobody at it? After a failure the night tries again."""
    of_ours = Job.objects.filter(kind="focus")
    if not Utterance.objects.waiting().exists() or of_ours.filter(state__in=[*Job.OPEN, Job.State.FAILED]).exists():
        return None
    with transaction.atomic():
        of_ours.filter(state=Job.State.DONE).delete()
        return jobs.start("focus", Sentence(gettext_noop("收入座谈发言"), {}), None)


def take_in(waiting: Callable[[], None] = patient) -> int:
    """Take in all that waits; how many became voices? Doing it again does nothing."""
    count = 0
    with held(Path(settings.DATA_DIR) / "locks" / "focus", waiting):
        with batches.turn(lake(), waiting):  # what a killed one left is settled, before it is asked what waits
            pass
        if not Utterance.objects.waiting().exists():
            return 0
        with Interpreter() as interpreter:
            while chosen := _chosen():
                count += _land(chosen, interpreter, waiting)
    return count


def take_in_all() -> int:
    """The nightly round's part: what could not be taken in may be sound again."""
    Job.objects.filter(kind="focus", state=Job.State.FAILED).delete()
    return take_in()


def taken_back(participant: Participant) -> set[str]:
    """She agrees to the analysis still, and to be a voice no longer: the ids to erase. The words get others."""
    gone = set()
    for each in participant.utterances.select_related("session"):
        if each.batch_id is not None:
            gone.add(each.voice_id)
            each.draw, each.batch = each.draw + 1, None
            each.voice_id = id_of(each)
            each.save(update_fields=["draw", "batch", "voice_id"])
    return gone


def id_of(utterance: Utterance) -> str:
    """Under which id is it known as a voice, once it is one?"""
    return voice_id(Channel.FOCUS_GROUP, _source_id(utterance), voice_key(), series=_series(utterance.session))


def record(utterance: Utterance) -> Record:
    """The voice as every channel tells one, already masked. Who said it is known by no customer's number."""
    session = utterance.session
    return Record(
        channel=Channel.FOCUS_GROUP,
        series=_series(session),
        source_id=_source_id(utterance),
        text=utterance.text,
        said_at=datetime.combine(session.held_on, time(), ZoneInfo(session.unit.time_zone)),
        said_precision=Precision.DAY,
        branch=session.unit.code,
    )


def _series(session: Session) -> str:
    return f"focus-{session.pk}"


def _source_id(utterance: Utterance) -> str:
    return f"{utterance.once}.{utterance.draw}" if utterance.draw else utterance.once


def _chosen() -> list[Utterance]:
    """Of one talk: they count as one import."""
    first = Utterance.objects.waiting().first()
    if first is None:
        return []
    rows = Utterance.objects.waiting().filter(session=first.session_id).select_related("session__unit")
    return list(rows[:AT_ONCE])


def _land(chosen: Sequence[Utterance], interpreter: Interpreter, waiting: Callable[[], None]) -> int:
    imported = _import_of(chosen[0].session)
    read = batches.rows_read(imported)
    entries = [Entry.of(row, record(each), voice_key()) for row, each in enumerate(chosen, read + 1)]
    batch = Batch(of=imported, rows_read=read + len(entries), read=len(entries), quarantined=0)
    arrival = Arrival(str(imported.pk), timezone.now(), gate(None, {}), settings.MASKING_KEY.encode())
    keys = [each.pk for each in chosen]

    def taken(batch: Batch) -> None:
        # With the row of the batch, before the lake hears of it. Whoever took her consent back meanwhile stays away;
        # who takes it back just now waits for this (she locks the talk, too), and finds which of her words are voices.
        Session.objects.select_for_update().get(pk=chosen[0].session_id)
        if Utterance.objects.waiting().filter(pk__in=keys).count() < len(keys):
            raise _Withdrawn
        Utterance.objects.filter(pk__in=keys).update(batch=batch)

    landing = Landing(lake(), arrival, interpreter, waiting)
    try:
        landing.land(landing.approach(entries), batch, within=taken)
    except _Withdrawn:
        return 0  # the others wait, and are read again
    return len(entries)


class _Withdrawn(Exception):
    """A participant took her consent back while her words were being read."""


def _import_of(session: Session) -> Import:
    """The import that this talk's utterances count under. It is over at once, and each batch adds to its account."""
    mark = hashlib.sha256(f"huixiang focus {session.pk}".encode()).hexdigest()
    known = Import.objects.filter(format=FORMAT, fingerprint=mark).first()
    now = timezone.now()
    return known or Import.objects.create(
        file_name=f"焦点小组 {session}"[:255],
        fingerprint=mark,
        bytes=0,
        format=FORMAT,
        actor=ACTOR,
        created_at=now,
        started_at=now,
        finished_at=now,
    )
