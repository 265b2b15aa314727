"""How sure can we be of a share, a difference, a change? Closed formulas with their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # the 97.5 % point of the standard normal
FEWEST_FOR_A_MEAN = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval. `low <= value <= high`."""

    value: float
    low: float
    high: float


def share(count: int, of: int, z: float = Z95) -> Interval | None:
    """Which share is it, and how sure? Wilson's score interval; None where `of` is 0: that is 'no data', not 0 %.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22:209-212.
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if of == 0:
        return None
    p, z2 = count / of, z * z
    centre = (p + z2 / (2 * of)) / (1 + z2 / of)
    spread = z * sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Interval(p, max(0.0, min(centre - spread, p)), min(1.0, max(centre + spread, p)))


def difference(before: tuple[int, int], after: tuple[int, int]) -> Interval | None:
    """By how much did a share change, after minus before? Newcombe's hybrid score interval (method 10).

    Each argument is (count, of). None where one of them has no data. Where the interval holds 0, the change is
    not proven. Source: Newcombe (1998), Statistics in Medicine 17:873-890.
    """
    old, new = share(*before), share(*after)
    if old is None or new is None:
        return None
    gap = new.value - old.value
    low = gap - sqrt((new.value - new.low) ** 2 + (old.high - old.value) ** 2)
    high = gap + sqrt((new.high - new.value) ** 2 + (old.value - old.low) ** 2)
    return Interval(gap, low, high)


def ratio(before: tuple[int, float], after: tuple[int, float]) -> Interval | None:
    """By which factor did a count grow? The ratio of two rates, after to before; 1 means no change.

    Each argument is (count, exposure), the exposure in any unit that both share, such as days. None where nothing was
    counted before or an exposure is 0. Given the sum of both counts, the later one is binomial: Wilson's interval for
    its share is carried over. Counts that come in swarms (one outage, many voices) vary more than this says.
    Source: Przyborowski and Wilenski (1940), Biometrika 31:313-323.
    """
    (old, old_exposure), (new, new_exposure) = before, after
    part = share(new, old + new)
    if part is None or not old or min(old_exposure, new_exposure) <= 0:
        return None
    scale = old_exposure / new_exposure
    low, high = (end / (1 - end) * scale for end in (part.low, min(part.high, 1 - 1e-12)))
    return Interval(new / old * scale, low, high)


def mean(value: float, deviation: float, of: int) -> Interval | None:
    """Where does the true mean lie? Student's interval around `value`; None below ten observations.

    `deviation` is that of the sample. Below ten the answer would hang on the observations being normal, which ratings
    never are. The quantile: Abramowitz and Stegun (1964), 26.7.5, off by less than 0.001 from nine degrees on.
    """
    if of < FEWEST_FOR_A_MEAN:
        return None
    z, degrees = Z95, of - 1
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    spread = (z + g1 / degrees + g2 / degrees**2 + g3 / degrees**3) * deviation / sqrt(of)
    return Interval(value, value - spread, value + spread)


def agreement(units: Iterable[Sequence[Hashable | None]]) -> float | None:
    """Do people who judged apart judge alike? Krippendorff's alpha for names: 1 always, 0 as by chance, below 0 worse.

    Each unit holds one value a judge, None where a judge gave none; units with fewer than two values tell nothing and
    are passed over. None where no unit can be compared or all values are the same: nothing was there to tell apart.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania.
    """
    disagreed, values = 0.0, Counter[Hashable]()
    for unit in units:
        given = Counter(value for value in unit if value is not None)
        count = given.total()
        if count < 2:
            continue
        values += given
        disagreed += (count**2 - sum(n**2 for n in given.values())) / (count - 1)
    total = values.total()
    by_chance = total**2 - sum(n**2 for n in values.values())
    if not by_chance:
        return None
    return 1 - disagreed * (total - 1) / by_chance
