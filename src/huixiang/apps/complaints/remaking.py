"""Do the rows made of a case's lines say what the lines say? Files, mentions and risks; wrong ones are made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import files, risking
from huixiang.apps.complaints.models import Case, CaseFile, Event, Mention, RiskMark
from huixiang.apps.complaints.standings import History
from huixiang.domain.complaints.standing import Entry

FILES, MENTIONS, RISKS = "files", "mentions", "risks"


def suspected(told: Sequence[History]) -> set[int]:
    """Of which of these cases do rows seem wrong? Three questions for all of them, without a lock."""
    pks = [each.case.pk for each in told]
    kept, called, marked = defaultdict[int, set[str]](set), defaultdict[int, set[tuple[int, str]]](set), set[int]()
    for case, key, gone in CaseFile.objects.filter(case__in=pks).values_list("case_id", "pk", "withdrawn_at"):
        kept[case].add(f"{key} {gone is not None}")
    for case, seq, number in Mention.objects.filter(case__in=pks).values_list("case_id", "event__seq", "staff__number"):
        called[case].add((seq, number))
    marks = defaultdict[int, list[RiskMark]](list)
    for mark in RiskMark.objects.filter(case__in=pks):
        marks[mark.case_id].append(mark)
    for each in told:
        if risking.unsettled(marks[each.case.pk], each.entries):
            marked.add(each.case.pk)
    return marked | {
        each.case.pk
        for each in told
        if kept[each.case.pk] != _files_told(each.entries) or called[each.case.pk] != _mentions_told(each.entries)
    }


def mend(case: Case, now: datetime) -> list[str]:
    """Make its rows of files and mentions anew, in the caller's transaction that holds the case; which were wrong?"""
    events = list(case.events.order_by("seq"))
    return [
        *([FILES] if _mended_files(case, events, now) else []),
        *([MENTIONS] if _mended_mentions(case, events) else []),
    ]


def _files_told(entries: Iterable[Entry]) -> set[str]:
    gone = {entry.told["file"]["id"] for entry in entries if entry.verb == "detach"}
    return {f"{key} {key in gone}" for key in (e.told["file"]["id"] for e in entries if e.verb == "attach")}


def _mentions_told(entries: Sequence[Entry]) -> set[tuple[int, str]]:
    return {(seq, number) for seq, entry in enumerate(entries, 1) for number in entry.told.get("mentions", ())}


def _mended_files(case: Case, events: Sequence[Event], now: datetime) -> bool:
    wanted, known = _files_wanted(case, events), {str(each.pk): each for each in case.files.all()}
    extra = [each.pk for key, each in known.items() if key not in wanted]
    CaseFile.objects.filter(pk__in=extra).delete()  # a row of no line: its content goes at night
    wrong = bool(extra)
    for key, row in wanted.items():
        told = {name: getattr(row, name) for name in _FILE_COLUMNS}
        if key not in known:
            row.erased_at = None if files.VAULT.place(row.pk).exists() else now
            row.save(force_insert=True)
        elif told != {name: getattr(known[key], name) for name in _FILE_COLUMNS}:
            CaseFile.objects.filter(pk=row.pk).update(**told)
        else:
            continue
        wrong = True
    return wrong


_FILE_COLUMNS = ("event_id", "kind", "bytes", "sha256", "withdrawn_at")


def _files_wanted(case: Case, events: Sequence[Event]) -> dict[str, CaseFile]:
    """Of whose words nothing is left, the term is over: their files went with them."""
    found = dict[str, CaseFile]()
    for event in events:
        told = event.told.get("file", {})
        if event.verb == "attach" and (event.sealed is not None or not event.words_digest):
            found[told["id"]] = files.row_of(case, event)
        elif event.verb == "detach" and told["id"] in found:
            found[told["id"]].withdrawn_at = event.entered_at
    return found


def _mended_mentions(case: Case, events: Sequence[Event]) -> bool:
    numbers = {number for event in events for number in event.told.get("mentions", ())}
    people = dict(Staff.objects.filter(number__in=numbers).values_list("number", "pk"))
    wanted = {
        (event.pk, people[number]) for event in events for number in event.told.get("mentions", ()) if number in people
    }
    known = {(each.event_id, each.staff_id): each.pk for each in case.mentions.all()}
    missing = wanted - known.keys()
    Mention.objects.bulk_create(Mention(case=case, event_id=event, staff_id=staff) for event, staff in missing)
    extra = [pk for key, pk in known.items() if key not in wanted]
    Mention.objects.filter(pk__in=extra).delete()
    return bool(missing or extra)
