"""Who looks at whom, and when? A stratified draw: one seed gives one plan, and nobody looks at her own unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

import numpy as np

STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that may be drawn, and the stratum it is drawn in."""

    unit: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who may be sent, and the units to which she is not: her own, or those of her branch."""

    number: str
    not_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much? `percent` of each stratum's units, each `visits` times; `twice_percent` of the visits by two people.

    `days` are those on which there is business, in order; `span` is in minutes after midnight.
    """

    days: tuple[date, ...]
    span: tuple[int, int]
    visits: int = 1
    percent: int = 100
    twice_percent: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One visit: of two people, each fills in a form of her own without seeing the other's."""

    unit: str
    day: date
    minute: int
    lookers: tuple[str, ...]


class NobodyFor(ValueError):
    """A unit was drawn to which nobody may be sent."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        super().__init__(unit)


def draw(places: Iterable[Place], lookers: Sequence[Looker], wanted: Wanted, dice: np.random.Generator) -> list[Drawn]:
    """The plan, in order of its moments. Raises NobodyFor.

    Of each stratum as many units as its percentage says, at least one. The visits of a unit lie in equal parts of the
    period. Whoever has the fewest visits so far is sent; among equals chance decides. So whether an inspector meets
    good units or poor ones is chance as well, which is what makes inspectors comparable.
    """
    load = Counter[str]()
    visits = [
        _visit(unit, days, wanted, lookers, load, dice)
        for unit in _units(places, wanted.percent, dice)
        for days in _parts(wanted.days, wanted.visits)
    ]
    doubled = _doubled(visits, lookers, wanted, load, dice)
    return sorted(doubled, key=lambda each: (each.day, each.minute, each.unit))


def _units(places: Iterable[Place], percent: int, dice: np.random.Generator) -> list[str]:
    strata: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda each: each.unit):
        strata.setdefault(place.stratum, []).append(place.unit)
    chosen = [_some(units, ceil(len(units) * percent / 100), dice) for _name, units in sorted(strata.items())]
    return [unit for units in chosen for unit in units]


def _some(units: Sequence[str], count: int, dice: np.random.Generator) -> list[str]:
    return [units[place] for place in dice.permutation(len(units))[:count]]


def _parts(days: Sequence[date], parts: int) -> list[Sequence[date]]:
    """Equal parts of the period; where there are fewer days than visits, some days have several."""
    ends = [round(len(days) * part / parts) for part in range(parts + 1)]
    return [days[begin:end] or days for begin, end in pairwise(ends)]


def _visit(
    unit: str,
    days: Sequence[date],
    wanted: Wanted,
    lookers: Sequence[Looker],
    load: Counter[str],
    dice: np.random.Generator,
) -> Drawn:
    day, steps = days[int(dice.integers(len(days)))], (wanted.span[1] - wanted.span[0]) // STEP_MINUTES
    minute = wanted.span[0] + STEP_MINUTES * int(dice.integers(max(1, steps)))
    sent = _sent(unit, lookers, load, dice)
    if sent is None:
        raise NobodyFor(unit)
    return Drawn(unit, day, minute, (sent,))


def _sent(
    unit: str, lookers: Sequence[Looker], load: Counter[str], dice: np.random.Generator, besides: str = ""
) -> str | None:
    """Who has the least to do among those who may go there; None: nobody may."""
    free = [each.number for each in lookers if unit not in each.not_to and each.number != besides]
    if not free:
        return None
    least = min(load[number] for number in free)
    among = [number for number in free if load[number] == least]
    chosen = among[int(dice.integers(len(among)))]
    load[chosen] += 1
    return chosen


def _doubled(
    visits: Sequence[Drawn], lookers: Sequence[Looker], wanted: Wanted, load: Counter[str], dice: np.random.Generator
) -> list[Drawn]:
    """A share of the visits gets a second inspector, where somebody else may go there."""
    many = ceil(len(visits) * wanted.twice_percent / 100)
    twice = set(dice.permutation(len(visits))[:many].tolist())
    found = []
    for place, visit in enumerate(visits):
        second = _sent(visit.unit, lookers, load, dice, visit.lookers[0]) if place in twice else None
        people = (*visit.lookers, second) if second else visit.lookers
        found.append(Drawn(visit.unit, visit.day, visit.minute, people))
    return found


def loads(visits: Iterable[Drawn]) -> Mapping[str, int]:
    """How many visits has each?"""
    return Counter(number for visit in visits for number in visit.lookers)
