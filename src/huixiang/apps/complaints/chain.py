"""Was a line of a case's history changed? Each carries the hash of the one before, and its words' digest."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple

from huixiang.apps.access.sealing import key_for
from huixiang.apps.complaints.models import Case, Event

GENESIS = "0" * 64
PURPOSE = "complaint chain v1"


class Broken(NamedTuple):
    """The first line of a case that does not hold, and what is wrong: missing, changed, words_changed or truncated."""

    number: str
    seq: int
    fault: str


def words_digest(sealed: bytes | memoryview | None) -> str:
    """Of the sealed words as they are stored; "" where there are none."""
    return hashlib.sha256(bytes(sealed)).hexdigest() if sealed else ""


def hash_of(event: Event, number: str) -> str:
    """HMAC-SHA256 over canonical JSON, as in the audit: who has only the database cannot make a line."""
    values = [
        *(number, event.seq, event.verb, _utc(event.at), _utc(event.entered_at), event.by_id, event.unit_code),
        *(event.told, event.words_digest, event.once, event.previous),
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key_for(PURPOSE), text.encode(), "sha256").hex()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def verify() -> tuple[int, list[Broken]]:
    """Read all lines of all cases: how many there are, and of each broken case the first that does not hold."""
    count, broken = 0, list[Broken]()
    rows = Event.objects.select_related("case").order_by("case_id", "seq").iterator(chunk_size=2000)
    for _pk, lines in groupby(rows, key=lambda event: event.case_id):
        counted, found = _verified(lines)
        count += counted
        broken += [found] if found else []
    without = Case.objects.filter(events=None).values_list("number", flat=True)
    return count, broken + [Broken(number, 1, "missing") for number in without]


def _verified(lines: Iterator[Event]) -> tuple[int, Broken | None]:
    previous, found, count = GENESIS, None, 0
    for count, event in enumerate(lines, 1):
        found = found or _fault(event, count, previous)
        previous = event.hash
    return count, found


def _fault(event: Event, seq: int, previous: str) -> Broken | None:
    number = event.case.number
    if event.seq != seq:
        return Broken(number, seq, "missing")
    if event.previous != previous or not hmac.compare_digest(event.hash, hash_of(event, number)):
        return Broken(number, seq, "changed")
    if event.sealed is not None and words_digest(event.sealed) != event.words_digest:
        return Broken(number, seq, "words_changed")
    return None
