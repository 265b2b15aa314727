"""What has become of each complaint: how long it took, was it late, was it resolved at the first go? By its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from huixiang.apps.complaints import customers
from huixiang.apps.complaints.models import Case, CaseQuerySet, CaseVoice, Event
from huixiang.apps.complaints.packs import MAIN, clocks_of
from huixiang.apps.complaints.standings import WITH_PEOPLE, history
from huixiang.channels.contract import Fault
from huixiang.domain.complaints import resolving
from huixiang.domain.complaints.clocks import Reading, State
from huixiang.domain.complaints.handling import End, Handled, handled
from huixiang.domain.complaints.history import clock_events
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.replaying import Told, is_late
from huixiang.domain.complaints.resolution import Definition, Sign, shipped_definition
from huixiang.domain.complaints.resolving import Contact, Judged
from huixiang.domain.complaints.standing import Entry

MOST = 20_000  # cases of one page: their clocks are reckoned anew each time
AT_ONCE = 1_000
SUPERVISORS = {Case.Way.SUPERVISOR, Case.Way.PETITION}
ENDS = {"refuse", "reopen", "withdraw", "close"}
SIGNS = {"reopen": Sign.REOPENED, "apply_review": Sign.REVIEW_APPLIED, "dispute": Sign.DISPUTED,
         "confirm": Sign.CONFIRMED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case. `late` is None until its reply is due, or where no date can be told: who answers early counts only
    with the others of his time. `judged` is None of a withdrawn case."""

    case: Case
    handled: Handled
    late: bool | None
    judged: Judged | None
    answered_at: datetime | None


def outcomes(rows: CaseQuerySet, at: datetime) -> list[Outcome]:
    """All of these cases but the refused and those merged into another. Raises Fault where they are too many."""
    count = rows.order_by()[: MOST + 1].count()
    if count > MOST:
        raise Fault("超过 %(most)s 件，一页算不完：请缩短时段，或选一个机构", most=MOST)
    found = list(_read(rows.filter(merged_into=None), at))
    one = customers.groups()
    known = [each for _case, _handled, _late, each in found if each is not None]
    cases = [replace(each, customer=one.get(each.customer, each.customer)) for each in known]
    judged = {
        each.case.number: each for each in resolving.judge(cases, _contacts(cases, one), definition(), moment(at))
    }
    return [
        Outcome(case, done, late, judged.get(case.number), _answered(case, done)) for case, done, late, _each in found
    ]


def definition() -> Definition:
    """What is taken for resolved at the first go, as it comes with the product."""
    found = shipped_definition(MAIN)
    if found is None:
        raise LookupError(f"the definition of {MAIN} comes with the product, and is not there")
    return found


def told_of(rows: CaseQuerySet) -> Iterator[Told]:
    """These cases as a replay reads them, those merged into them included."""
    ahead = rows.select_related("pack").prefetch_related(WITH_PEOPLE)
    for case in ahead.order_by("pk").iterator(chunk_size=AT_ONCE):
        read = history(case)
        yield Told(case.number, case.rule, clock_events(read.entries, read.absorbed))


Read = tuple[Case, Handled, bool | None, resolving.Case | None]


def _read(rows: CaseQuerySet, at: datetime) -> Iterator[Read]:
    # Few packs and units of many cases: each is read once, not with every row.
    cases = list(rows.prefetch_related("pack", "unit").order_by("pk"))
    for start in range(0, len(cases), AT_ONCE):
        part = cases[start : start + AT_ONCE]
        entries = _entries([case.pk for case in part])
        for case in part:
            if found := _one(case, entries.get(case.pk, []), at):
                yield found


def _entries(pks: list[int]) -> dict[int, list[Entry]]:
    """Their lines, without who wrote them: no figure asks for a person."""
    rows = Event.objects.filter(case_id__in=pks).order_by("case_id", "seq")
    lines = rows.values_list("case_id", "at", "verb", "told")
    return {
        pk: [Entry(moment(at), verb, "", told) for _pk, at, verb, told in its]
        for pk, its in groupby(lines, key=lambda line: line[0])
    }


def _one(case: Case, entries: list[Entry], at: datetime) -> Read | None:
    verbs = {entry.verb for entry in entries}
    if next((e.verb for e in reversed(entries) if e.verb in ENDS), "") == "refuse":
        return None
    events = clock_events(entries)
    done = handled(events, moment(at))
    if done is None:
        return None
    if "absorb" in verbs:  # earlier deadlines of merged cases hold on
        reading = history(case).clock("reply", at)
    else:
        reading = next((r for r in clocks_of(case.pack).read(case.rule, events, moment(at)) if _is_reply(r)), None)
    first = None if done.end is End.WITHDRAWN else _as_judged(case, entries)
    return case, done, _late(reading, at), first


def _is_reply(reading: Reading) -> bool:
    return reading.limit.code == "reply"


def _late(reading: Reading | None, at: datetime) -> bool | None:
    if reading is None or reading.due is None or reading.state is State.ENDED:
        return None
    due = timezone.localdate(reading.due) if isinstance(reading.due, datetime) else reading.due
    return is_late(reading) if due < timezone.localdate(at) else None


def _as_judged(case: Case, entries: list[Entry]) -> resolving.Case:
    told, closed = set[str](), None
    for entry in entries:
        told |= {entry.verb} & {"decide", "approve", "reply"}
        if closed is None and "reply" in told:
            closed = entry.at
    signs = tuple((SIGNS[entry.verb], entry.at) for entry in entries if entry.verb in SIGNS)
    return resolving.Case(case.number, case.customer, _matter_of(case), moment(case.received_at), closed, signs)


def _matter(business: str, cause: str) -> dict[str, str]:
    """Products are not kept apart from the business: JR/T 0169's classes of business tell them."""
    return {"business": business, "product": business, "cause": cause}


def _matter_of(case: Case) -> dict[str, str]:
    return _matter(case.business_code, case.cause_code)


def _contacts(cases: Iterable[resolving.Case], one: Mapping[str, str]) -> list[Contact]:
    """All complaints of these customers, wherever in the bank they were taken down and whatever became of them, and
    what they said by any channel that joined a case."""
    heads, found = {case.customer for case in cases if case.customer}, list[Contact]()
    wanted = sorted(heads | {name for name, head in one.items() if head in heads})
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = Case.objects.filter(customer__in=some)
        for case in rows.only("customer", "received_at", "way", "business_code", "cause_code"):
            regulator = case.way in SUPERVISORS
            who = one.get(case.customer, case.customer)
            found.append(Contact(moment(case.received_at), who, _matter_of(case), regulator))
        said = CaseVoice.objects.filter(customer__in=some)
        columns = "customer", "said_at", "case__business_code", "case__cause_code"
        for who, at, business, cause in said.values_list(*columns):
            if at:
                found.append(Contact(moment(at), one.get(who, who), _matter(business, cause)))
    return found


def _answered(case: Case, done: Handled) -> datetime | None:
    return case.received_at + timedelta(days=done.days) if done.end is End.ANSWERED else None
