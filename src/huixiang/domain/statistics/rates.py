"""How sure is a count for so many customers or branches, and who may be called first or last?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import scipy

from huixiang.domain.statistics.intervals import Interval

LEVEL = 0.95
Who = TypeVar("Who", bound=Hashable)


def rate(count: int, exposure: float, per: float = 1.0, level: float = LEVEL) -> Interval | None:
    """How many for so many (`per`)? With the exact Poisson interval; None where the exposure is 0: 'no data', not 0.

    The interval is that of a count whose parts come one by one. One outage with a hundred complaints is one event: its
    count varies more than this says. Source: Garwood (1936), Biometrika 28:437-442.
    """
    if count < 0 or exposure < 0 or not 0 < level < 1:
        raise ValueError(f"{count} for {exposure} at {level} is no rate")
    if not exposure:
        return None
    scale, tail = per / exposure, (1 - level) / 2
    low = float(scipy.special.gammaincinv(count, tail)) if count else 0.0
    return Interval(count * scale, low * scale, float(scipy.special.gammaincinv(count + 1, 1 - tail)) * scale)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Who]):
    """One of a rank list: its rate with its own 95 % interval, and between which places it surely stands, 1 the lowest.

    `apart` where it surely stands in one half of the list; else its place is not distinguishable from the middle.
    """

    who: Who
    count: int
    exposure: float
    rate: Interval
    best: int
    worst: int
    of: int

    @property
    def apart(self) -> bool:
        return self.worst <= self.of // 2 or self.best > (self.of + 1) // 2


@dataclass(frozen=True, slots=True)
class RankList(Generic[Who]):
    """Who has how many, the lowest first, and of whom nothing can be said as there is no exposure (暂无数据)."""

    placed: tuple[Placed[Who], ...]
    no_data: tuple[Who, ...]


def ranked(counts: Mapping[Who, int], exposures: Mapping[Who, float | None], per: float = 1.0) -> RankList[Who]:
    """Who has few and who has many, with the places that hold for all of them at once with 95 %.

    One stands surely above another where their intervals do not touch, taken so wide (Sidak) that all of them are
    right together. Ranks without this are mostly chance: the smallest branches stand at both ends of every list.
    Source: Klein, Wright and Wieczorek (2020), J. R. Stat. Soc. C 69:589-606, theorem 1.
    """
    known = {who: exposure for who, exposure in exposures.items() if exposure}
    wide = LEVEL ** (1 / max(len(known), 1))
    ends = [(rate(counts.get(who, 0), exposure, per, wide), who) for who, exposure in known.items()]
    lows, highs = (np.sort([getattr(found, end) for found, _ in ends if found]) for end in ("low", "high"))
    placed = []
    for found, who in ends:
        own = rate(counts.get(who, 0), known[who], per)
        assert found is not None
        assert own is not None
        best = 1 + int(np.searchsorted(highs, found.low, side="left"))  # so many lie surely below
        worst = int(np.searchsorted(lows, found.high, side="right"))
        placed.append(Placed(who, counts.get(who, 0), known[who], own, best, worst, len(ends)))
    placed.sort(key=lambda each: (each.rate.value, each.rate.high))
    return RankList(tuple(placed), tuple(who for who in counts.keys() | exposures.keys() if who not in known))
