"""How does a complaint begin? With its receipt: a number, a day, and the rules that hold for it from then on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import seal
from huixiang.apps.complaints import files, packs, risking
from huixiang.apps.complaints.actions.attaching import write
from huixiang.apps.complaints.actions.joining import link
from huixiang.apps.complaints.actions.revealing import Identity
from huixiang.apps.complaints.actions.telling import send_receipt
from huixiang.apps.complaints.actions.ties import mark as mark_people
from huixiang.apps.complaints.actions.writing import Line, append, once
from huixiang.apps.complaints.files import Brought
from huixiang.apps.complaints.models import Case, CaseNumber, Event, Party, RulePack
from huixiang.apps.feedback.interpreter import masked_pair, masked_value
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.hours import moment, time_of
from huixiang.domain.complaints.lifecycle import REGISTER
from huixiang.domain.complaints.speaking import HELD, MISSING
from huixiang.domain.complaints.states import State
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym

MOST_REPRESENTATIVES, MAJOR_FROM = 5, 20  # 令2020年第3号: at most 5 speak for a group; from 20 face to face it is major


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the case, in his own words: sealed before it is stored."""

    role: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came in. `customer` is the pseudonym where the bank knows it already; `voices` are those it was made of."""

    way: str
    unit: Unit
    title: str
    text: str
    demand: str = ""
    received_at: datetime | None = None
    complainant: str = Case.Kind.SELF
    heads: int = 1
    people: tuple[Person, ...] = ()
    accused: tuple[Staff, ...] = ()
    customer: str = ""
    voices: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    files: tuple[Brought, ...] = ()
    has_mandate: bool = True  # of who speaks for another: was the power of attorney received?
    key: str = field(default="", kw_only=True)


def register(receipt: Receipt, *, by: Staff, source: str = "") -> Case:
    """Register it, once however often the form arrives. Raises Fault, or PermissionDenied beyond one's units."""
    if not by.holds(REGISTER, receipt.unit):
        raise PermissionDenied
    mark = once(by, receipt.key, "register")
    if mark and (known := Case.objects.filter(events__once=mark).first()):
        return known
    return _registered(receipt, by, mark, source)


def register_enclosing(receipt: Receipt, uploads: Iterable[UploadedFile[Any]], *, by: Staff, source: str = "") -> Case:
    """With its files, in one transaction: one that may not be kept is told before there is a case. Raises Fault."""
    brought = tuple(files.bring_all(uploads))
    try:
        case = register(replace(receipt, files=brought), by=by, source=source)
    except BaseException:
        files.drop(brought)
        raise
    claimed = set(case.files.values_list("pk", flat=True))
    files.drop([each for each in brought if each.key not in claimed])  # sent twice, it was there already
    return case


def register_by_rule(receipt: Receipt, *, source: str) -> Case:
    """As a rule of the house says, which two people have written and approved; nobody else stands behind it."""
    return _registered(receipt, None, None, source)


def _registered(receipt: Receipt, by: Staff | None, mark: str | None, source: str) -> Case:
    _check(receipt)
    at = time_of(moment(receipt.received_at or timezone.now()))  # whole seconds, as the clocks count
    with transaction.atomic():
        case = made(receipt, next_number(at), at)
        act = Act("register", moment(at), by.number if by else "", rule=case.rule, unit=receipt.unit.code,
                  accused=frozenset(each.number for each in receipt.accused), seriousness=case.seriousness,
                  mandate=_mandate(receipt))  # fmt: skip
        # Before its first line, by which it takes its place in the queue.
        risking.mark(case, risking.found_in([case])[0], receipt.risks, timezone.now())
        append(case, Line(act, at, by, once=mark))
        Party.objects.bulk_create(party_of(case, person) for person in receipt.people if person.identity.is_given)
        mark_people(case, [(person.role, person.identity) for person in receipt.people])
        link(case, receipt.voices)
        if by:  # a rule encloses nothing, and knows no address to which a receipt could go
            for brought in receipt.files:
                write(case, brought, by)
            send_receipt(case, by)
        audit.record("complaint.register", by=by or "system:voice_rules", on_kind="complaint", on_id=case.number,
                     source=source, way=receipt.way, voices=len(receipt.voices))  # fmt: skip
    return case


