"""What do the facts say of a standard? One registry: whoever has the facts of a measure registers how to count it.

A function `f(standard, since, until)` answers with `Measured` values of local days, both inclusive: one for all (unit
and period ""), one a month (period "2026-10"), where it can one a day ("2026-10-31"). Values are in the unit of the
measure, shares in per cent; `low` and `high` are the ends of the 95 % interval. No facts: []. Units are asked apart:
`measures_by_unit`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from huixiang.apps.access.models import Staff, Unit
from huixiang.domain.standards.catalogue import MEASURES
from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.values import Standard

Count = Callable[[Standard, date, date], list[Measured]]
Unseen = Callable[[Standard], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Registered:
    """How a measure is counted, and the right with which the whole bank's number may be seen."""

    count: Count
    right: str


_REGISTERED: dict[str, Registered] = {}
_BY_UNIT: dict[str, Count] = {}
_UNSEEN: dict[str, Unseen] = {}


def measures(*codes: str, right: str) -> Callable[[Count], Count]:
    """Register how these measures of the catalogue are counted; from the `ready` of the app that knows."""
    if missing := set(codes) - set(MEASURES):
        raise ValueError(f"not in domain/standards/catalogue.py: {missing}")

    def register(count: Count) -> Count:
        _REGISTERED.update({code: Registered(count, right) for code in codes})
        return count

    return register


def measures_by_unit(*codes: str) -> Callable[[Count], Count]:
    """Register how they are counted of each unit of the whole period: one value a unit, of all below it too."""

    def register(count: Count) -> Count:
        _BY_UNIT.update(dict.fromkeys(codes, count))
        return count

    return register


def knows_scope(*codes: str) -> Callable[[Unseen], Unseen]:
    """Register which codes of a scope these measures' facts have never told."""

    def register(unseen: Unseen) -> Unseen:
        _UNSEEN.update(dict.fromkeys(codes, unseen))
        return unseen

    return register


def unseen(standard: Standard) -> frozenset[str]:
    """Codes of its scope that do not occur in its facts, so that they choose nothing."""
    how = _UNSEEN.get(standard.aim.measure) if standard.aim else None
    return how(standard) if how else frozenset()


def measured() -> frozenset[str]:
    """Which measures have facts?"""
    return frozenset(_REGISTERED)


def may_see(standard: Standard, staff: Staff) -> bool:
    """Numbers are the whole bank's: they ask for the right of their facts, for the whole bank."""
    how = _REGISTERED.get(standard.aim.measure) if standard.aim else None
    return how is None or staff.holds(how.right, None)


def count(standard: Standard, since: date, until: date) -> list[Measured] | None:
    """All that was measured of it; None where nobody measures it."""
    how = _REGISTERED.get(standard.aim.measure) if standard.aim else None
    return None if how is None else how.count(standard, since, until)


def right_of(standard: Standard) -> str | None:
    """With which right may its numbers be seen, in the units in which it holds? None where nobody measures it."""
    how = _REGISTERED.get(standard.aim.measure) if standard.aim else None
    return how.right if how else None


def tells_units(standard: Standard) -> bool:
    return standard.aim is not None and standard.aim.measure in _BY_UNIT


def count_by_unit(standard: Standard, since: date, until: date) -> list[Measured] | None:
    """What was measured of each unit with all below it; None where its facts do not tell units apart."""
    how = _BY_UNIT.get(standard.aim.measure) if standard.aim else None
    return None if how is None else how(standard, since, until)


def upward() -> dict[str, tuple[str, ...]]:
    """Unit → itself and all above it, the highest first."""
    return {code: tuple(path.strip("/").split("/")) for code, path in Unit.objects.values_list("code", "path")}


def whole(found: Iterable[Measured]) -> Measured | None:
    """The one for all."""
    return next((each for each in found if not each.unit and not each.period), None)


def by_month(found: Iterable[Measured]) -> list[Measured]:
    return sorted((each for each in found if not each.unit and len(each.period) == 7), key=lambda each: each.period)


@dataclass(frozen=True, slots=True)
class Line:
    """How one standard stands. `found` None: no facts in the period; `is_measured` False: of no kind at all."""

    standard: Standard
    is_measured: bool
    found: Measured | None
    verdict: Verdict


def conform(standard: Standard, since: date, until: date) -> Line:
    """Is it kept in this period?"""
    found = count(standard, since, until)
    total = whole(found or ())
    verdict = judge(standard.aim, total) if standard.aim and total else Verdict.UNPROVEN
    return Line(standard, found is not None, total, verdict)
