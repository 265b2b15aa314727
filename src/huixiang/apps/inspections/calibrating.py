"""Do inspectors score alike? Agreement, severity, and what a score is without it: methods/inspection-calibration.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from huixiang.apps.access.models import Staff
from huixiang.apps.inspections.models import Answer, Visit
from huixiang.apps.inspections.reach import CALIBRATE, within
from huixiang.domain.inspections.agreeing import Agreement, agreement
from huixiang.domain.inspections.scoring import FULLY
from huixiang.domain.inspections.severity import Severities, Severity, adjusted, severities

SEED = 20_151_231  # the same cases give the same interval, whoever asks


@dataclass(frozen=True, slots=True)
class Calibrated:
    """All of a period and reach: how far they agree, how severe each is, and how many looked alone."""

    agreement: Agreement
    severities: Severities
    alone: int


def visits(by: Staff, since: date, until: date, kind: str = "") -> list[Visit]:
    """Done, scored, in the units where she may calibrate; nothing of a case that she is to score herself."""
    rows = Visit.objects.done().apart_from(by)
    rows = rows.filter(within(by, CALIBRATE), visited_on__range=(since, until), most__isnull=False)
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.select_related("inspector", "unit").order_by("visited_at", "pk"))


def calibrate(found: Iterable[Visit]) -> Calibrated:
    """By what each gave, before anything was decided: decisions would make them look alike. By inspectors' numbers."""
    cases = _by_case(found)
    shared = {case: its for case, its in cases.items() if len(its) > 1}
    given = _given(shared)
    scores = [{each.who_number: given[each.pk] for each in its if each.pk in given} for its in shared.values()]
    alone = [{each.who_number: 0.0} for its in cases.values() if len(its) == 1 for each in its]
    return Calibrated(
        agreement(_lines(shared), np.random.default_rng(SEED)),
        severities([*(each for each in scores if len(each) > 1), *alone]),
        len(alone),
    )


def _by_case(found: Iterable[Visit]) -> dict[Any, list[Visit]]:
    cases: dict[Any, list[Visit]] = {}
    for visit in found:
        cases.setdefault(visit.case, []).append(visit)
    return cases


def _given(shared: dict[Any, list[Visit]]) -> dict[int, float]:
    """Visit → points in per cent, over all its forms, as the inspector gave them."""
    totals: dict[int, list[float]] = {}
    rows = Answer.objects.filter(form__visit__in=[each.pk for its in shared.values() for each in its])
    for visit, points, level in rows.filter(level__isnull=False).values_list("form__visit", "points", "level"):
        total = totals.setdefault(visit, [0.0, 0.0])
        total[0] += points * (level or 0) / FULLY
        total[1] += points
    return {visit: 100 * points / most for visit, (points, most) in totals.items()}


def _lines(shared: dict[Any, list[Visit]]) -> list[list[list[int | None]]]:
    """Case → its lines → what each inspector gave."""
    place = {each.pk: case for case, its in shared.items() for each in its}
    lines: dict[Any, dict[tuple[str, int], list[int | None]]] = {case: {} for case in shared}
    rows = Answer.objects.filter(form__visit__in=list(place)).order_by("form", "number")
    for visit, code, title, number, level in rows.values_list(
        "form__visit", "form__code", "form__title", "number", "level"
    ):
        lines[place[visit]].setdefault((code or title, number), []).append(level)
    return [list(its.values()) for its in lines.values()]


def fair(visit: Visit, found: Severities) -> float | None:
    """Its score in per cent as a colleague of middling severity would have given it; None where that is not told."""
    severity: Severity | None = found.by.get(visit.who_number)
    return None if visit.share is None else adjusted(100 * visit.share, severity)
