"""How is waiting at the branch measured against its standards? By its tickets: docs/methods/waiting.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.standards.measuring import knows_scope, measures, measures_by_unit, upward
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import share
from huixiang.domain.waiting import Spread, printed
from huixiang.lake.questions import waits
from huixiang.lake.questions.unit_waits import seen_codes, unit_spreads
from huixiang.lake.questions.waits import TicketScope

_PARTS = {"p50": 0.5, "p90": 0.9, "p95": 0.95}
_LIMIT_MINUTES = 20


_CODES = (
    *(f"waiting.{each}" for each in ("p50", "p90", "p95", "share_over", "abandonment")),
    *("handling.p50", "handling.p90"),
)


@measures(*_CODES, right="waiting.see")
def waiting(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the whole period and each month, exactly; minutes, and shares in per cent."""
    assert standard.aim is not None
    lake, what = facts.lake(), standard.aim.measure
    if lake.version("tickets") < 0:
        return []
    months = waits.scoped_spreads(lake, since, until, scope_of(standard), _part(what))
    spreads = {"": Spread.together(months.values()), **months} if months else {}
    limit = _limit(standard)
    return [found for period, spread in spreads.items() if (found := _measured(what, spread, limit, period))]


@measures_by_unit(*_CODES)
def by_unit(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of each branch, and of those above it all their tickets together, exactly."""
    assert standard.aim is not None
    lake, what = facts.lake(), standard.aim.measure
    if lake.version("tickets") < 0:
        return []
    below: dict[str, list[Spread]] = {}
    tree = upward()
    for unit, spread in unit_spreads(lake, since, until, scope_of(standard), _part(what)).items():
        for each in tree.get(unit, ()):
            below.setdefault(each, []).append(spread)
    limit = _limit(standard)
    found = ((unit, _measured(what, Spread.together(spreads), limit, "")) for unit, spreads in below.items())
    return [replace(each, unit=unit) for unit, each in found if each]


@knows_scope(*_CODES)
def unseen(standard: Standard) -> frozenset[str]:
    """Of its services, lanes and kinds of unit, which no ticket has."""
    lake, scope = facts.lake(), standard.scope
    if lake.version("tickets") < 0:
        return frozenset()
    seen = seen_codes(lake)
    kinds = set(Unit.objects.filter(code__in=seen.branches).values_list("kind", flat=True))
    services = {code for code in scope.services if not printed({code}) & seen.services}
    return frozenset(services | (scope.tiers - seen.lanes) | (scope.branch_kinds - kinds))


def _part(measure: str) -> int:
    return waits.SERVICE if measure.startswith("handling.") else waits.WAIT


def _limit(standard: Standard) -> float:
    """In seconds."""
    assert standard.aim is not None
    return 60 * float(standard.aim.parameter("minutes") or _LIMIT_MINUTES)


def _measured(what: str, spread: Spread, limit: float, period: str) -> Measured | None:
    part = _PARTS.get(what.rpartition(".")[2])
    if part is None:
        gone = what == "waiting.abandonment"
        return _share(*(spread.abandoned, spread.all) if gone else spread.longer(round(limit)), period)
    told = spread.quantile(part)
    if told is None or told.low is None or told.high is None:  # so few cannot bound it: nothing is proven
        return None
    return Measured(told.of, told.value / 60, told.low / 60, told.high / 60, period=period)


def _share(count: int, of: int, period: str) -> Measured | None:
    """In per cent; None where nobody was to be counted."""
    found = share(count, of)
    if found is None:
        return None
    return Measured(of, 100 * found.value, 100 * found.low, 100 * found.high, period=period)


def scope_of(standard: Standard) -> TicketScope:
    """Which tickets is a standard about?"""
    scope = standard.scope
    kinds = scope.branch_kinds
    codes = frozenset(Unit.objects.filter(kind__in=kinds).values_list("code", flat=True)) if kinds else None
    return TicketScope(codes, printed(scope.services), frozenset(scope.tiers), tuple(scope.hours))
