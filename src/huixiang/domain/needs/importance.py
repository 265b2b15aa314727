"""How important is a need? Frequency times severity times value, each with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from huixiang.domain.statistics import Z95, Interval, share

# Three shares go into the product: each at 98.33 %, all three hold at 95 % or more (Bonferroni).
Z_OF_THREE = 2.3939797998185104
PER = 1000  # voices that the points are told of
VALUE_NOT_KNOWN = 1.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many voices speak of a need, how many of these are negative, and how many hold a risk to act on at once?"""

    count: int = 0
    negative: int = 0
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class Importance:
    """The points of a need with what they are made of; the three shares with their 95 % intervals.

    `points` = 1000 x `frequency` x `severity` x `value`. `severity` = 1 + `negative` + `urgent` goes from 1 (nobody is
    upset) to 3. `value` is what these customers are worth to the bank; 1 where nobody knows it.
    """

    frequency: Interval
    negative: Interval
    urgent: Interval
    value: float
    points: Interval

    @property
    def severity(self) -> float:
        return 1 + self.negative.value + self.urgent.value


def importance(tally: Tally, of: int, value: float = VALUE_NOT_KNOWN) -> Importance | None:
    """How important is a need that `tally` of `of` voices speak of? None where nobody speaks of it: no data, not 0.

    The interval of the points multiplies the ends of its factors' intervals, each so wide that all hold together with
    95 % or more; so it is too wide rather than too narrow. Both shares of the severity are of the need's own voices.
    """
    if not tally.count:
        return None
    parts = ((tally.count, of), (tally.negative, tally.count), (tally.urgent, tally.count))
    told, wide = [_sure(part) for part in parts], [_sure(part, Z_OF_THREE) for part in parts]
    low, points, high = (_points([getattr(each, end) for each in wide], value) for end in ("low", "value", "high"))
    frequency, negative, urgent = told
    return Importance(frequency, negative, urgent, value, Interval(points, low, high))


def _sure(part: tuple[int, int], z: float = Z95) -> Interval:
    found = share(*part, z)
    assert found is not None, "the whole is never 0 here"
    return found


def _points(shares: list[float], value: float) -> float:
    frequency, negative, urgent = shares
    return PER * frequency * (1 + negative + urgent) * value
