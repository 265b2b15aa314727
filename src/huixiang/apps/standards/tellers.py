"""How long does serving take at my counter, beside my colleagues' and the standard? Of few nothing is told.

Of people there is no order, no colour and no mark: they stand by their numbers, and services differ in length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.standards.models import in_force_on
from huixiang.apps.standards.waiting_measures import scope_of
from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.values import Standard
from huixiang.domain.waiting import FEW, Quantile, Spread
from huixiang.lake.questions import tellers
from huixiang.lake.questions.tellers import Served
from huixiang.lake.store import Lake

PARTS = {"handling.p50": 0.5, "handling.p90": 0.9}
MOST = 200  # people of a unit on one page


@dataclass(frozen=True, slots=True)
class Told:
    """`count` served; the percentiles are None below thirty."""

    count: int
    p50: Quantile | None
    p90: Quantile | None

    @property
    def is_few(self) -> bool:
        return self.count < FEW


@dataclass(frozen=True, slots=True)
class Own:
    """One service: mine, and that of all at the same branches."""

    service: str
    mine: Told
    all: Told


@dataclass(frozen=True, slots=True)
class Kept:
    """A standard of handling times, held against my own customers in its scope."""

    standard: Standard
    found: Measured | None
    verdict: Verdict


def own(lake: Lake, staff: Staff, first: date, last: date) -> tuple[list[Own], list[Kept]]:
    """By service, and by each standard of handling times in force on the last day, or today if that is sooner."""
    mine = tellers.served_by(lake, first, last, staff.number)
    others = tellers.served_at(lake, first, last, {each.branch for each in mine}, by_teller=False)
    services = sorted({each.service for each in mine})
    lines = [Own(service, _of(mine, {service}), _of(others, {service})) for service in services]
    on = min(last, timezone.localdate())
    standards = [each for each in in_force_on(on) if each.aim and each.aim.measure in PARTS]
    kept = ((each, tellers.served_by(lake, first, last, staff.number, scope_of(each))) for each in standards)
    return lines, [_kept(standard, found) for standard, found in kept]


def team(lake: Lake, unit: Unit, first: date, last: date) -> tuple[Told, list[tuple[str, Told]]]:
    """All of a unit, and each of its people by number; many are not listed: choose a smaller unit."""
    codes = set(Unit.objects.within([unit]).values_list("code", flat=True))
    found = tellers.served_at(lake, first, last, codes, by_teller=True)
    people = sorted({each.teller for each in found})
    lines = [(who, _told([each.spread for each in found if each.teller == who])) for who in people[:MOST]]
    return _told([each.spread for each in found]), lines


def _kept(standard: Standard, mine: Sequence[Served]) -> Kept:
    assert standard.aim is not None
    spread = Spread.together(each.spread for each in mine)
    told = spread.quantile(PARTS[standard.aim.measure])
    if told is None or told.is_few or told.low is None or told.high is None:
        return Kept(standard, None, Verdict.UNPROVEN)
    found = Measured(told.of, told.value / 60, told.low / 60, told.high / 60)
    return Kept(standard, found, judge(standard.aim, found))


def _of(found: Iterable[Served], services: set[str]) -> Told:
    return _told([each.spread for each in found if each.service in services])


def _told(spreads: Sequence[Spread]) -> Told:
    spread = Spread.together(spreads)
    if spread.served < FEW:
        return Told(spread.served, None, None)
    return Told(spread.served, spread.quantile(0.5), spread.quantile(0.9))
