"""How has a unit fared? Standard by standard, month by month, and what falls short again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean
from typing import Any

from django.db.models import Count, Q, QuerySet

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections.measured import Case, cases
from huixiang.apps.inspections.models import Finding, Form, VisitState
from huixiang.apps.inspections.models.visits import blind_to
from huixiang.domain.inspections.scoring import typical
from huixiang.domain.statistics import Interval

AGAIN = 2  # found so often, it is more than chance once


@dataclass(frozen=True, slots=True)
class MonthOf:
    """What the visits of a month gave, on 0..1; of so few no interval is told."""

    month: str
    visits: int
    share: float


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One standard at one unit. `told` None: fewer than ten visits, nothing concluded."""

    title: str
    english: str
    code: str
    visits: int
    share: float
    told: Interval | None
    months: list[MonthOf]


def by_standard(unit: Unit, since: date, until: date, by: Staff) -> list[StandardLine]:
    """All standards that were looked at there, in the order of their codes; not what she is to score herself."""
    apart = ~Q(visit__case__in=blind_to(by))
    forms = Form.objects.filter(apart, visit__unit__path__startswith=unit.path, visit__state=VisitState.DONE,
                                visit__visited_on__range=(since, until)).order_by("code", "-pk")  # fmt: skip
    latest = {code: (title, english) for code, title, english in
              forms.exclude(code="").order_by("code", "pk").values_list("code", "title", "english")}  # fmt: skip
    found = [(code, *names, cases(code, since, until, apart, visit__unit__path__startswith=unit.path))
             for code, names in latest.items()]  # fmt: skip
    return [_line(code, title, english, its) for code, title, english, its in found if its]


def _line(code: str, title: str, english: str, its: list[Case]) -> StandardLine:
    shares = [each.share for each in its]
    months = groupby(sorted(its, key=lambda each: each.day), key=lambda each: f"{each.day:%Y-%m}")
    told = [(month, [each.share for each in cases]) for month, cases in months]
    return StandardLine(
        title, english, code, len(its), fmean(shares), typical(shares),
        [MonthOf(month, len(given), fmean(given)) for month, given in told],
    )  # fmt: skip


def repeated(rows: QuerySet[Finding]) -> list[dict[str, Any]]:
    """Lines that fell short several times, and were not withdrawn, the most frequent first."""
    kept = rows.exclude(state=Finding.State.WITHDRAWN).order_by()
    counted = kept.values("answer__text", "answer__english").annotate(count=Count("pk")).filter(count__gte=AGAIN)
    return [dict(each) for each in counted.order_by("-count", "answer__text")[:10]]
