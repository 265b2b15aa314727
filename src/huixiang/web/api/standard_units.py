"""Which units keep a standard? On the router of `standards`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import StringConstraints

from huixiang.apps.standards.by_unit import UnitLine, by_unit
from huixiang.apps.standards.models import in_force_on
from huixiang.apps.standards.views.reading import last_month
from huixiang.apps.standards.views.units import span
from huixiang.web.api.auth import who
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


def _unit(line: UnitLine) -> StandardUnitOut:
    same = {name: getattr(line.found, name) for name in ("value", "low", "high")}
    return StandardUnitOut(unit=line.unit.code, count=line.found.n, verdict=line.verdict.value, **same)