def _check(receipt: Receipt) -> None:
    speakers = sum(person.role == Party.Role.REPRESENTATIVE for person in receipt.people)
    if not receipt.title.strip() or not receipt.text.strip():
        raise Fault("请写一句话说明和投诉内容")
    if receipt.received_at and receipt.received_at > timezone.now():
        raise Fault("收到时间还没有到：请核对")
    if speakers > MOST_REPRESENTATIVES:
        raise Fault("共同投诉最多推选 %(most)s 名代表", most=MOST_REPRESENTATIVES)
    if receipt.complainant == Case.Kind.GROUP and receipt.heads < 2:
        raise Fault("多人共同投诉请写人数")


def next_number(at: datetime) -> str:
    """Drawn under a lock of the year's row: without gaps, since what is rolled back gives its number back."""
    row = year_held(timezone.localtime(at).year)
    number = drawn_from(row)
    row.save(update_fields=["last"])
    return number


def year_held(year: int) -> CaseNumber:
    """The row of a year's last number, held until commit."""
    CaseNumber.objects.get_or_create(year=year)
    return CaseNumber.objects.select_for_update().get(year=year)


def drawn_from(row: CaseNumber) -> str:
    """The next number; whoever draws saves the row."""
    row.last += 1
    return f"{row.year}-{row.last:06d}"


def made(receipt: Receipt, number: str, at: datetime) -> Case:
    case = begun(receipt, number, at, packs.in_force(timezone.localdate(at)))
    case.save(force_insert=True)
    return case


def begun(receipt: Receipt, number: str, at: datetime, pack: RulePack) -> Case:
    """The case as it is stored first, not stored yet."""
    title, text = masked_pair(receipt.title.strip(), receipt.text.strip())
    return Case(
        number=number,
        received_at=at,
        way=receipt.way,
        pack=pack,
        rule=packs.pack_of(pack).rules[0].code,  # the shortest limit, until somebody extends it
        title=title[: Case._meta.get_field("title").max_length],
        text=text,
        demand=masked_value("", receipt.demand.strip()),
        complainant=receipt.complainant,
        heads=max(receipt.heads, 1),
        customer=receipt.customer or _customer(receipt),
        risks=list(receipt.risks),  # and those of its own words, once they are marked
        state=State.NEW,
        unit=receipt.unit,
        seriousness=_seriousness(receipt),
    )


def _mandate(receipt: Receipt) -> str:
    """ "" of who speaks for himself."""
    if receipt.complainant not in {Case.Kind.LEGAL, Case.Kind.AGENT, Case.Kind.HEIR}:
        return ""
    return HELD if receipt.has_mandate else MISSING


def _seriousness(receipt: Receipt) -> str:
    crowd = receipt.way == Case.Way.COUNTER and receipt.complainant == Case.Kind.GROUP and receipt.heads >= MAJOR_FROM
    return Case.Seriousness.MAJOR if crowd else Case.Seriousness.ORDINARY


def _customer(receipt: Receipt) -> str:
    """By the way to reach the one who complains, as in voices; "" of whom nothing is known."""
    own = [each for each in receipt.people if each.role == Party.Role.COMPLAINANT]
    return next((_pseudonym(each.identity) for each in own), "")


def _pseudonym(identity: Identity) -> str:
    said = identity.customer_number or identity.phone or identity.mail
    return pseudonym(reached_at(said) or said, settings.MASKING_KEY.encode()) if said else ""


def party_of(case: Case, person: Person) -> Party:
    sealed = seal(person.identity.told())
    return Party(case=case, role=person.role, sealed=sealed, pseudonym=_pseudonym(person.identity))


def registered_by(by: Staff) -> list[int]:
    """The cases whose receipt this person wrote: she may hand the customer the receipt again."""
    return list(Event.objects.filter(seq=1, by=by).values_list("case_id", flat=True))
