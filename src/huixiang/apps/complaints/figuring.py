"""What do the complaints of a period come to? Time, lateness and what was resolved at once, each with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from huixiang.apps.complaints.forms.choosing import business_name
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.outcomes import Outcome
from huixiang.domain.complaints.handling import End, HandlingTimes, handling_times
from huixiang.domain.complaints.resolving import Rate, rate
from huixiang.domain.statistics import Interval
from huixiang.domain.statistics.intervals import share
from huixiang.domain.statistics.survival import Reached

LEAST = 10  # cases; of fewer, a figure would tell of single people and of chance
MOST_GROUPS = 200
WAYS = dict(Case.Way.choices)
QUANTILES = (0.5, 0.75, 0.9)
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one group of cases. `quantiles` are days by which a half, three quarters, nine in ten were answered."""

    count: int
    ends: dict[End, int]
    times: HandlingTimes
    quantiles: tuple[tuple[int, Reached], ...]
    late: int
    due: int  # cases whose date is over
    share_late: Interval | None
    resolved: Rate

    @property
    def median(self) -> Reached:
        return self.quantiles[0][1]


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table. `figures` None: too few to be shown. `asks` are the words of its filter in the register."""

    name: Text
    asks: dict[str, str]
    count: int
    figures: Figures | None


def figures(found: Iterable[Outcome]) -> Figures:
    """Of these cases; each kind of figure by its own denominator."""
    cases = list(found)
    times = handling_times(each.handled for each in cases)
    late, due = sum(each.late is True for each in cases), sum(each.late is not None for each in cases)
    return Figures(
        count=len(cases),
        ends={end: sum(each.handled.end is end for each in cases) for end in End},
        times=times,
        quantiles=tuple((round(100 * part), times.waiting.quantile(part)) for part in QUANTILES),
        late=late,
        due=due,
        share_late=share(late, due),
        resolved=rate(each.judged for each in cases if each.judged is not None),
    )


def by_unit(found: Iterable[Outcome]) -> list[Group]:
    return _grouped(found, lambda each: (each.case.unit.name, {"at": each.case.unit.code}))


def by_business(found: Iterable[Outcome]) -> list[Group]:
    return _grouped(found, lambda each: (business_name(each.case.business_code), {"business": _top(each)}))


def by_way(found: Iterable[Outcome]) -> list[Group]:
    return _grouped(found, lambda each: (WAYS.get(each.case.way, each.case.way), {"way": each.case.way}))


def _top(found: Outcome) -> str:
    return ".".join(found.case.business_code.split(".")[:2]) or "none"


def _grouped(found: Iterable[Outcome], key: Callable[[Outcome], tuple[Text, dict[str, str]]]) -> list[Group]:
    """The largest first: by size, not by merit."""
    kept, names = defaultdict[tuple[tuple[str, str], ...], list[Outcome]](list), dict[Any, Text]()
    for each in found:
        name, asks = key(each)
        place = tuple(asks.items())  # not by its name as well: that is translated each time it is compared
        kept[place].append(each)
        names[place] = name
    groups = [
        Group(names[asks], dict(asks), len(cases), figures(cases) if len(cases) >= LEAST else None)
        for asks, cases in kept.items()
    ]
    return sorted(groups, key=lambda group: -group.count)[:MOST_GROUPS]
