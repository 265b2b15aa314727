"""Which units keep a standard, and what stands on a unit's scorecard? On the router of `standards`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import StringConstraints

from huixiang.apps.access.models import Unit
from huixiang.apps.standards.by_unit import UnitLine, by_unit
from huixiang.apps.standards.models import SEE, in_force_on
from huixiang.apps.standards.scoring import scored
from huixiang.apps.standards.views.reading import last_month
from huixiang.apps.standards.views.units import span
from huixiang.domain.standards.scorecard import Entry
from huixiang.web.api.auth import who
from huixiang.web.api.shapes import Word
from huixiang.web.api.standards import READ, Code, router

Month = Annotated[str, StringConstraints(pattern=r"^([12]\d{3}-(0[1-9]|1[0-2]))?$")]


class StandardUnitOut(Schema):
    """One unit with all below it, in the measure's unit, shares in per cent."""

    unit: str
    count: int
    value: float
    low: float
    high: float
    verdict: Literal["met", "near", "missed", "unproven"]


class StandardUnitsOut(Schema):
    """`units` is null where the standard's facts do not tell units apart, or none is in reach."""

    since: date
    until: date
    units: list[StandardUnitOut] | None


@router.get(
    "/standards/{standard_code}/units",
    auth=READ,
    response=StandardUnitsOut,
    summary=gettext_noop("各机构的达标情况"),
)
def read_units(request: HttpRequest, standard_code: Code, month: Month = "") -> StandardUnitsOut:
    """Of one month, the last whole one unless told; within reach. What asks for somebody stands first."""
    standard = next((each for each in in_force_on(timezone.localdate()) if each.code == standard_code), None)
    if standard is None:
        raise Http404
    since, until = span(month) if month else last_month(timezone.localdate())
    found = by_unit(standard, since, until, who(request))
    return StandardUnitsOut(since=since, until=until, units=[_unit(line) for line in found.lines] if found else None)


class ScorecardEntryOut(Schema):
    """`earned` of its weight, null where nothing is proven; numbers in the measure's unit, null without facts."""

    code: str
    count: int | None
    value: float | None
    low: float | None
    high: float | None
    verdict: Literal["met", "near", "missed", "unproven"]
    weight: float
    earned: float | None

    @classmethod
    def of(cls, entry: Entry) -> ScorecardEntryOut:
        numbers = {name: getattr(entry.found, name, None) for name in ("value", "low", "high")}
        count = entry.found.n if entry.found else None
        return cls(code=entry.standard.code, count=count, verdict=entry.verdict.value, weight=entry.weight,
                   earned=entry.earned, **numbers)  # fmt: skip


class ScorecardLineOut(Schema):
    """One line of the appraisal: `score` per cent of the weight that can be told, null where none can."""

    title: str
    weight: float
    proven: float
    score: float | None
    standards: list[ScorecardEntryOut]


@router.get("/standards/scorecard", auth=READ, response=list[ScorecardLineOut], summary=gettext_noop("机构的计分卡"))
def read_scorecard(request: HttpRequest, unit: Word, month: Month = "") -> list[ScorecardLineOut]:
    """Of one month, the last whole one unless told, by the standards in force at its end."""
    by = who(request)
    found = get_object_or_404(Unit.objects.visible_to(by, SEE), code=unit)
    since, until = span(month) if month else last_month(timezone.localdate())
    return [
        ScorecardLineOut(title=line.title, weight=line.weight, proven=line.proven, score=line.score,
                         standards=[ScorecardEntryOut.of(entry) for entry in line.entries])
        for line in scored(found, since, until, by)
    ]  # fmt: skip


def _unit(line: UnitLine) -> StandardUnitOut:
    same = {name: getattr(line.found, name) for name in ("value", "low", "high")}
    return StandardUnitOut(unit=line.unit.code, count=line.found.n, verdict=line.verdict.value, **same)
