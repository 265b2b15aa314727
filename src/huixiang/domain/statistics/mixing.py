"""Is a branch slower, or does it serve others? Shares held against each other as if all served the same people.

A share differs because of what is done (the rate) and because of for whom (the mix). Only the former is a branch's own.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from huixiang.domain.statistics.intervals import Z95, Interval, share
from huixiang.domain.statistics.rates import rate

LEAST_COVERED = 0.9  # of the standard's people a unit must have served some, for its share to be standardised
FEWEST = 10  # in a stratum, to say anything of it
Stratum = TypeVar("Stratum", bound=Hashable)
Counts = Mapping[Stratum, tuple[int, int]]  # of each kind of customer, service or hour: so many, of so many


@dataclass(frozen=True, slots=True)
class Standardised:
    """A unit's share as it is, and what it would be with everybody's mix; its count over what all would have had.

    `direct` is None where too few of the standard's people were served to say; `ratio`, over 1 is more than expected,
    holds then. `covered`: which share of the standard's people is of strata with enough of the unit's own.
    """

    raw: Interval | None
    direct: Interval | None
    ratio: Interval | None
    covered: float


def standardised(own: Counts[Stratum], all_: Counts[Stratum]) -> Standardised:
    """How would this unit stand, had it served the same people as all? `all_` counts every unit, this one too.

    Directly: its own rates with everybody's mix, over the strata in which it has at least ten. Indirectly: its count
    over what everybody's rates give with its own mix. Sources: Breslow and Day (1987), Statistical Methods in Cancer
    Research II, ch. 2; the interval of the ratio, Garwood (1936).
    """
    enough = {each for each, (_count, of) in own.items() if of >= FEWEST and all_.get(each, (0, 0))[1]}
    whole, weight = sum(of for _, of in all_.values()), sum(all_[each][1] for each in enough)
    covered = weight / whole if whole else 0.0
    direct = _direct(own, {each: all_[each][1] / weight for each in enough}) if covered >= LEAST_COVERED else None
    expected = sum(of * all_[each][0] / all_[each][1] for each, (_, of) in own.items() if all_.get(each, (0, 0))[1])
    count = sum(count for count, _ in own.values())
    raw = share(count, sum(of for _, of in own.values()))
    return Standardised(raw, direct, rate(count, expected) if expected > 0 else None, covered)


def _direct(own: Counts[Stratum], weights: Mapping[Stratum, float]) -> Interval:
    """Each stratum's variance by Agresti and Coull's two more of each, so that none is taken for certain."""
    value = sum(weight * own[each][0] / own[each][1] for each, weight in weights.items())
    variance = sum(weight**2 * _variance(*own[each]) for each, weight in weights.items())
    out = Z95 * sqrt(variance)
    return Interval(value, max(0.0, value - out), min(1.0, value + out))


def _variance(count: int, of: int) -> float:
    p = (count + 2) / (of + 4)
    return p * (1 - p) / (of + 4)


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of a share's change is of the rates, and how much of who came? They add up to `total`.

    `by_mix` and `by_rate` have 95 % intervals; where one holds 0, that part is not proven.
    """

    total: Interval
    by_rate: Interval
    by_mix: Interval

    @property
    def told(self) -> str:
        """`rate`, `mix` or `both`: what is proven to have moved it; `unproven` where neither is."""
        proven = {name for name in ("rate", "mix") if _is_proven(getattr(self, f"by_{name}"))}
        return "both" if len(proven) == 2 else next(iter(proven), "unproven")


def moved(before: Counts[Stratum], after: Counts[Stratum]) -> Moved | None:
    """What moved this share from before to after: what was done, or for whom? None where a period has nobody.

    A stratum that is in one period only tells nothing of rates: its rate is taken to be that of the period that has it.
    Source: Kitagawa (1955), J. Am. Stat. Assoc. 50:1168-1194; variances by the delta method.
    """
    old, new = (sum(of for _, of in each.values()) for each in (before, after))
    if not old or not new:
        return None
    both = [(before.get(each, (0, 0)), after.get(each, (0, 0))) for each in before.keys() | after.keys()]
    rows = [(a, b) for a, b in both if a[1] or b[1]]
    p = [(_rate(a, b), _rate(b, a)) for a, b in rows]
    w = [(a[1] / old, b[1] / new) for a, b in rows]
    by_rate = sum((q1 - q0) * (w0 + w1) / 2 for (q0, q1), (w0, w1) in zip(p, w, strict=True))
    by_mix = sum((w1 - w0) * (q0 + q1) / 2 for (q0, q1), (w0, w1) in zip(p, w, strict=True))
    middle = [(w0 + w1) / 2 for w0, w1 in w]
    of_rates = sum(m**2 * (_of_rate(a) + _of_rate(b)) for m, (a, b) in zip(middle, rows, strict=True))
    levels = [(q0 + q1) / 2 for q0, q1 in p]
    of_mix = sum(_of_mix([pair[at] for pair in w], levels, whole) for at, whole in enumerate((old, new)))
    drift = sum(((w1 - w0) / 2) ** 2 * (_of_rate(a) + _of_rate(b)) for (w0, w1), (a, b) in zip(w, rows, strict=True))
    total = by_rate + by_mix
    return Moved(_around(total, of_rates + of_mix), _around(by_rate, of_rates), _around(by_mix, of_mix + drift))


def _rate(own: tuple[int, int], other: tuple[int, int]) -> float:
    count, of = own if own[1] else other
    return count / of


def _of_rate(counts: tuple[int, int]) -> float:
    return _variance(*counts) if counts[1] else 0.0


def _of_mix(weights: list[float], levels: list[float], whole: int) -> float:
    """The variance of a mean of fixed levels, when who comes is drawn: multinomial."""
    mean = sum(w * level for w, level in zip(weights, levels, strict=True))
    return sum(w * (level - mean) ** 2 for w, level in zip(weights, levels, strict=True)) / whole


def _around(value: float, variance: float) -> Interval:
    out = Z95 * sqrt(variance)
    return Interval(value, value - out, value + out)


def _is_proven(found: Interval) -> bool:
    return found.low > 0 or found.high < 0
