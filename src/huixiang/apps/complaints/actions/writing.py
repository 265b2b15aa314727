"""How does a line come into a case's history? Checked by the table, chained to the one before, shown in the queue."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import key_for, seal
from huixiang.apps.complaints import chain, files, hooking, mentioning
from huixiang.apps.complaints.actions.declining import Declined
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.projecting import project
from huixiang.apps.complaints.standings import history
from huixiang.domain.complaints.acting import Act, entry_of
from huixiang.domain.complaints.lifecycle import VERBS, refusal
from huixiang.domain.complaints.standing import Entry


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be written: the act, when it was, by whom; `words` are sealed, `once` is of the form's key."""

    act: Act
    at: datetime
    by: Staff | None
    words: str = ""
    once: str | None = None
    entered_at: datetime | None = None  # None: now


def once(by: Staff | None, key: str, *about: str) -> str | None:
    """The mark of a form: sent twice, it is the same. None where there was no key."""
    said = " ".join([str(by.pk) if by else "", key, *about])
    return hmac.digest(key_for("complaint forms v1"), said.encode(), "sha256").hex() if key else None


def append(case: Case, line: Line) -> Event:
    """Write one line, in the caller's transaction, which holds the case's row. Raises Fault where the table refuses."""
    told = history(case)
    now, pack = told.standing(), told.pack
    if found := refusal(now, line.act, pack):
        raise Declined(found)
    entry = entry_of(now, line.act, VERBS[line.act.verb].asks, pack)
    last = case.events.order_by("-seq").values_list("seq", "hash").first() or (0, chain.GENESIS)
    event = _event(case, entry, line, last)
    event.save(force_insert=True)
    _remember(event)
    project(case, timezone.now())
    hooking.put(case, event)
    return event


def old_events(case: Case, lines: Sequence[tuple[Entry, Line]]) -> list[Event]:
    """The history of a new case from an old register, whose lines the table has allowed one after the other; to store.

    Nobody is told of them: what is old news to the customer is old news to other systems.
    """
    last, events = (0, chain.GENESIS), list[Event]()
    for entry, line in lines:
        events.append(_event(case, entry, line, last))
        last = (events[-1].seq, events[-1].hash)
    return events


def _event(case: Case, entry: Entry, line: Line, last: tuple[int, str]) -> Event:
    """The line after this one, chained to it."""
    sealed = seal({"text": line.words}) if line.words else None
    event = Event(
        case=case,
        seq=last[0] + 1,
        verb=entry.verb,
        at=line.at,
        entered_at=line.entered_at or timezone.now(),
        by=line.by,
        unit_code=case.unit.code,
        told=dict(entry.told),
        sealed=sealed,
        words_digest=chain.words_digest(sealed),
        once=line.once,
        previous=last[1],
    )
    event.hash = chain.hash_of(event, case.number)
    return event


def _remember(event: Event) -> None:
    """Rows that are made of a line, so that lists need not read all histories."""
    if "file" in event.told:
        files.remember(event)
    if "mentions" in event.told:
        mentioning.remember(event)
