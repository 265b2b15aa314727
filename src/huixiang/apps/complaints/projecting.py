"""Where does a case stand in the queue? Columns made of its events by one function; wrong ones are made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import remaking, risking
from huixiang.apps.complaints.models import Accused, Case, CustomerTie
from huixiang.apps.complaints.standings import History, histories, history
from huixiang.domain.complaints.classes import classes_of
from huixiang.domain.complaints.clocks import Reading, State
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.rules import Trust
from huixiang.domain.complaints.standing import Standing
from huixiang.domain.complaints.states import OPEN, OWED

# How many days earlier than its date a case is worked on, for the harm that may come of it.
AHEAD_MAJOR, AHEAD_RISK, AHEAD_SUPERVISOR, AHEAD_COMPLEX = 1_000, 10, 5, 2
PORTION = 500  # cases whose events are read at once
NO_DATE = 9_000  # days after its receipt: what nothing is due of comes last
STANDS = {State.RUNNING, State.OVERDUE}
COLUMNS = ("state", "is_open", "is_held", "unit_id", "handler_id", "seriousness", "merged_into_id", "next_due_on",
           "legal_latest_on", "is_late", "is_legally_late", "ended_at", "rank", "channel_code", "business_code",
           "cause_code", "call_back_at")  # fmt: skip


def project(case: Case, now: datetime) -> list[str]:
    """Make the columns of the queue anew; which of them were not what the events say? In the caller's transaction."""
    told = history(case)
    standing = told.standing()
    wanted = columns(told, standing, now)
    wrong = _wrong(case, wanted)
    if wrong:
        for name in wrong:
            setattr(case, name, wanted[name])
        Case.objects.filter(pk=case.pk).update(**{name: wanted[name] for name in wrong})
    made = {"risks": risking.settle(case, told.entries), "accused": _mark_accused(case, standing),
            "ties": _mark_tied(case, standing)}  # fmt: skip
    return wrong + [name for name, is_new in made.items() if is_new]


def _wrong(case: Case, wanted: dict[str, object]) -> list[str]:
    return [name for name in COLUMNS if getattr(case, name) != wanted[name]]


def columns(told: History, standing: Standing, now: datetime) -> dict[str, object]:
    case, law = told.case, owed(told, standing, now)
    due = min(map(_day, law), default=None)
    seriousness = next((e.told["seriousness"] for e in reversed(told.entries) if e.told.get("seriousness")), "ordinary")
    classes = classes_of(told.entries)
    return {
        "state": standing.state,
        "is_open": standing.state in OPEN,
        "is_held": standing.is_held,
        "unit_id": _unit(case, standing.unit),
        "handler_id": _handler(case, standing.handler),
        "seriousness": seriousness,
        "merged_into_id": _pk_of(standing.into),
        "next_due_on": due,
        "legal_latest_on": min((_latest(each) for each in law), default=None),
        "is_late": any(each.state is State.OVERDUE for each in law),
        "is_legally_late": any(each.legally_late for each in law),
        "ended_at": None if standing.state in OPEN else _ended_at(told),
        "rank": (due or timezone.localdate(case.received_at)).toordinal()
        + (0 if due else NO_DATE)
        - _ahead(case, seriousness),
        "channel_code": classes.get("channel", ""),
        "business_code": classes.get("business", ""),
        "cause_code": classes.get("cause", ""),
        "call_back_at": time_of(standing.call_back_at) if standing.call_back_at and standing.state in OPEN else None,
    }


def owed(told: History, standing: Standing, now: datetime) -> list[Reading]:
    """Which clocks of the law must the bank still keep? Those that run or are over; none of its own."""
    if standing.state not in OPEN:
        return []
    found = [each for each in told.clocks(now) if each.state in STANDS and each.due]
    if standing.state not in OWED:  # what was answered owes no reply; a review has a clock of its own
        return [each for each in found if each.limit.code == "review" and each.limit.trust is not Trust.OWN]
    return [each for each in found if each.limit.trust is not Trust.OWN and each.limit.code != "review_application"]


