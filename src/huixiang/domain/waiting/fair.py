"""Which branch makes people wait too long by what it does, not by whom it serves, and whose waits changed, and why?

The strata are service, time of the day and lane; docs/methods/fair-comparison.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.statistics.day_mixing import Adjusted, Daily, adjusted
from huixiang.domain.statistics.funnel import FALSE, Funnel, funnel
from huixiang.domain.statistics.intervals import Z95, Interval, share
from huixiang.domain.statistics.mixing import Moved
from huixiang.domain.statistics.multiplicity import benjamini_hochberg

Floats = NDArray[Any]


class Group(StrEnum):
    """How does a branch stand against all, with everybody's customers? No order within a group."""

    WORSE = "worse"
    ALIKE = "alike"  # not distinguishable
    BETTER = "better"
    UNPROVEN = "unproven"  # too few customers or days to say anything


@dataclass(frozen=True, slots=True)
class Stand:
    """One branch. `count` waited too long, of `of`; `q`: which share of those as far out would be chance."""

    who: str
    count: int
    of: int
    raw: Interval
    adjusted: Adjusted | None
    q: float | None
    group: Group

    @property
    def comparable(self) -> Interval | None:
        """The share with everybody's customers."""
        return self.adjusted.share if self.adjusted else None


@dataclass(frozen=True, slots=True)
class Compared:
    """All branches of a time, those served by few too; `funnel` is None with fewer than five to compare."""

    stands: tuple[Stand, ...]
    funnel: Funnel[str] | None


def compare(branches: Iterable[tuple[str, Daily]], everybody: Floats) -> Compared:
    """Who stands out, had everybody's customers come to each? A funnel by the number of independent customers.

    `everybody`: how many came of each stratum, to all branches together.
    """
    raw: dict[str, tuple[int, int]] = {}
    found: dict[str, Adjusted | None] = {}
    for who, own in branches:
        counts, number = own.totals
        if number.sum() > 0:
            raw[who] = round(float(counts.sum())), round(float(number.sum()))
            found[who] = adjusted(own, everybody)
    seen = funnel(
        {
            who: (each.share.value * each.effective, each.effective)
            for who, each in found.items()
            if each is not None and each.effective > 0
        }
    )
    points = {point.who: point for point in seen.points} if seen else {}
    stands = []
    for who, (count, of) in sorted(raw.items()):
        point, whole = points.get(who), share(count, of)
        assert whole is not None
        group = Group.UNPROVEN if point is None else _group(point.stands_out, point.z)
        stands.append(Stand(who, count, of, whole, found[who], point.q if point else None, group))
    return Compared(tuple(stands), seen)


def _group(stands_out: bool, z: float) -> Group:
    return Group.ALIKE if not stands_out else Group.WORSE if z > 0 else Group.BETTER


@dataclass(frozen=True, slots=True)
class Change:
    """A branch's change from one time to the next. `beyond`: by how much more its rates rose than the middle branch's,
    by time of the day; `proven`: those of them that are more than chance.
    """

    who: str
    moved: Moved
    beyond: Mapping[str, Interval]
    proven: tuple[str, ...]
    is_mix: bool  # its mix moved the share by more than that of others, beyond chance

    @property
    def told(self) -> str:
        """`rate`, `mix`, `both` or `unproven`."""
        if self.proven:
            return "both" if self.is_mix else "rate"
        return "mix" if self.is_mix else "unproven"


def changes(whole: Mapping[str, Moved], by_band: Mapping[str, Mapping[str, Moved]]) -> list[Change]:
    """Whose share changed more than the others', and by what? Nothing told beyond 5 % false among all that is told.

    `whole` by branch; `by_band` by time of the day and branch. What all branches have in common (a busy month) is no
    branch's own: the middle branch's change is taken off.
    """
    rates = {band: _beyond({who: each.by_rate for who, each in rows.items()}) for band, rows in by_band.items()}
    mixes = _beyond({who: each.by_mix for who, each in whole.items()})
    tests = [(band, who, each) for band, rows in rates.items() for who, each in rows.items()]
    tests += [("", who, each) for who, each in mixes.items()]
    sure = {
        (band, who) for (band, who, _each), q in zip(tests, _q([each for *_, each in tests]), strict=True) if q <= FALSE
    }
    return [
        Change(
            who,
            each,
            {band: rows[who] for band, rows in rates.items() if who in rows},
            tuple(band for band in rates if (band, who) in sure),
            ("", who) in sure,
        )
        for who, each in sorted(whole.items())
    ]


def _beyond(found: Mapping[str, Interval]) -> dict[str, Interval]:
    middle = float(np.median([each.value for each in found.values()])) if found else 0.0
    return {who: Interval(each.value - middle, each.low - middle, each.high - middle) for who, each in found.items()}


def _q(found: Sequence[Interval]) -> Floats:
    z = [each.value * Z95 / max((each.high - each.low) / 2, 1e-12) for each in found]
    return benjamini_hochberg(2 * scipy.special.ndtr(-np.abs(z)))
