"""How does a case of an old register become one of ours? With its history and number, and nobody is told.

No receipt, no notice and no message to other systems leaves: the customer had them long ago. Names are sealed, text is
masked, as with a complaint that is taken down today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.actions.registering import Person, Receipt, made, next_number, party_of
from huixiang.apps.complaints.actions.revealing import Identity
from huixiang.apps.complaints.actions.ties import mark as mark_people
from huixiang.apps.complaints.actions.writing import Line, append_old
from huixiang.apps.complaints.models import Case, OldNumber, Party
from huixiang.apps.complaints.old_rows import OldRow
from huixiang.domain.complaints.hours import moment, time_of
from huixiang.domain.complaints.standing import Entry

RIGHT = "complaint.import"
LONGEST_GUESS = 30  # characters of the text stand for a title that the register does not have
TELLS = {"decide": "result", "reply": "result", "close": "result", "refuse": "refusal", "withdraw": "result"}


@dataclass(frozen=True, slots=True)
class Bringing:
    """By which import."""

    import_id: UUID
    by: Staff | str


def bring(row: OldRow, bringing: Bringing) -> bool:
    """One case, in one transaction; False where this register's number is there already."""
    number = row.cell("number")
    known = OldNumber.objects.filter(register=row.register, number=number)
    if known.exists():
        return False
    with transaction.atomic():
        case = _begun(row)
        # The unique number refuses a second one that came in meanwhile, and all of this with it.
        OldNumber.objects.create(case=case, register=row.register, number=number, import_id=bringing.import_id,
                                 row=row.line.row)  # fmt: skip
        append_old(case, _lines(row))
        if case.is_open:  # what has ended waits for nobody's eyes
            risking.mark(case, risking.found_in([case])[0], (), timezone.now())
        audit.record("complaint.bring", by=bringing.by, on_kind="complaint", on_id=case.number, source="import",
                     events=len(row.steps))  # fmt: skip
    return True


def ours(import_id: UUID, rows: Sequence[OldRow]) -> set[tuple[str, str]]:
    """Which of these came in by this very import, before it was killed?"""
    places = {row.line.row for row in rows}
    found = OldNumber.objects.filter(import_id=import_id, row__gte=min(places, default=0))
    return {(register, number) for register, number, at in found.values_list("register", "number", "row")
            if at in places}  # fmt: skip


def _begun(row: OldRow) -> Case:
    at = time_of(moment(row.received_at)).astimezone(UTC)  # as the database gives it back
    text = row.cell("text")
    person = Identity(**{name: row.cell(name) for name in ("name", "phone", "mail", "id_number", "customer_number")})
    receipt = Receipt(
        way=row.way,
        unit=Unit.objects.get(code=row.branch),
        title=row.cell("title") or text[:LONGEST_GUESS],
        text=text,
        demand=row.cell("demand"),
        complainant=row.complainant,
        people=(Person(Party.Role.COMPLAINANT, person),) if person.is_given else (),
    )
    case = made(receipt, next_number(at), at)
    Party.objects.bulk_create(party_of(case, each) for each in receipt.people)
    mark_people(case, [(each.role, each.identity) for each in receipt.people])
    return case


def _lines(row: OldRow) -> list[tuple[Entry, Line]]:
    """With the words that the register has for them, sealed."""
    people = {staff.number: staff for staff in Staff.objects.filter(number__in={step.act.by for step in row.steps})}
    lines = [
        (step.entry, Line(step.act, time_of(step.entry.at), people.get(step.act.by), _words(row, step.act.verb)))
        for step in row.steps
    ]
    return lines


def _words(row: OldRow, verb: str) -> str:
    if verb == "take" and row.handler_words:
        return f"原登记簿经办人：{row.handler_words}"
    return row.cell(TELLS[verb]) if verb in TELLS else ""
