"""Who still comes to the counter for what the screen can do, at a unit and below? As page, API and command tell it.

docs/methods/digital.md defines each measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback.landed import counts
from huixiang.apps.visits.measures import of_month
from huixiang.domain.digital import BANDS, UNKNOWN
from huixiang.domain.digital.substitution import Freed, Served, freed, hidden, on_both
from huixiang.domain.statistics import Interval, share
from huixiang.lake import questions
from huixiang.lake.questions import screen_people, screen_use
from huixiang.lake.questions.screen_people import Asked
from huixiang.lake.store import Lake

PARTS = (10, 20, 30)  # per cent of errands that page, API and command reckon with
ELDERLY, OTHERS = "elderly", "others"
NEARLY_ALL = 0.99


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table: `name` as it is shown; `is_hidden`: so few that it could be known who they are."""

    key: str
    name: str
    served: Served
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit's month. `services`, `bands`, `tiers`, `units`: without the old, of whom `elderly` tells apart.

    Of fewer customers than may be shown even the total, and what their visits would free, is not told.
    """

    first: date
    last: date
    total: Group
    services: list[Group]
    bands: list[Group]
    tiers: list[Group]
    units: list[Group]
    elderly: list[Group]
    freed: list[Freed]
    known: Interval | None  # of the errands at the counter, those of customers whose age is known
    counter_alone: list[str] = field(default_factory=list)
    screen_alone: list[str] = field(default_factory=list)

    @property
    def has_unknown(self) -> bool:
        """Is the age of more than one in a hundred unknown? Some of them may be old."""
        return self.known is None or self.known.value < NEARLY_ALL


def months(lake: Lake) -> list[str]:
    """Which months have facts of screens? The newest first."""
    return sorted(lake.months("clicks"), reverse=True)


def days_of(lake: Lake, month: str) -> tuple[date, date] | None:
    """The days of a month for which both the screens' and the counters' facts are there: only they can be compared."""
    return common_days(lake, *of_month(month))


def common_days(lake: Lake, first: date, last: date) -> tuple[date, date] | None:
    """As `days_of`, of any period."""
    spans = [span for span in (questions.click_span(lake), _ticket_span(lake)) if span]
    if len(spans) < 2:
        return None
    first, last = max(first, *(span[0] for span in spans)), min(last, *(span[1] for span in spans))
    return (first, last) if first <= last else None


def _ticket_span(lake: Lake) -> tuple[date, date] | None:
    return questions.ticket_span(lake) if lake.version("tickets") >= 0 else None


def seen(lake: Lake, unit: Unit, days: tuple[date, date]) -> Seen:
    """All that is told of a unit and what lies below it."""
    asked = Asked(*days, None if unit.parent_id is None else below(unit))
    others, elderly = (screen_people.served(lake, replace(asked, bands=bands)) for bands in (OTHERS, ELDERLY))
    both = {each.service for each in on_both(_added(others, elderly))}
    together = replace(asked, bands=OTHERS, services=frozenset(both))

    def by(key: str) -> tuple[Served, ...]:
        return screen_people.served(lake, together, key) if both else ()

    bands, total = by("band"), next(iter(by("")), Served("", ""))
    loads = () if total.is_small else screen_people.counter_days(lake, replace(together, bands=""))
    return Seen(
        *days,
        Group(unit.code, unit.name, total, total.is_small),
        _groups([replace(each, key=each.service) for each in others if each.service in both]),
        _groups(sorted(bands, key=lambda each: BANDS.index(each.key) if each.key in BANDS else len(BANDS))),
        _groups(sorted(by("tier"), key=lambda each: -each.counter)),
        _of_units(unit, by("branch")),
        _groups([replace(each, key=each.service) for each in elderly if each.service in both]),
        [freed(loads, part) for part in PARTS],
        _known(bands),
        sorted({each.service for each in (*others, *elderly) if each.counter and each.service not in both}),
        sorted({each.service for each in (*others, *elderly) if each.screen and each.service not in both}),
    )


def _added(*tables: Iterable[Served]) -> list[Served]:
    """By service: is it done on screens, at the counter, or on both?"""
    found: dict[str, Served] = {}
    for each in (line for lines in tables for line in lines):
        before = found.get(each.service, Served(each.service, ""))
        found[each.service] = replace(before, screen=before.screen + each.screen, counter=before.counter + each.counter)
    return list(found.values())


def _groups(lines: list[Served], names: dict[str, str] | None = None) -> list[Group]:
    small = hidden(lines)
    return [Group(each.key, (names or {}).get(each.key, each.key), each, each.key in small) for each in lines]


def _of_units(unit: Unit, lines: Iterable[Served]) -> list[Group]:
    """The units right below, those first where most come to the counter."""
    children = list(Unit.objects.filter(parent=unit))
    group_of = _children_of(unit)
    found: dict[str, Served] = {}
    for each in lines:
        if code := group_of.get(each.key):
            found[code] = added(found.get(code, Served("", code)), each)
    names = {child.code: child.name for child in children}
    return _groups(sorted(found.values(), key=lambda each: (-each.counter, each.key)), names)


def _children_of(unit: Unit) -> dict[str, str]:
    """Each unit below → the code of the one right below `unit` to which it belongs: one question for all."""
    rows = Unit.objects.within([unit]).order_by().values_list("code", "path")
    parts = {code: path.removeprefix(unit.path).split("/")[0] for code, path in rows}
    return {code: part for code, part in parts.items() if part}


def added(one: Served, other: Served) -> Served:
    """Both groups as one; customers of both count in each."""
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _NUMBERS})


_NUMBERS = ("screen", "screen_squares", "screen_people", "counter", "counter_squares", "counter_people", "seconds")


def _known(bands: Iterable[Served]) -> Interval | None:
    listed = list(bands)
    return share(sum(each.counter for each in listed if each.key != UNKNOWN), sum(each.counter for each in listed))


def below(unit: Unit) -> frozenset[str]:
    """The codes of a unit and of all below it."""
    return frozenset(Unit.objects.within([unit]).order_by().values_list("code", flat=True))


@counts("clicks")
def count(lake: Lake, waiting: Callable[[], None]) -> None:
    """What was not counted yet, month by month."""
    if found := questions.click_span(lake):
        for month in sorted(lake.months("clicks")):
            first, last = of_month(month)
            screen_use.count_screens(lake, max(first, found[0]), min(last, found[1]), waiting)


def group_cells(group: Group) -> dict[str, Any]:
    """A group as the API and the command tell it; numbers of hidden ones are left out."""
    line, rate = group.served, group.served.rate
    told: dict[str, Any] = {
        "screen_done": round(line.screen),
        "counter_done": line.counter,
        "counter_customers": line.counter_people,
        "share_on_screen": _rounded(rate.value if rate else None),
        "share_on_screen_low": _rounded(rate.low if rate else None),
        "share_on_screen_high": _rounded(rate.high if rate else None),
        "counter_minutes_each": _rounded(line.minutes),
    }
    return dict.fromkeys(told) if group.is_hidden else told


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
