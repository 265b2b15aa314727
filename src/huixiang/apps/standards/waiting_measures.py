"""How is waiting at the branch measured against its standards? By its tickets: docs/methods/waiting.md."""

from __future__ import annotations

from datetime import date

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import facts
from huixiang.apps.standards.measuring import measures
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.values import Standard
from huixiang.domain.statistics import share
from huixiang.domain.waiting import Spread, printed
from huixiang.lake.questions import waits
from huixiang.lake.questions.waits import TicketScope

_PARTS = {"p50": 0.5, "p90": 0.9, "p95": 0.95}
_LIMIT_MINUTES = 20


@measures(
    *(f"waiting.{each}" for each in ("p50", "p90", "p95", "share_over", "abandonment")),
    *("handling.p50", "handling.p90"),
    right="waiting.see",
)
def waiting(standard: Standard, since: date, until: date) -> list[Measured]:
    """Of the whole period and each month, exactly; minutes, and shares in per cent."""
    assert standard.aim is not None
    lake, what = facts.lake(), standard.aim.measure
    if lake.version("tickets") < 0:
        return []
    measure = waits.SERVICE if what.startswith("handling.") else waits.WAIT
    months = waits.scoped_spreads(lake, since, until, _scope(standard), measure)
    limit = 60 * float(standard.aim.parameter("minutes") or _LIMIT_MINUTES)
    spreads = {"": Spread.together(months.values()), **months} if months else {}
    return [found for period, spread in spreads.items() if (found := _measured(what, spread, limit, period))]


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


def _scope(standard: Standard) -> TicketScope:
    scope = standard.scope
    kinds = scope.branch_kinds
    codes = frozenset(Unit.objects.filter(kind__in=kinds).values_list("code", flat=True)) if kinds else None
    return TicketScope(codes, printed(scope.services), frozenset(scope.tiers), tuple(scope.hours))
