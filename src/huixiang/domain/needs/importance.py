"""How important is a need? Frequency times severity times value, each with how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from huixiang.domain.statistics import Z95, Interval, share
from huixiang.domain.tiers import SHIPPED, UNKNOWN, Tiers

# Three shares go into the product: each at 98.33 %, all three hold at 95 % or more (Bonferroni). With a value that
# differs among customers there are four uncertain factors: each at 98.75 %.
Z_OF_THREE, Z_OF_FOUR = 2.3939797998185104, 2.4977054744123737
PER = 1000  # voices that the points are told of


@dataclass(frozen=True, slots=True)
class Tally:
    """How many voices speak of a need, how many of these are negative, and how many hold a risk to act on at once?

    `tiers`: how many come from customers of each class, UNKNOWN among them.
    """

    count: int = 0
    negative: int = 0
    urgent: int = 0
    tiers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """What a voice of these customers weighs on the average; 1 for all where the bank set no weights.

    `known` of `of` voices tell a class that the list holds; the others weigh what an unknown customer does. `differs`:
    some weights differ, so that the mean is an estimate with an interval.
    """

    mean: Interval
    known: int
    of: int
    differs: bool

    @property
    def coverage(self) -> Interval | None:
        return share(self.known, self.of)


@dataclass(frozen=True, slots=True)
class Importance:
    """The points of a need with what they are made of; the three shares with their 95 % intervals.

    `points` = 1000 x `frequency` x `severity` x `value`. `severity` = 1 + `negative` + `urgent` goes from 1 (nobody is
    upset) to 3. `plain`: the points with a value of 1, as they are where nobody sets weights.
    """

    frequency: Interval
    negative: Interval
    urgent: Interval
    value: Value
    points: Interval
    plain: Interval

    @property
    def severity(self) -> float:
        return 1 + self.negative.value + self.urgent.value


def importance(tally: Tally, of: int, tiers: Tiers = SHIPPED) -> Importance | None:
    """How important is a need that `tally` of `of` voices speak of? None where nobody speaks of it: no data, not 0.

    The interval of the points multiplies the ends of its factors' intervals, each so wide that all hold together with
    95 % or more; so it is too wide rather than too narrow. Both shares of the severity are of the need's own voices.
    """
    if not tally.count:
        return None
    parts = ((tally.count, of), (tally.negative, tally.count), (tally.urgent, tally.count))
    value, wide = _value(tally, tiers, Z95), _value(tally, tiers, Z_OF_FOUR)
    frequency, negative, urgent = (_sure(part, Z95) for part in parts)
    points = _points(parts, wide.mean, Z_OF_FOUR if value.differs else Z_OF_THREE)
    plain = _points(parts, Interval(1.0, 1.0, 1.0), Z_OF_THREE)
    return Importance(frequency, negative, urgent, value, points, plain)


def _value(tally: Tally, tiers: Tiers, z: float) -> Value:
    told = dict(tally.tiers)
    known = sum(told.get(code, 0) for code in tiers.codes if code != UNKNOWN)
    weighed = [(tiers.weight_of(code), number) for code, number in told.items()]
    rest = tally.count - sum(told.values())
    return Value(_mean([*weighed, (tiers.unknown, rest)], _ends(tiers), z), known, tally.count, _differs(tiers))


def _ends(tiers: Tiers) -> tuple[float, float]:
    every = [tiers.unknown, *(tier.weight for tier in tiers.tiers)]
    return min(every), max(every)


def _differs(tiers: Tiers) -> bool:
    least, most = _ends(tiers)
    return least < most


def _mean(weighed: Iterable[tuple[float, int]], ends: tuple[float, float], z: float) -> Interval:
    """The mean weight. Put on a scale from the least weight to the greatest, it varies no more than a share of the same
    size does (x(1-x) is the most that anything between 0 and 1 can), so Wilson's interval of that share is wide enough.
    """
    parts = list(weighed)
    of, (least, most) = sum(number for _weight, number in parts), ends
    mean = sum(weight * number for weight, number in parts) / of
    if least == most:
        return Interval(mean, mean, mean)
    p, z2 = min(1.0, max(0.0, (mean - least) / (most - least))), z * z
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    spread = z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low, high = (least + (most - least) * min(1.0, max(0.0, end)) for end in (centre - spread, centre + spread))
    return Interval(mean, min(low, mean), max(high, mean))


def _sure(part: tuple[int, int], z: float) -> Interval:
    found = share(*part, z)
    assert found is not None, "the whole is never 0 here"
    return found


def _points(parts: Iterable[tuple[int, int]], value: Interval, z: float) -> Interval:
    shares = [_sure(part, z) for part in parts]
    return Interval(*(_product(*(getattr(each, end) for each in (*shares, value))) for end in ("value", "low", "high")))


def _product(frequency: float, negative: float, urgent: float, value: float) -> float:
    return PER * frequency * (1 + negative + urgent) * value
