"""How much of the promised time was a system, or a machine, there? In minutes; announced maintenance is told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.digital.clusters import swarming_sum
from huixiang.domain.statistics import Interval

DAY_BEGINS, DAY_ENDS = 8, 22  # o'clock: what lies between is day, the rest night
USUAL_MINUTES = 60.0  # how long one more incident would last, where none is known
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """One incident, in local time without a zone. `ended` None: not over yet."""

    name: str
    began: datetime
    ended: datetime | None
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Availability:
    """Minutes of some systems or machines. `promised` leaves planned ones out; `sizes`: those of each incident."""

    name: str
    promised: int
    down: int
    planned: int
    sizes: tuple[int, ...]

    @property
    def incidents(self) -> int:
        return len(self.sizes)

    @property
    def up(self) -> Interval | None:
        """Minutes up ÷ minutes promised. None where nothing was promised."""
        if not self.promised:
            return None
        found = swarming_sum(self.sizes, USUAL_MINUTES)
        scale = self.down / found.value if found.value else 1.0  # incidents may overlap: their union was down
        parts = (self.down, found.low * scale, found.high * scale)
        value, high, low = (1 - min(1.0, part / self.promised) for part in parts)
        return Interval(value, low, high)


@dataclass(frozen=True, slots=True)
class Clock:
    """The minutes from the first to the last moment, and which of them count: all, by day, by night."""

    first: datetime
    last: datetime

    @property
    def minutes(self) -> int:
        return max(0, (self.last - self.first) // MINUTE)

    def mask(self, hours: str = "") -> NDArray[np.bool_]:
        """`hours`: "" all, "day", "night"."""
        at = np.arange(self.minutes) + self.first.hour * 60 + self.first.minute
        hour = at // 60 % 24
        is_day = (hour >= DAY_BEGINS) & (hour < DAY_ENDS)
        return {"": np.ones(self.minutes, np.bool_), "day": is_day, "night": ~is_day}[hours]

    def of(self, spell: Spell) -> slice:
        """Whole minutes that it touches."""
        begin = (spell.began - self.first) // MINUTE
        end = -((self.first - (spell.ended or self.last)) // MINUTE)
        return slice(min(max(0, begin), self.minutes), min(max(0, end), self.minutes))


def of_each(spells: Iterable[Spell], names: Sequence[str], clock: Clock, hours: str = "") -> list[Availability]:
    """Of each by its name; whatever has no incident was up all the time."""
    by_name: dict[str, list[Spell]] = {name: [] for name in names}
    for spell in spells:
        by_name.setdefault(spell.name, []).append(spell)
    mask = clock.mask(hours)
    return [_of(name, found, clock, mask) for name, found in by_name.items()]


def together(name: str, listed: Sequence[Availability]) -> Availability:
    """All of them as one: minutes of each add up."""
    sizes = tuple(size for each in listed for size in each.sizes)
    return Availability(
        name,
        sum(each.promised for each in listed),
        sum(each.down for each in listed),
        sum(each.planned for each in listed),
        sizes,
    )


def _of(name: str, spells: Sequence[Spell], clock: Clock, mask: NDArray[np.bool_]) -> Availability:
    down, planned = np.zeros((2, clock.minutes), np.bool_)
    for spell in spells:
        (planned if spell.planned else down)[clock.of(spell)] = True
    down &= ~planned
    sizes = (int((mask & down)[clock.of(spell)].sum()) for spell in spells if not spell.planned)
    return Availability(
        name,
        int((mask & ~planned).sum()),
        int((mask & down).sum()),
        int((mask & planned).sum()),
        tuple(size for size in sizes if size),
    )
