"""How long do people wait at a unit and below, when, where, and for what? As page, API and command tell it.

docs/methods/waiting.md defines each measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback.landed import counts
from huixiang.domain.statistics import Interval, share
from huixiang.domain.statistics.survival import Reached
from huixiang.domain.waiting import FEW, Quantile, Spread
from huixiang.lake import questions
from huixiang.lake.questions import wait_strata, waits
from huixiang.lake.questions.wait_recent import count_recent
from huixiang.lake.store import Lake

LIMIT_MINUTES = 20
SHOWN = 60  # units below that a page lists, those who wait longest first


@dataclass(frozen=True, slots=True)
class Line:
    """The measures of some tickets. Seconds; None where nobody was called."""

    key: Any
    tickets: int
    called: int
    gone: int
    over: tuple[int, int]  # waited longer than the limit, of so many of whom it can be told
    p50: Quantile | None
    p90: Quantile | None
    p95: Quantile | None
    spread: Spread | None = None

    @property
    def until_called(self) -> Reached | None:
        """p90 with those who left counted in; reckoned where it is told, since most lines do not tell it."""
        return self.spread.until_called(0.9) if self.spread else None

    @property
    def is_few(self) -> bool:
        return self.called < FEW

    @property
    def share_over(self) -> Interval | None:
        return share(*self.over)

    @property
    def abandonment(self) -> Interval | None:
        return share(self.gone, self.called + self.gone)


@dataclass(frozen=True, slots=True)
class Cell:
    """A service's hour. `level`: 0 (few, or short) to 4, of the longest of the page."""

    p90: Quantile | None
    level: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit's month."""

    total: Line
    service: tuple[Quantile | None, Quantile | None]
    days: list[Line]
    lanes: tuple[waits.Tallied, ...]
    units: list[tuple[Unit, Line]]
    hours: list[int] = field(default_factory=list)
    heat: list[tuple[str, list[Cell]]] = field(default_factory=list)
    more: int = 0  # units that are not listed


def seen(lake: Lake, unit: Unit, first: date, last: date, limit_seconds: int = LIMIT_MINUTES * 60) -> Seen:
    """All that is told of a unit and what lies below it, from the first to the last day."""
    whole = unit.parent_id is None
    codes = None if whole else frozenset(_below(unit))
    spreads = waits.spreads(lake, first, last, "", waits.WAIT, codes)
    served = waits.spreads(lake, first, last, "", waits.SERVICE, codes)[""]
    exact = waits.tallies(lake, first, last, "day", codes)
    over = _sum(each.over[limit_seconds] for each in exact) if exact else (0, 0)
    by_day = waits.spreads(lake, first, last, "day", waits.WAIT, codes)
    units = _units(lake, unit, first, last, limit_seconds)
    heat = waits.hour_spreads(lake, first, last) if codes is None else waits.hour_spreads_of(lake, first, last, codes)
    hours, rows = _heat(heat)
    told = [each for each in exact if each.key in by_day]
    return Seen(
        _line("", spreads[""], sum(each.tickets for each in exact), over),
        (served.quantile(0.5), served.quantile(0.9)),
        [_line(each.key, by_day[each.key], each.tickets, each.over[limit_seconds]) for each in told],
        waits.tallies(lake, first, last, "lane", codes),
        units[:SHOWN],
        hours,
        rows,
        max(0, len(units) - SHOWN),
    )


def months(lake: Lake) -> list[str]:
    """Which months have tickets? The newest first."""
    return sorted(lake.months("tickets"), reverse=True)


def of_month(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@counts("tickets")
def count(lake: Lake, waiting: Callable[[], None]) -> None:
    """What was not counted yet, month by month."""
    if found := questions.ticket_span(lake):
        for month in sorted(lake.months("tickets")):
            waiting()
            first, last = of_month(month)
            waits.count_waits(lake, max(first, found[0]), min(last, found[1]))
            wait_strata.count_strata(lake, max(first, found[0]), min(last, found[1]))
        count_recent(lake)


def _units(lake: Lake, unit: Unit, first: date, last: date, limit: int) -> list[tuple[Unit, Line]]:
    """The units right below, the longest waits first; those without tickets are left out."""
    found = []
    children = list(Unit.objects.filter(parent=unit))
    paths = Unit.objects.within([unit]).order_by().values_list("code", "path")
    child_of = {code: path.removeprefix(unit.path).partition("/")[0] for code, path in paths}
    group_of = {code: child for code, child in child_of.items() if child}  # without the unit itself
    if not group_of:
        return []
    spreads = waits.group_spreads(lake, first, last, tuple(sorted(group_of.items())))
    tallied: dict[str, list[waits.Tallied]] = {}
    for each in waits.tallies(lake, first, last, "branch", set(group_of)):
        tallied.setdefault(group_of[each.key], []).append(each)
    for child in children:
        if child.code in spreads and child.code in tallied:
            some = tallied[child.code]
            over = _sum(each.over[limit] for each in some)
            found.append((child, _line(child.code, spreads[child.code], sum(each.tickets for each in some), over)))
    return sorted(found, key=lambda each: (-(each[1].p90.value if each[1].p90 else 0), each[0].code))


def _below(unit: Unit) -> list[str]:
    return list(Unit.objects.within([unit]).order_by().values_list("code", flat=True))


def _line(key: Any, spread: Spread, tickets: int, over: tuple[int, int]) -> Line:
    p50, p90, p95 = (spread.quantile(part) for part in (0.5, 0.9, 0.95))
    return Line(key, tickets, spread.served, spread.abandoned, over, p50, p90, p95, spread)


def _sum(pairs: Any) -> tuple[int, int]:
    listed: Sequence[tuple[int, int]] = list(pairs)
    return sum(each for each, _of in listed), sum(of for _each, of in listed)


def _heat(spreads: dict[tuple[str, int], Spread]) -> tuple[list[int], list[tuple[str, list[Cell]]]]:
    """Services by hours; what rests on few is left blank."""
    found = {key: spread.quantile(0.9) for key, spread in spreads.items()}
    sure = {key: each for key, each in found.items() if each and each.of >= FEW}
    longest = max((each.value for each in sure.values()), default=0.0)
    hours = sorted({hour for _service, hour in found})
    rows = [
        (service, [_cell(sure.get((service, hour)), longest) for hour in hours])
        for service in sorted({service for service, _hour in found})
    ]
    return hours, rows


def _cell(found: Quantile | None, longest: float) -> Cell:
    return Cell(found, min(4, int(5 * found.value / longest)) if found and longest else 0)


def line_cells(line: Line) -> dict[str, Any]:
    """A line as the API and the command tell it: minutes, shares from 0 to 1."""
    told: dict[str, Any] = {"ticket_count": line.tickets, "called_count": line.called, "left_count": line.gone}
    for name, found in (("p50", line.p50), ("p90", line.p90), ("p95", line.p95)):
        told[f"wait_{name}_minutes"] = _minutes(found.value if found else None)
        told[f"wait_{name}_low"] = _minutes(found.low if found else None)
        told[f"wait_{name}_high"] = _minutes(found.high if found else None)
    told["wait_p90_with_left_minutes"] = _minutes(line.until_called.value if line.until_called else None)
    for name, part in (("over", line.share_over), ("left", line.abandonment)):
        told[f"share_{name}"] = _rounded(part.value if part else None)
        told[f"share_{name}_low"] = _rounded(part.low if part else None)
        told[f"share_{name}_high"] = _rounded(part.high if part else None)
    return told


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 2)


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 6)
