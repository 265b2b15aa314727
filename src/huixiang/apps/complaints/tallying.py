"""How many complaints of which kind came in? The database counts, by classes as they held on the day of the receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

from django.db.models import Count as Count_
from django.db.models import Q
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints.models import Case, CaseQuerySet
from huixiang.apps.feedback import rulebooks
from huixiang.domain.complaints import returns
from huixiang.domain.complaints.classes import AXES
from huixiang.domain.complaints.returns import By, Count, Return, counted
from huixiang.domain.complaints.states import State
from huixiang.domain.understanding.book import Book

ANNOTATED = {"raw": Count_("pk"), "kept": Count_("pk", filter=Q(merged_into=None))}
CLASSES = ("business_code", "cause_code", "channel_code")
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
    Each is counted by a question of its own, so that the sums can be held against each other: one question
    for all kinds of cells would be answered by nearly as many of them as there are cases."""

    received: int
    refused: int
    raw: int
    counts: Return  # by class
    others: dict[By, dict[str, Count]]  # of the classed, by how they came and where they lie

    def by(self, what: By, depth: int = 0) -> dict[str, Count]:
        """Of the classed; `depth` as in `Return.by`."""
        if what in self.others:
            return self.others[what]
        return {key[0]: count for key, count in self.counts.by(what, depth=depth).items()}


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
    seen = held.aggregate(received=Count_("pk"), refused=Count_("pk", filter=Q(state=State.REFUSED)))
    book = rulebooks.book("taxonomy")
    counts = counted(_cells(counting(held), period, book), book)
    others = _others(counting(held).filter(classed(period)), where)
    return Tally(seen["received"], seen["refused"], seen["received"] - seen["refused"], counts, others)


def _others(rows: CaseQuerySet, where: Places) -> dict[By, dict[str, Count]]:
    """By source and grade, region and unit."""
    found = {by: defaultdict[str, Count](Count) for by in (By.WAY, By.SERIOUSNESS, By.REGION, By.UNIT)}
    for way, grade, raw, kept in rows.values_list("way", "seriousness").annotate(**ANNOTATED):
        _add(found[By.WAY], way, raw, kept)
        _add(found[By.SERIOUSNESS], grade, raw, kept)
    for unit, raw, kept in rows.values_list("unit_id").annotate(**ANNOTATED):
        _add(found[By.REGION], where.regions[unit].code, raw, kept)
        _add(found[By.UNIT], where.units[unit].code, raw, kept)
    return {by: dict(counts) for by, counts in found.items()}


def _add(counts: dict[str, Count], code: str, raw: int, kept: int) -> None:
    counts[code] = Count(counts[code].raw + raw, counts[code].merged + kept)


def _cells(rows: CaseQuerySet, period: Span, book: Book) -> Iterator[returns.Case]:
    """So many alike: one portion for each time in which the book was the same."""
    for since, until in segments(book, period):
        part = rows.filter(received_at__gte=begin(since), received_at__lt=begin(until))
        for business, cause, channel, raw, kept in part.values_list(*CLASSES).annotate(**ANNOTATED):
            for into, count in (("", kept), ("another", raw - kept)):
                if count:
                    yield returns.Case("", since, business, cause, channel, "", "", into, count=count)


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
