"""How are inspections measured against their standards? By visit, as docs/methods/inspection-scores.md defines it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean
from typing import Any

from django.db.models import Q

from huixiang.apps.inspections.models import Form, VisitState
from huixiang.apps.inspections.reach import SEE
from huixiang.apps.standards.measuring import measures, measures_by_unit, upward
from huixiang.domain.inspections.scoring import typical
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard


@dataclass(frozen=True, slots=True)
class Case:
    """One look at a unit: where, when, and the mean share of all who scored it."""

    unit: str
    day: date
    share: float


@measures("inspection.score", right=SEE)
def scores(standard: Standard, since: date, until: date) -> list[Measured]:
    """For all, and each month."""
    found = cases(standard.code, since, until)
    told = [_measured(found)]
    told += [_measured(its, period=month) for month, its in _grouped(found, lambda each: f"{each.day:%Y-%m}")]
    return [each for each in told if each]


@measures_by_unit("inspection.score")
def scores_by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of each unit with all below it."""
    tree, found = upward(), dict[str, list[Case]]()
    for case in cases(standard.code, since, until):
        for code in tree.get(case.unit, ()):
            found.setdefault(code, []).append(case)
    return [each for code, its in sorted(found.items()) if (each := _measured(its, unit=code))]


def cases(code: str, since: date, until: date, *those: Q, **more: Any) -> list[Case]:
    """Of the forms of one standard; several inspectors of one case count as one."""
    held = {"visit__state": VisitState.DONE, "visit__visited_on__range": (since, until)}
    rows = Form.objects.filter(*those, code=code, points__isnull=False, **held, **more)
    columns = ("visit__case", "visit__unit__code", "visit__visited_on", "points", "most")
    found: dict[Any, list[Case]] = {}
    for case, unit, day, points, most in rows.order_by("visit__visited_at", "pk").values_list(*columns):
        found.setdefault(case, []).append(Case(unit, day, points / most))
    return [Case(its[0].unit, its[0].day, fmean(each.share for each in its)) for its in found.values()]


def _grouped(found: Iterable[Case], key: Callable[[Case], str]) -> list[tuple[str, list[Case]]]:
    return [(name, list(its)) for name, its in groupby(sorted(found, key=key), key)]


def _measured(found: list[Case], *, unit: str = "", period: str = "") -> Measured | None:
    """In per cent. Of fewer than ten visits the interval is all there is: nothing is concluded of them."""
    if not found:
        return None
    shares = [each.share for each in found]
    told = typical(shares)
    low, high = (told.low, told.high) if told else (0.0, 1.0)
    return Measured(len(shares), 100 * fmean(shares), 100 * low, 100 * high, unit, period)
