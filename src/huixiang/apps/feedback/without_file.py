"""How does what came without a file reach the lake: messages of a post box, slips of paper? As a file's rows do.

What comes on one day by one way counts as one import, with its account; each commit is a batch. Who calls writes in
`within` which batch took what, in the transaction that writes the batch (docs/methods/exactly-once.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.feedback import batches
from huixiang.apps.feedback.admission import gate
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.landing import Approach, Landing
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.domain.feedback import Record


class Unreadable(Exception):
    """The words cannot be understood, whatever the state of the machine."""


def of_the_day(form: str, name: str, actor: str, now: datetime) -> Import:
    """The import that what comes today counts under. It is over at once, and each batch adds to its account."""
    mark = hashlib.sha256(f"huixiang {form} {timezone.localdate(now)}".encode()).hexdigest()
    known = Import.objects.filter(format=form, fingerprint=mark).first()
    return known or Import.objects.create(
        file_name=name,
        fingerprint=mark,
        bytes=0,
        format=form,
        actor=actor,
        created_at=now,
        started_at=now,
        finished_at=now,
    )


def land(
    imported: Import,
    records: Sequence[Record],
    interpreter: Interpreter,
    within: Callable[[Batch], None],
    waiting: Callable[[], None],
) -> int:
    """One batch of them; how many? Raises Unreadable where the words are at fault, and not the machine."""
    read = batches.rows_read(imported)
    entries = [Entry.of(row, record, voice_key()) for row, record in enumerate(records, read + 1)]
    batch = Batch(of=imported, rows_read=read + len(entries), read=len(entries), quarantined=0)
    arrival = Arrival(str(imported.pk), timezone.now(), gate(None, {}), settings.MASKING_KEY.encode())
    landing = Landing(lake(), arrival, interpreter, waiting)
    approach = landing.approach(entries)
    _read(approach, waiting)
    landing.land(approach, batch, within=within)
    return len(entries)


def _read(approach: Approach, waiting: Callable[[], None]) -> None:
    """Wait for the readings here, where a failure is the words' and not the lake's."""
    try:
        if approach.readings:
            approach.readings.result(waiting)
    except (jobs.TakenOver, jobs.Cancelled, OSError, EOFError, MemoryError, DatabaseError, BrokenExecutor):
        raise
    except Exception as failure:
        raise Unreadable from failure
