"""Who did what, on what, when, from where, and how did it end? One chain in which no link can be changed unseen.

Each record carries an HMAC-SHA256 (RFC 2104) over all its fields and the hash of the record before. The key is made
from the masking key, which is not in the database: who can write to the database, even its superuser, cannot forge a
link. What he can do is cut the end off; so the head (number and hash of the last record) is kept elsewhere every day,
see heads.py.
"""

from __future__ import annotations

import getpass
import hmac
import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from huixiang.apps.access import answers
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.access.models.records import LONGEST_ID
from huixiang.apps.access.sealing import key_for

GENESIS = "0" * 64  # what the first record carries as the hash before it
LOCK = 0x68757869616E67  # "huixiang": PostgreSQL's advisory lock for the end of the chain
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([0-9.]+):\d+")
FIELDS = ("seq", "at", "actor", "verb", "on_kind", "on_id", "source", "outcome", "detail", "previous", "hash")


@dataclass(frozen=True, slots=True)
class Head:
    """The last record's number and hash: kept elsewhere, it shows later whether records were cut off."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        seq, _, digest = text.strip().partition(":")
        if not seq.isdecimal() or len(digest) != 64:
            raise ValueError(
                f"{text.strip()[:80]!r}: 应为 序号:64位散列 / expected SEQ:HASH as `huixiang audit head` prints"
            )
        return cls(int(seq), digest)


def record(
    verb: str,
    *,
    by: Staff | str,
    on_kind: str,
    on_id: object = "",
    source: str = "",
    outcome: str = "done",
    **detail: Any,
) -> AuditRecord:
    """Append one record, in the transaction of what it tells of. Call it last: it holds the chain's end until commit.

    `by` is the person, or "system:nightly", "cli:NAME". `detail` says what changed, and never holds personal data.
    """
    return record_many([Deed(verb, on_kind, on_id, detail, outcome)], by=by, source=source)[0]


@dataclass(frozen=True, slots=True)
class Deed:
    """What one record tells, but for who did it and from where."""

    verb: str
    on_kind: str
    on_id: object = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "done"


def record_many(deeds: Iterable[Deed], *, by: Staff | str, source: str = "") -> list[AuditRecord]:
    """Append a record for each deed of one person, in order: chained here, and written together."""
    actor, source = _plain(by if isinstance(by, str) else by.number)[:64], _plain(source)[:64]
    key, now, entries = key_for("audit chain v1"), timezone.now(), []
    with transaction.atomic():
        _hold_the_end()
        last = head()
        for deed in deeds:
            entry = AuditRecord(
                seq=last.seq + 1,
                at=now,
                actor=actor,
                verb=deed.verb,
                on_kind=deed.on_kind,
                on_id=_plain(str(deed.on_id))[:LONGEST_ID],
                source=source,
                outcome=deed.outcome,
                detail=_plain(deed.detail),
                previous=last.hash,
            )
            entry.hash = _hash(key, [getattr(entry, name) for name in FIELDS[:-1]])
            last = Head(entry.seq, entry.hash)
            entries.append(entry)
        AuditRecord.objects.bulk_create(entries, batch_size=1000)
        for entry in entries[-1:]:
            if entry.outcome == "done":
                answers.done(entry.verb, entry.on_kind, entry.on_id)
    return entries


def head() -> Head:
    last = AuditRecord.objects.order_by("-seq").values_list("seq", "hash").first()
    return Head(*last) if last else Head(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is the chain whole? If not, `seq` is the first bad record, and `fault` one of the words below."""

    records: int
    head: Head
    seq: int | None = None
    fault: str = ""  # missing, changed, reordered, truncated, other_head

    @property
    def whole(self) -> bool:
        return self.seq is None


def verify(known: Mapping[int, str] | None = None, report: Callable[[int], None] | None = None) -> Verdict:
    """Read the whole chain and name the first record that is missing, changed, out of order or cut off.

    `known` are heads kept elsewhere, number → hash: the chain must still hold each. `report` hears how far it is.
    """
    known, key, last = known or {}, key_for("audit chain v1"), Head(0, GENESIS)
    for row in _stream():
        fault = _fault(row, last, known, key)
        if fault:
            return Verdict(last.seq, last, last.seq + 1, fault)
        last = Head(row[0], row[-1])
        if report and last.seq % 10_000 == 0:
            report(last.seq)
    if known and max(known) > last.seq:
        return Verdict(last.seq, last, last.seq + 1, "truncated")
    return Verdict(last.seq, last)


def _fault(row: tuple[Any, ...], last: Head, known: Mapping[int, str], key: bytes) -> str:
    seq, previous, found = row[0], row[-2], row[-1]
    if seq != last.seq + 1:
        return "missing"
    if not hmac.compare_digest(_hash(key, row[:-1]), found):
        return "changed" if previous == last.hash else "reordered"
    if previous != last.hash:
        return "reordered"
    return "other_head" if known.get(seq, found) != found else ""


def _stream() -> Iterator[tuple[Any, ...]]:
    return AuditRecord.objects.order_by("seq").values_list(*FIELDS).iterator(chunk_size=5000)


def _hash(key: bytes, fields: Any) -> str:
    """HMAC over canonical JSON: sorted keys, no spaces, UTC; equal however the database gives its values back."""
    values = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in fields]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()


def _plain(value: Any) -> Any:
    """Only what both databases give back unchanged: text without NUL, whole numbers, truth values, lists, dicts."""
    if isinstance(value, Mapping):
        return {_plain(str(name)): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _hold_the_end() -> None:
    """One writer at a time: SQLite's IMMEDIATE transaction is that already, PostgreSQL takes a lock until commit."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def origin(request: HttpRequest) -> str:
    """From which address does this request come? Behind the bank's proxies, the address that the first of them saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:  # only then: elsewhere anybody could write this header
        # Each proxy adds whom it saw at the end. What stands before the bank's own entries, the sender wrote.
        seen = request.META.get("HTTP_X_FORWARDED_FOR", address).split(",")
        address = seen[-min(settings.PROXIES, len(seen))]
    return _address(address.strip())


def _address(told: str) -> str:
    """Of 10.0.0.7, 10.0.0.7:5012, 2001:db8::7 or [2001:db8::7]:5012 the address; "" for what is none."""
    found = _WITH_PORT.fullmatch(told)
    try:
        address = ipaddress.ip_address(found[1] or found[2] if found else told)
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def shell_user() -> str:
    """Who acts from the command line? The operating system's user, as the audit's actor."""
    try:
        return f"cli:{getpass.getuser()}"[:64]
    except (KeyError, OSError):
        return "cli:unknown"
