"""How do cases of an old register become ours? With their history and number, and nobody is told.

No receipt, no notice and no message to other systems leaves: the customer had them long ago. Names are sealed, text is
masked, as with a complaint that is taken down today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.actions.registering import Person, Receipt, begun, drawn_from, party_of, year_held
from huixiang.apps.complaints.actions.revealing import Identity
from huixiang.apps.complaints.actions.ties import marks_of
from huixiang.apps.complaints.actions.writing import Line, old_events
from huixiang.apps.complaints.models import Case, CaseNumber, Event, OldNumber, Party, PartyMark
from huixiang.apps.complaints.old_rows import OldRow
from huixiang.apps.complaints.projecting import columns
from huixiang.apps.complaints.standings import History
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.domain.complaints.hours import moment, time_of
from huixiang.domain.complaints.standing import Entry
from huixiang.domain.complaints.states import OPEN
from huixiang.domain.complaints.titles import telling_clause
from huixiang.domain.understanding.contract import Risk

RIGHT = "complaint.import"
PORTION = 100  # rows in one transaction: whoever registers a complaint meanwhile waits for a part of a second
TELLS = {"decide": "result", "reply": "result", "close": "result", "refuse": "refusal", "withdraw": "result"}


@dataclass(frozen=True, slots=True)
class Bringing:
    """By which import."""

    import_id: UUID
    by: Staff | str


@dataclass(frozen=True, slots=True)
class _Portion:
    """Whom these rows name, asked once for all of them."""

    units: Mapping[str, Unit]
    people: Mapping[str, Staff]
    years: Mapping[int, CaseNumber]  # held until commit


@dataclass(frozen=True, slots=True)
class _Coming:
    """A case with all that is stored beside it."""

    row: OldRow
    case: Case
    told: History
    events: list[Event]
    people: tuple[Person, ...]


def bring(rows: Sequence[OldRow], bringing: Bringing) -> list[bool]:
    """A portion of cases in one transaction: all of them or none. False where a register's number is there already."""
    with transaction.atomic():
        years = {year: year_held(year) for year in sorted({_year(row) for row in rows})}
        # Asked under the years' lock: another import that brings the same number has it, or waits.
        known, is_new = _known(rows), list[bool]()
        for row in rows:
            is_new.append(key_of(row) not in known)
            known.add(key_of(row))
        if new := [row for row, first in zip(rows, is_new, strict=True) if first]:
            portion = _asked(new, years)
            coming = [_coming(row, portion) for row in new]
            risks = _placed(coming, portion.people)
            _store(coming, bringing)
            for each, found in risks:
                risking.mark(each.case, found, (), timezone.now())
            CaseNumber.objects.bulk_update(years.values(), ["last"])
    return is_new


def key_of(row: OldRow) -> tuple[str, str]:
    return row.register, row.cell("number")


def ours(import_id: UUID, rows: Sequence[OldRow]) -> set[tuple[str, str]]:
    """Which of these came in by this very import, before it was killed?"""
    places = {row.line.row for row in rows}
    found = OldNumber.objects.filter(import_id=import_id, row__gte=min(places, default=0))
    return {(register, number) for register, number, at in found.values_list("register", "number", "row")
            if at in places}  # fmt: skip


def _known(rows: Sequence[OldRow]) -> set[tuple[str, str]]:
    registers, numbers = zip(*map(key_of, rows), strict=True) if rows else ((), ())
    found = OldNumber.objects.filter(register__in=set(registers), number__in=numbers)
    return set(found.values_list("register", "number"))


def _asked(rows: Sequence[OldRow], years: Mapping[int, CaseNumber]) -> _Portion:
    numbers = {step.act.by for row in rows for step in row.steps} | {step.act.to for row in rows for step in row.steps}
    units = Unit.objects.filter(code__in={row.branch for row in rows})
    people = Staff.objects.filter(number__in=numbers)
    return _Portion({unit.code: unit for unit in units}, {staff.number: staff for staff in people}, years)


def _coming(row: OldRow, portion: _Portion) -> _Coming:
    receipt = _receipt(row, portion)
    case = begun(receipt, drawn_from(portion.years[_year(row)]), _received_at(row), row.pack)
    told = History(case, [step.entry for step in row.steps], {})
    return _Coming(row, case, told, old_events(case, _lines(row, portion)), receipt.people)


def _receipt(row: OldRow, portion: _Portion) -> Receipt:
    text = row.cell("text")
    person = Identity(**{name: row.cell(name) for name in ("name", "phone", "mail", "id_number", "customer_number")})
    return Receipt(
        way=row.way,
        unit=portion.units[row.branch or ""],
        title=row.cell("title") or telling_clause(masked_value("", text), ()),
        text=text,
        demand=row.cell("demand"),
        complainant=row.complainant,
        people=(Person(Party.Role.COMPLAINANT, person),) if person.is_given else (),
    )


def _store(coming: Sequence[_Coming], bringing: Bringing) -> None:
    """All rows of a portion, table by table."""
    Case.objects.bulk_create([each.case for each in coming])
    OldNumber.objects.bulk_create(
        OldNumber(case=each.case, register=each.row.register, number=each.row.cell("number"),
                  import_id=bringing.import_id, row=each.row.line.row) for each in coming
    )  # fmt: skip
    Event.objects.bulk_create([event for each in coming for event in each.events])
    Party.objects.bulk_create([party_of(each.case, person) for each in coming for person in each.people])
    PartyMark.objects.bulk_create(
        [mark for each in coming for mark in marks_of(each.case, [(who.role, who.identity) for who in each.people])]
    )
    deeds = [audit.Deed("complaint.bring", "complaint", each.case.number, {"events": len(each.events)})
             for each in coming]  # fmt: skip
    audit.record_many(deeds, by=bringing.by, source="import")


def _placed(coming: Sequence[_Coming], people: Mapping[str, Staff]) -> list[tuple[_Coming, list[Risk]]]:
    """Each at its place in the queue, and the risks of those that wait; what has ended waits for nobody's eyes."""
    now, standings = timezone.now(), [each.told.standing() for each in coming]
    waiting = [each for each, standing in zip(coming, standings, strict=True) if standing.state in OPEN]
    risks = list(zip(waiting, risking.found_in([each.case for each in waiting]), strict=True))
    for each, found in risks:
        each.case.risks = list(dict.fromkeys([*each.case.risks, *(risk.code for risk in found)]))
    for each, standing in zip(coming, standings, strict=True):
        each.case.handler = people.get(standing.handler)
        for name, value in columns(each.told, standing, now).items():
            setattr(each.case, name, value)
    return risks


def _received_at(row: OldRow) -> datetime:
    return time_of(moment(row.received_at)).astimezone(UTC)  # as the database gives it back


def _year(row: OldRow) -> int:
    return timezone.localtime(_received_at(row)).year


def _lines(row: OldRow, portion: _Portion) -> list[tuple[Entry, Line]]:
    """With the words that the register has for them, sealed."""
    return [
        (step.entry, Line(step.act, time_of(step.entry.at), portion.people.get(step.act.by),
                          _words(row, step.act.verb))) for step in row.steps
    ]  # fmt: skip


def _words(row: OldRow, verb: str) -> str:
    if verb == "take" and row.handler_words:
        return f"原登记簿经办人：{row.handler_words}"
    return row.cell(TELLS[verb]) if verb in TELLS else ""
