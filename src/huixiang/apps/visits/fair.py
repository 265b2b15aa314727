"""Which branches make people wait longer by what they do, and what moved the share from one time to the next?

docs/methods/fair-comparison.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huixiang.apps.access.models import Unit
from huixiang.apps.visits.measures import of_month
from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.funnel import NARROW, WIDE, Funnel
from huixiang.domain.statistics.mixing import Moved
from huixiang.domain.waiting.fair import Change, Group, Stand
from huixiang.lake.questions import wait_comparing
from huixiang.lake.store import Lake

ORDER = (Group.WORSE, Group.BETTER, Group.ALIKE, Group.UNPROVEN)
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Line:
    """A branch as the page lists it; `change` is None without tickets in the time before."""

    unit: Unit
    stand: Stand
    change: Change | None

    @property
    def proven(self) -> list[tuple[str, Interval]]:
        """At which times of the day did its rates change by more than others', and by how much more?"""
        return [(band, self.change.beyond[band]) for band in self.change.proven] if self.change else []


@dataclass(frozen=True, slots=True)
class Fair:
    """`moved`: what moved the share of the unit with all below it; None without eight days in the time before."""

    lines: list[Line]
    centre: float | None
    of: int  # branches of the whole bank among which these were compared
    funnel: Funnel[str] | None
    before: Span
    moved: Moved | None

    def group(self, which: Group) -> list[Line]:
        return [line for line in self.lines if line.stand.group is which]

    @property
    def changed(self) -> list[Line]:
        """Those whose change is told."""
        return [line for line in self.lines if line.change and line.change.told != "unproven"]


def spans(month: str, months: int) -> tuple[Span, Span]:
    """The month, or the three that end with it; and as many before."""
    first, last = of_month(month)
    first = _months_before(first, months - 1)
    return (first, last), (_months_before(first, months), first - timedelta(days=1))


def seen(lake: Lake, unit: Unit, month: str, months: int, limit_seconds: int, band: str = "") -> Fair:
    """The branches within a unit, each held against all of the bank."""
    after, before = spans(month, months)
    compared = wait_comparing.compared_waits(lake, after, limit_seconds, band)
    changes = {each.who: each for each in wait_comparing.changed_waits(lake, before, after, limit_seconds)}
    units = {each.code: each for each in Unit.objects.within([unit])}
    lines = [Line(units[each.who], each, changes.get(each.who)) for each in compared.stands if each.who in units]
    whole = None if unit.parent_id is None else frozenset(units)
    moved = wait_comparing.moved_waits(lake, before, after, limit_seconds, whole)
    centre = compared.funnel.centre if compared.funnel else None
    return Fair(_in_order(lines), centre, len(compared.stands), compared.funnel, before, moved)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """By group, and within one by the units' own order: a group has no order of merit."""
    return sorted(lines, key=lambda line: (ORDER.index(line.stand.group), line.unit.path))


def plotted(fair: Fair) -> dict[str, Any]:
    """What the funnel plot draws: per cent, by how many independent customers a branch is worth."""
    shown = [(line, line.stand.adjusted) for line in fair.lines if line.stand.adjusted]
    if fair.funnel is None or not shown:
        return {}
    funnel, most = fair.funnel, 1.1 * max(found.effective for _line, found in shown)
    points = [
        [found.effective, 100 * found.share.value, line.unit.name, line.stand.group.value] for line, found in shown
    ]
    steps = [most * (at / 60) ** 2 for at in range(4, 61)]
    curves = {
        name: [[of, 100 * low, 100 * high] for of in steps for low, high in [funnel.limits(of, z)]]
        for name, z in (("wide", WIDE), ("narrow", NARROW))
    }
    return {"points": points, "centre": 100 * funnel.centre, **curves}


def _months_before(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
