"""How do cases leave for an auditor, or for another installation? With their events, a count and a hash.

Masked as on the pages; neither sealed words nor the people of a case are in it, unless a court or the regulator is to
have them: `actions.leaving` has that asked for with its ground, and released by a second person.
The audit holds count and hash, so that a file
found later can be told from one that was changed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints.models import Case, CaseQuerySet, Event
from huixiang.apps.complaints.models.signals import IDENTITY
from huixiang.apps.complaints.standings import WITH_PEOPLE
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.exported import Checked, check, closed, written

EXPORT = "complaint.export"
IN_MEMORY = 8 << 20  # bytes; what is longer waits on disk until it is sent
AT_ONCE = 500
MOST_WITH_PEOPLE = 200
PLAIN = ("number", "way", "complainant", "heads", "title", "text", "demand", "customer", "risks", "channel_code",
         "business_code", "cause_code", "state", "seriousness", "is_held")  # fmt: skip
OF_EVENT = ("seq", "verb", "unit_code", "told", "words_digest", "previous", "hash")


@dataclass(frozen=True, slots=True)
class Exported:
    """`file` stands at its beginning and is the caller's to close."""

    file: IO[bytes]
    checked: Checked


def export(
    by: Staff | str, received_from: date | None = None, received_until: date | None = None, *, source: str = ""
) -> Exported:
    """All cases within reach that came in on these days, both included. Raises PermissionDenied."""
    rows = rows_of(by)
    rows = rows.filter(received_at__gte=_begin(received_from)) if received_from else rows
    rows = rows.filter(received_at__lte=_end(received_until)) if received_until else rows
    found = _closed(rows, _told)
    checked = found.checked
    audit.record("complaint.export", by=by, on_kind="complaint", source=source, count=checked.cases,
                 events=checked.events, sha256=checked.sha256, received_from=str(received_from or ""),
                 received_until=str(received_until or ""))  # fmt: skip
    return found


def of_people(numbers: Sequence[str], by: Staff) -> CaseQuerySet:
    """These cases, where all of them are his to export with who complains. Raises Fault, PermissionDenied."""
    if not {EXPORT, IDENTITY} <= by.rights:
        raise PermissionDenied
    wanted = list(dict.fromkeys(filter(None, map(str.strip, numbers))))
    if not 0 < len(wanted) <= MOST_WITH_PEOPLE:
        raise Fault("请写明要导出哪些投诉的编号，一次最多 %(most)s 件", most=MOST_WITH_PEOPLE)
    seen = Case.objects.visible_to(by, EXPORT).filter(number__in=wanted)
    rows = seen.filter(pk__in=Case.objects.visible_to(by, IDENTITY).values("pk")).exclude(accused__staff=by)
    known = set(rows.values_list("number", flat=True))
    if missing := sorted(set(wanted) - known):
        raise Fault("没有编号为 %(number)s 的投诉，或不在您的权限范围内", number=missing[0][:20])
    return rows


def with_people(rows: CaseQuerySet) -> Exported:
    """Who complains and all words, unmasked: what was asked and released for a court or the regulator."""
    return _closed(rows, _told_with_people)


def _closed(rows: CaseQuerySet, told: Callable[[Case], dict[str, Any]]) -> Exported:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it outlives this function
    for line in closed(_lines(rows, told)):
        file.write(line.encode())
    file.seek(0)
    checked = check(file)
    file.seek(0)
    return Exported(file, checked)


def not_ours(lines: Iterator[bytes]) -> Iterator[tuple[str, int]]:
    """Of a checked file, the case and line that this installation has under the same number, and otherwise."""
    for line in lines:
        case = json.loads(line)
        if "number" not in case:  # the last line
            continue
        ours = dict(Event.objects.filter(case__number=case["number"]).values_list("seq", "hash"))
        for event in case["events"] if ours else ():
            if ours.get(event["seq"]) != event["hash"]:
                yield case["number"], event["seq"]
                break


def rows_of(by: Staff | str) -> CaseQuerySet:
    """All that this person may export. Raises PermissionDenied."""
    if isinstance(by, str):  # at the machine's own command line
        return Case.objects.all()
    if EXPORT not in by.rights:
        raise PermissionDenied
    return Case.objects.visible_to(by, EXPORT)


def _lines(rows: CaseQuerySet, told_of: Callable[[Case], dict[str, Any]]) -> Iterator[tuple[str, int]]:
    whole = rows.select_related("unit", "pack", "merged_into").prefetch_related(WITH_PEOPLE)
    for case in whole.order_by("number").iterator(chunk_size=AT_ONCE):
        told = told_of(case)
        yield written(told), len(told["events"])


def _told(case: Case) -> dict[str, Any]:
    pack = {"code": case.pack.code, "version": case.pack.version, "sha256": case.pack.digest}
    return {name: getattr(case, name) for name in PLAIN} | {
        "received_at": _utc(case.received_at),
        "unit": case.unit.code,
        "pack": pack,
        "rule": case.rule,
        "merged_into": case.merged_into.number if case.merged_into else None,
        "events": [_event(event) for event in sorted(case.events.all(), key=lambda event: event.seq)],
    }


def _told_with_people(case: Case) -> dict[str, Any]:
    """With the words beside each event, and the people; null for what was cleared or can no longer be opened."""
    told = _told(case)
    for line, event in zip(told["events"], sorted(case.events.all(), key=lambda event: event.seq), strict=True):
        line["words"] = (_opened(event.sealed) or {}).get("text")
    told["people"] = [{"role": party.role, "identity": _opened(party.sealed)} for party in case.parties.all()]
    return told


def _opened(sealed: bytes | memoryview | None) -> dict[str, Any] | None:
    try:
        return unseal(sealed) if sealed else None
    except Unsealable:
        return None


def _event(event: Event) -> dict[str, Any]:
    by = event.by.number if event.by else None
    moments = {"at": _utc(event.at), "entered_at": _utc(event.entered_at)}
    return {name: getattr(event, name) for name in OF_EVENT} | {"by": by} | moments


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
