"""How many complaints of which kind came in? The database counts, by classes as they held on the day of the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

from django.db.models import Count, Q
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints.models import Case, CaseQuerySet
from huixiang.apps.feedback import rulebooks
from huixiang.domain.complaints import returns
from huixiang.domain.complaints.classes import AXES
from huixiang.domain.complaints.returns import Return, counted
from huixiang.domain.complaints.states import State
from huixiang.domain.understanding.book import Book

GROUPED = ("business_code", "cause_code", "channel_code", "way", "seriousness", "unit_id")
ONE_DAY = timedelta(days=1)


class Span(Protocol):
    """From a day until a day, both counted in: a quarter, a year, or any."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Days:
    """Any days."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Tally:
    """`received` are all that came in, `refused` those of them that are no complaints to be handled: not in `counts`.
    `raw` is counted by a question of its own, so that the sums of `counts` can be held against it."""

    received: int
    refused: int
    raw: int
    counts: Return


@dataclass(frozen=True, slots=True)
class Places:
    """Where each unit lies: its code, and the region (分行) it belongs to."""

    units: dict[int, Unit]
    regions: dict[int, Unit]


def places() -> Places:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    by_path = {unit.path: unit for unit in units.values()}
    return Places(units, {pk: by_path.get(_region_path(unit.path), unit) for pk, unit in units.items()})


def _region_path(path: str) -> str:
    return "/".join(path.split("/")[:3]) + "/"


def of_period(rows: CaseQuerySet, period: Span) -> CaseQuerySet:
    return rows.filter(received_at__gte=begin(period.since), received_at__lt=begin(period.until + ONE_DAY))


def below(rows: CaseQuerySet, unit: Unit) -> CaseQuerySet:
    """Those of a unit and all below it; of the whole bank without a question to the tree."""
    return rows if unit.parent_id is None else rows.filter(unit__path__startswith=unit.path)


def counting(rows: CaseQuerySet) -> CaseQuerySet:
    """Those a return counts: refused ones were not taken up as complaints."""
    return rows.exclude(state=State.REFUSED)


def tally(rows: CaseQuerySet, period: Span, where: Places) -> Tally:
    """All of the rows that came in in this period."""
    held = of_period(rows, period).order_by()
    seen = held.aggregate(received=Count("pk"), refused=Count("pk", filter=Q(state=State.REFUSED)))
    book = rulebooks.book("taxonomy")
    counts = counted(_cells(counting(held), period, book, where), book)
    return Tally(seen["received"], seen["refused"], seen["received"] - seen["refused"], counts)


def _cells(rows: CaseQuerySet, period: Span, book: Book, where: Places) -> Iterator[returns.Case]:
    """So many alike: one portion for each time in which the book was the same."""
    for since, until in segments(book, period):
        part = rows.filter(received_at__gte=begin(since), received_at__lt=begin(until))
        groups = part.values_list(*GROUPED).annotate(raw=Count("pk"), kept=Count("pk", filter=Q(merged_into=None)))
        for business, cause, channel, way, seriousness, unit, raw, kept in groups.iterator(chunk_size=5_000):
            for into, count in (("", kept), ("another", raw - kept)):
                if count:
                    yield returns.Case("", since, business, cause, channel, where.regions[unit].code,
                                       where.units[unit].code, into, way, seriousness, count)  # fmt: skip


def segments(book: Book, period: Span) -> list[tuple[date, date]]:
    """From which day until before which day did the book of matters stay the same?"""
    changes = {day for node in book.nodes for day in (node.since, node.until) if day}
    end = period.until + ONE_DAY
    days = [period.since, *sorted(day for day in changes if period.since < day < end), end]
    return list(pairwise(days))


def classed(period: Span) -> Q:
    """Which cases have a code of the book of their day on each of the three axes of JR/T 0169?"""
    book, found = rulebooks.book("taxonomy"), Q(pk__in=[])
    for since, until in segments(book, period):
        part = Q(received_at__gte=begin(since), received_at__lt=begin(until))
        codes = [node.code for node in book.on(since).nodes]
        for axis, top in AXES.items():
            part &= Q(**{f"{axis}_code__in": [code for code in codes if code.startswith(f"{top}.")]})
        found |= part
    return found


def unclassed(rows: CaseQuerySet, period: Span) -> CaseQuerySet:
    return counting(of_period(rows, period)).exclude(classed(period))


def begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def all_below(unit: Unit) -> CaseQuerySet:
    """Every case of a unit, whoever may see it: what a return of the bank counts."""
    return below(Case.objects.all(), unit)
