"""What was written down later than it happened (补录)? Clocks go by when it happened, so everybody must see the gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Case, CaseQuerySet, Event
from huixiang.apps.complaints.packs import pack_of
from huixiang.apps.complaints.standings import History, history
from huixiang.domain.complaints.clocks import Reading, State
from huixiang.domain.complaints.history import REVIEW_KINDS
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.lifecycle import VERBS
from huixiang.domain.complaints.rules import Trust

AT_ONCE = timedelta(minutes=5)  # what is written within is written at once
# A receipt may always have been days ago: that makes no limit longer.
COUNTED = frozenset(code for code, verb in VERBS.items() if verb.clocks) - {"register"} | frozenset(REVIEW_KINDS)
PAIRS = frozenset({"absorb", "release"})  # what they move is the other case's as well
OVER = frozenset({State.OVERDUE, State.MET_LATE})
LOOKED_BACK, MOST = timedelta(days=90), 200


@dataclass(frozen=True, slots=True)
class Backdated:
    """A line that a clock reads and that was written down later; `saves` are clocks in time by this alone."""

    event: Event
    gap: timedelta
    saves: tuple[Reading, ...]


def days_of(case: Case) -> int:
    """How far back may something be written down? As the pack of the case says, or else the bank's setting."""
    return pack_of(case.pack).backdate_days or int(settings.COMPLAINT_BACKDATE_DAYS)


def gap(event: Event) -> timedelta | None:
    """How much later was it written down? None for at once, for the receipt, and for what an old register told."""
    late = event.entered_at - event.at
    return late if late > AT_ONCE and event.verb != "register" and not event.told.get("source") else None


def lines(cases: CaseQuerySet, since: datetime | None = None) -> QuerySet[Event]:
    """Those of these cases that a clock reads and that were written down later, `since` a moment."""
    rows = Event.objects.filter(case__in=cases.order_by().values("pk"), verb__in=COUNTED)
    rows = rows.filter(entered_at__gte=since) if since else rows
    return rows.filter(entered_at__gt=F("at") + AT_ONCE).exclude(told__has_key="source")


def seen(by: Staff, now: datetime) -> list[Backdated]:
    """The latest of the last 90 days that this person may see."""
    rows = lines(Case.objects.visible_to(by), now - LOOKED_BACK).select_related("case__unit", "case__pack", "by")
    return [_told(event, now) for event in rows.order_by("-entered_at", "-pk")[:MOST]]


def used(reading: Reading, events: Iterable[Event]) -> Event | None:
    """By which later written line is this clock met?"""
    if reading.met_at is None:
        return None
    late = [each for each in events if each.verb in COUNTED and gap(each)]
    return next((each for each in late if each.at.replace(microsecond=0) == reading.met_at), None)


def is_saved(reading: Reading, event: Event) -> bool:
    """Would the clock be over by the moment at which the line was written down?"""
    due = reading.legal_latest or reading.due
    if due is None or reading.legally_late:
        return False
    entered: date = event.entered_at if isinstance(due, datetime) else timezone.localdate(event.entered_at)
    return entered > due


def _told(event: Event, now: datetime) -> Backdated:
    told = history(event.case)
    late = {each.limit.code for each in _had_it_been_at_once(told, event).clocks(now) if _is_over(each)}
    saves = tuple(each for each in told.clocks(now) if each.limit.code in late and not _is_over(each))
    return Backdated(event, event.entered_at - event.at, saves if event.verb not in PAIRS else ())


def _had_it_been_at_once(told: History, event: Event) -> History:
    """The same history, of which this line happened when it was written down."""
    entries = list(told.entries)
    entries[event.seq - 1] = replace(entries[event.seq - 1], at=moment(event.entered_at))
    return replace(told, entries=sorted(entries, key=lambda entry: entry.at))


def _is_over(reading: Reading) -> bool:
    """Past its legal day; a limit of the bank's own past its day."""
    return reading.legally_late or (reading.limit.trust is Trust.OWN and reading.state in OVER)
