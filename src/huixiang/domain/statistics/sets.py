"""Do people who chose several codes each choose alike? Krippendorff's alpha with a distance between sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Chosen = frozenset[str]


def masi(one: Chosen, other: Chosen) -> float:
    """How far are two sets apart? 0 alike, 1 nothing shared: 1 - Jaccard's share, times 1, 2/3, 1/3 or 0.

    The weight is 1 for equal sets, 2/3 where one holds the other, 1/3 where each has something of its own, 0 where
    nothing is shared: who chose less is nearer than who chose otherwise. Two empty sets are alike.
    Source: Passonneau (2006), Measuring Agreement on Set-valued Items (MASI), LREC.
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    if not shared:
        return 1.0
    weight = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - weight * shared / len(one | other)


@dataclass(frozen=True, slots=True)
class Compared:
    """What each unit says of agreement: its disagreement, and how often each value was given in it.

    `disagreed` (units,): distances of its ordered pairs over its judges less one; `given` (units, values);
    `far` (values, values).
    """

    disagreed: Floats
    given: Floats
    far: Floats

    def alpha(self, places: NDArray[np.int64] | None = None) -> float | None:
        """Krippendorff's alpha over these units (all of them by default; one may be drawn several times).

        None where nothing can be compared or all values are the same. Source: Krippendorff (2011), Computing
        Krippendorff's Alpha-Reliability, with a distance of one's own choice.
        """
        disagreed = self.disagreed if places is None else self.disagreed[places]
        counts = (self.given if places is None else self.given[places]).sum(0)
        by_chance = float(counts @ self.far @ counts)
        return 1 - float(disagreed.sum()) * (counts.sum() - 1) / by_chance if by_chance else None

    def alphas(self, times: NDArray[np.int64]) -> Floats:
        """Alpha of each sample; `times` (samples, units) says how often each unit comes in it. NaN: no figure."""
        counts = times @ self.given
        by_chance = np.einsum("ij,jk,ik->i", counts, self.far, counts, optimize=True)
        by_chance[by_chance == 0] = np.nan
        found: Floats = 1 - (times @ self.disagreed) * (counts.sum(1) - 1) / by_chance
        return found


def compared(units: Iterable[Sequence[Chosen | None]], distance: Callable[[Chosen, Chosen], float] = masi) -> Compared:
    """Each unit holds the set a judge chose, None where she gave none; units of fewer than two sets are passed over."""
    known = [[each for each in unit if each is not None] for unit in units]
    known = [unit for unit in known if len(unit) > 1]
    values = sorted({each for unit in known for each in unit}, key=sorted)
    place = {value: number for number, value in enumerate(values)}
    given = np.zeros((len(known), len(values)))
    for number, unit in enumerate(known):
        for each in unit:
            given[number, place[each]] += 1
    far = np.array([[distance(one, other) for other in values] for one in values], float).reshape((len(values),) * 2)
    disagreed = [2 * sum(distance(*pair) for pair in combinations(unit, 2)) / (len(unit) - 1) for unit in known]
    return Compared(np.array(disagreed, float), given, far)