def rebuild(now: datetime, *, only_open: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Make columns and rows of all cases anew; yields each that was not what its events say, with the names of both.

    Read in portions without a lock; what seems wrong is looked at again while nobody can work on it.
    """
    rows = Case.objects.open() if only_open else Case.objects.all()
    # Few packs, units and people of many cases: each is read once a portion, not with every row.
    for cases in _portions(rows.prefetch_related("pack", "unit", "handler").order_by("pk")):
        read = list(histories(cases))
        suspected = remaking.suspected(read)
        accused, tied = _accused_of(cases), _tied_of(cases)
        for told in read:
            standing = told.standing()
            if (
                told.case.pk in suspected
                or _wrong(told.case, columns(told, standing, now))
                or {_person(number) for number in standing.accused} != accused[told.case.pk]
                or set(standing.tied) != tied[told.case.pk]
            ):
                yield from _mended(told.case.pk, now)


def _portions(rows: QuerySet[Case]) -> Iterator[list[Case]]:
    last = 0
    while cases := list(rows.filter(pk__gt=last)[:PORTION]):
        last = cases[-1].pk
        yield cases


def _mended(pk: int, now: datetime) -> Iterator[tuple[str, list[str]]]:
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("pack", "unit").get(pk=pk)
        wrong = project(case, now) + remaking.mend(case, now)
    if wrong:
        yield case.number, wrong


def project_open(now: datetime | None = None) -> int:
    """The nightly round's part: clocks move with time. Of how many cases did that change anything?"""
    return sum(1 for _ in rebuild(now or timezone.now(), only_open=True))


def _ahead(case: Case, seriousness: str) -> int:
    ahead = {"major": AHEAD_MAJOR, "complex": AHEAD_COMPLEX}.get(seriousness, 0)
    ahead += AHEAD_RISK if case.risks else 0
    return ahead + (AHEAD_SUPERVISOR if case.way in {Case.Way.SUPERVISOR, Case.Way.PETITION} else 0)


def _day(reading: Reading) -> date:
    assert reading.due is not None
    return reading.due.date() if isinstance(reading.due, datetime) else reading.due


def _latest(reading: Reading) -> date:
    latest = reading.legal_latest or reading.due
    assert latest is not None
    return latest.date() if isinstance(latest, datetime) else latest


def _ended_at(told: History) -> datetime | None:
    """When did it come to its end? Archiving and notes after that move nothing; the term of keeping begins here."""
    ends = {"close", "refuse", "withdraw", "merge"}
    return next((time_of(entry.at) for entry in reversed(told.entries) if entry.verb in ends), None)


def _pk_of(number: str) -> int | None:
    return Case.objects.filter(number=number).values_list("pk", flat=True).first() if number else None


def _unit(case: Case, code: str) -> int:
    """Most often the one it was; of that nobody need be asked."""
    return case.unit_id if case.unit.code == code else int(Unit.objects.only("pk").get(code=code).pk)


def _handler(case: Case, number: str) -> int | None:
    if not number:
        return None
    return case.handler_id if case.handler and case.handler.number == number else _person(number)


def _person(number: str) -> int:
    return int(Staff.objects.only("pk").get(number=number).pk)


def _accused_of(cases: list[Case]) -> dict[int, set[int]]:
    """Of many cases in one question: a relation of each costs more than all that is reckoned of it."""
    found = defaultdict[int, set[int]](set)
    for pk, staff in Accused.objects.filter(case__in=[case.pk for case in cases]).values_list("case_id", "staff_id"):
        found[pk].add(staff)
    return found


def _tied_of(cases: list[Case]) -> dict[int, set[str]]:
    found = defaultdict[int, set[str]](set)
    rows = CustomerTie.objects.filter(case__in=[case.pk for case in cases])
    for pk, number in rows.values_list("case_id", "other__number"):
        found[pk].add(number)
    return found


def _mark_tied(case: Case, standing: Standing) -> bool:
    """Rows for the question whose cases are one customer's."""
    known = dict(CustomerTie.objects.filter(case=case).values_list("other__number", "other_id"))
    if set(known) == set(standing.tied):
        return False
    wanted = dict(Case.objects.filter(number__in=standing.tied).values_list("number", "pk"))
    new = [CustomerTie(case=case, other_id=pk) for number, pk in wanted.items() if number not in known]
    CustomerTie.objects.bulk_create(new)
    CustomerTie.objects.filter(case=case, other_id__in=[known[n] for n in known if n not in standing.tied]).delete()
    return True


def _mark_accused(case: Case, standing: Standing) -> bool:
    """Rows for the question who may see it; at the time of asking the events need not be read."""
    wanted = {_person(number) for number in standing.accused}
    known = set(Accused.objects.filter(case=case).values_list("staff_id", flat=True))
    Accused.objects.bulk_create([Accused(case=case, staff_id=pk) for pk in wanted - known])
    Accused.objects.filter(case=case, staff_id__in=known - wanted).delete()
    return wanted != known
