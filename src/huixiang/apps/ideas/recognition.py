"""Whose ideas moved the bank? Counted by person and by unit over a stretch of days, for thanks and for appraisal.

Unsigned ideas count for their unit alone. Taking part is counted in people, not in ideas: one who files thirty is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.ideas.models import ANSWER, Idea, IdeaFigure, IdeaQuerySet
from huixiang.domain.statistics.intervals import Interval, share
from huixiang.domain.surveys.scores import FEWEST


@dataclass(frozen=True, slots=True)
class Person:
    """What one person brought in: filed, taken up (adopted or carried out), of these carried out; supports received."""

    staff: Staff
    filed: int
    taken_up: int
    done: int
    supports: int


@dataclass(frozen=True, slots=True)
class Branch:
    """How many of a unit's people took part, and what came of it? `part`: the share of the staff that signed one.

    `filed` and `taken_up` count signed ones, of whole months those too of which only figures are left (`figures` of
    them); `unsigned` is None where they are fewer than FEWEST.
    """

    unit: Unit
    staff: int
    authors: int
    filed: int
    unsigned: int | None
    taken_up: int
    part: Interval | None
    figures: int = 0


def people(by: Staff, since: date, until: date) -> list[Person]:
    """Those in reach who signed at least one; what was carried out first."""
    rows = Staff.objects.filter(ideas__in=_between(by, since, until)).annotate(
        filed=Count("ideas", distinct=True, filter=_of(since, until)),
        taken_up=Count("ideas", distinct=True, filter=_of(since, until) & Q(ideas__state__in=Idea.TAKEN_UP)),
        done=Count("ideas", distinct=True, filter=_of(since, until) & Q(ideas__state=Idea.State.DONE)),
        supports=Count("ideas__supports", distinct=True, filter=_of(since, until)),
    )
    ordered = rows.order_by("-done", "-taken_up", "-supports", "number")
    return [Person(each, each.filed, each.taken_up, each.done, each.supports) for each in ordered]


def branches(by: Staff, since: date, until: date) -> list[Branch]:
    """Units in reach in which people work, each by itself."""
    posts = Post.objects.on(until).filter(unit__in=_units(by)).values("unit").annotate(n=Count("staff", distinct=True))
    staff = {row["unit"]: row["n"] for row in posts}
    rows = (
        _between(by, since, until)
        .values("unit")
        .order_by("unit")
        .annotate(
            filed=Count("pk", filter=~Q(by=None)),
            unsigned=Count("pk", filter=Q(by=None)),
            authors=Count("by", distinct=True),
            taken_up=Count("pk", filter=~Q(by=None) & Q(state__in=Idea.TAKEN_UP)),
        )
    )
    counts: dict[int, dict[str, Any]] = {row["unit"]: {**row} for row in rows}
    for unit, figures, taken_up in _figures(by, since, until):
        row = counts.setdefault(unit, {"unit": unit})
        row |= {"filed": row.get("filed", 0) + figures, "taken_up": row.get("taken_up", 0) + taken_up}
        row["figures"] = figures
    found = Unit.objects.filter(pk__in={*staff, *counts}).order_by("path")
    return list(_branches(found, staff, counts))


def _figures(by: Staff, since: date, until: date) -> Iterable[tuple[int, int, int]]:
    """Unit, and how many were filed and taken up in the whole months of which only figures are left."""
    codes = by.scope(ANSWER)
    rows = IdeaFigure.objects.filter(month__gte=since, month__lte=until - timedelta(days=27))
    rows = rows if codes is None else rows.filter(is_confidential=False, unit__code__in=codes)
    taken_up = Sum("ideas", filter=Q(state__in=Idea.TAKEN_UP), default=0)
    whole = [month for month in set(rows.values_list("month", flat=True)) if _last_day(month) <= until]
    counted = rows.filter(month__in=whole).order_by().values("unit").annotate(filed=Sum("ideas"), taken_up=taken_up)
    return [(row["unit"], row["filed"], row["taken_up"]) for row in counted]


def _last_day(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _branches(units: Iterable[Unit], staff: dict[int, int], counts: dict[int, dict[str, Any]]) -> Iterable[Branch]:
    for unit in units:
        row, there = counts.get(unit.pk, {}), staff.get(unit.pk, 0)
        authors = row.get("authors", 0)
        # Who has moved on since is an author still, and no member any more.
        part = share(min(authors, there), there)
        filed, unsigned, taken_up = (row.get(name, 0) for name in ("filed", "unsigned", "taken_up"))
        yield Branch(unit, there, authors, filed, _told(unsigned), taken_up, part, row.get("figures", 0))


def _told(unsigned: int) -> int | None:
    """A few may be of one person, and their days would tell who was there: the rule that holds for all small groups."""
    return unsigned if unsigned == 0 or unsigned >= FEWEST else None


def _units(by: Staff) -> Iterable[Unit]:
    codes = by.scope(ANSWER)
    return Unit.objects.all() if codes is None else Unit.objects.filter(code__in=codes)


def _between(by: Staff, since: date, until: date) -> IdeaQuerySet:
    return Idea.objects.answerable_by(by).filter(filed_on__gte=since, filed_on__lte=until)


def _of(since: date, until: date) -> Q:
    return Q(ideas__filed_on__gte=since, ideas__filed_on__lte=until)
