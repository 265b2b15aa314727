"""What stands on a case's page of the day's work? The note it was handed over with, who was asked, contacts, files."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import absences, files
from huixiang.apps.complaints.forms.working import FileForm
from huixiang.apps.complaints.models import Case, CaseFile, Event
from huixiang.apps.complaints.models.cases import ARCHIVE
from huixiang.apps.complaints.timeline import words_of
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.standing import Standing

MOST_CONTACTS = 20  # shown beside the case; its history tells the earlier ones too
TAKES = {"take", "assign"}  # whoever was handed it has read the note


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as this reader sees it. `may_fetch`: its content is there, and for her."""

    file: CaseFile
    name: str
    may_fetch: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact; `until` is the agreed moment to call back."""

    line: Event
    words: str
    until: datetime | None


def part(case: Case, standing: Standing, by: Staff, lines: Sequence[Event], *, opens: bool) -> Any:
    """The part's context; `lines` are all of the case, the latest first; `opens`: she may read sealed words."""
    contacts = [line for line in lines if "outcome" in line.told]
    return {
        "handed_over": next(((line, words_of(line)) for line in _untaken(lines)), None),
        "asked_of_me": case.mentions.filter(staff=by).unseen().select_related("event__by"),
        "contacts": [_contact(line, words_of(line)) for line in contacts[:MOST_CONTACTS]],
        "has_more_contacts": len(contacts) > MOST_CONTACTS,
        "files": [_file(each, by, opens=opens) for each in case.files.select_related("event__by", "case")],
        "attaching": FileForm() if _may_attach(case, standing, by) else None,
        "detach_key": uuid.uuid4().hex,
        "handler_away": absences.away(case.handler),
        "is_deputy": case.handler in absences.stood_for(by) if case.handler else False,
        "today": timezone.localdate(),
        "now": timezone.now(),
    }


def _untaken(lines: Sequence[Event]) -> list[Event]:
    """The last hand-over, as long as nobody took it since."""
    last = next((line for line in lines if line.verb in TAKES | {"hand_over"}), None)
    return [last] if last and last.verb == "hand_over" else []


def _contact(line: Event, words: str) -> ContactLine:
    until = line.told.get("call_back_at")
    return ContactLine(line, words, time_of(until) if until else None)


def _file(file: CaseFile, by: Staff, *, opens: bool) -> FileLine:
    is_there = file.erased_at is None and (file.withdrawn_at is None or ARCHIVE in by.rights)
    return FileLine(file, files.shown_name(file, opens=opens), opens and is_there)


def _may_attach(case: Case, standing: Standing, by: Staff) -> bool:
    verb = VERBS["attach"]
    is_his = by.number in standing.accused
    return standing.state in verb.of and not standing.is_held and not is_his and by.holds(verb.right, case.unit)
