"""In how many cases did the bank keep its own targets? Each case's clock by the standard, what is not due left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Max
from django.utils import timezone

from huixiang.apps.complaints import opening
from huixiang.apps.complaints.models import Case, CaseQuerySet, Event
from huixiang.apps.complaints.own_targets import reading_of
from huixiang.apps.complaints.standings import histories
from huixiang.apps.standards.measuring import measures, measures_by_unit, upward
from huixiang.domain.complaints.clocks import State
from huixiang.domain.complaints.states import State as CaseState
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.scopes import Place, covers
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import share

CODES = ("complaint.first_contact", "complaint.reply")
AT_ONCE = 1_000
IN_TIME, LATE = {State.MET}, {State.MET_LATE, State.OVERDUE}


@measures(*CODES, right="complaint.see")
def kept(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of cases received in the period: kept ÷ (kept + late)."""
    return [each for each in _told(standard, since, until) if not each.unit]


@measures_by_unit(*CODES)
def kept_by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the unit that has the case."""
    return [each for each in _told(standard, since, until) if each.unit]


def _told(standard: Standard, since: date, until: date) -> list[Measured]:
    """Counted anew when something happened to any case, with each day, and when opening hours or holidays change."""
    if standard.clock is None:
        return []
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    return list(_counted(standard, since, until, (last, timezone.localdate().toordinal(), *opening.version())))


@lru_cache(maxsize=64)
def _counted(standard: Standard, since: date, until: date, version: tuple[int, ...]) -> tuple[Measured, ...]:
    """By month, and by unit."""
    good, bad, tree = Counter[tuple[str, str]](), Counter[tuple[str, str]](), upward()
    for unit, month, is_kept in _judged(standard, since, until, timezone.now()):
        for key in (("", ""), ("", month), *((each, "") for each in tree.get(unit, ()))):
            (good if is_kept else bad)[key] += 1
    return tuple(_measured(good[key], good[key] + bad[key], *key) for key in sorted(good | bad))


def _measured(count: int, of: int, unit: str, period: str) -> Measured:
    found = share(count, of)
    assert found is not None
    return Measured(of, 100 * found.value, 100 * found.low, 100 * found.high, unit=unit, period=period)


def _judged(standard: Standard, since: date, until: date, now: datetime) -> Iterator[tuple[str, str, bool]]:
    """Unit, month and whether it was kept, of each case whose target is met or over."""
    begin, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (since, until + timedelta(days=1)))
    rows = Case.objects.filter(received_at__gte=begin, received_at__lt=end, merged_into=None)
    rows = rows.exclude(state=CaseState.REFUSED).prefetch_related("pack", "unit").order_by("pk")
    for part in _parts(rows):
        for read in histories(part):
            if not covers(standard.scope, Place(branch_kind=read.case.unit.kind)):
                continue
            reading = reading_of(standard, read, now)
            if reading and reading.state in IN_TIME | LATE:
                month = f"{timezone.localdate(read.case.received_at):%Y-%m}"
                yield read.case.unit.code, month, reading.state in IN_TIME


def _parts(rows: CaseQuerySet) -> Iterator[list[Case]]:
    """A thousand at a time."""
    last = 0
    while part := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield part
        last = part[-1].pk
