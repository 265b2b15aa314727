"""Which branch stands out, given how many it served? A funnel: the fewer, the further chance alone may carry it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Generic, TypeVar

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.statistics.multiplicity import benjamini_hochberg

FEWEST_UNITS = 5  # below which nobody can say how far units lie apart by themselves
CUT = 0.1  # of the z scores at each end, taken for no further than the rest
KEPT = 0.6787  # of a normal's variance, when its ends are drawn in so
WIDE, NARROW = 3.0902, 1.96  # the 99.8 % and 95 % limits
FALSE = 0.05  # of those called out, so many may be chance
Floats = NDArray[np.float64]
Who = TypeVar("Who", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Point(Generic[Who]):
    """One unit. `q`: which share of those that lie as far out would be chance; at 5 % or less it stands out."""

    who: Who
    count: float
    of: float
    z: float
    q: float

    @property
    def share(self) -> float:
        return self.count / self.of

    @property
    def stands_out(self) -> bool:
        return self.q <= FALSE


@dataclass(frozen=True, slots=True)
class Funnel(Generic[Who]):
    """`centre`: everybody's share. `apart`: the deviation by which units differ by themselves, beyond chance (tau)."""

    centre: float
    apart: float
    points: tuple[Point[Who], ...]

    def limits(self, of: float, z: float = WIDE) -> tuple[float, float]:
        """Between which shares may a unit with so many lie, when it is no different from all?"""
        out = z * sqrt(self.centre * (1 - self.centre) / of + self.apart**2)
        return max(0.0, self.centre - out), min(1.0, self.centre + out)


def funnel(counts: Mapping[Who, tuple[float, float]]) -> Funnel[Who] | None:
    """The funnel of shares; units without a case are left out, None where fewer than five are left.

    Units differ by themselves, a little: without tau a large branch always stands out. Source: Spiegelhalter (2005),
    Statistics in Medicine 24:1185-1202, additive random effects with Winsorised scores; who is called out by Benjamini
    and Hochberg's rule, not by the limits, which would call out one in five hundred whatever happens.
    """
    known = {who: (count, of) for who, (count, of) in counts.items() if of > 0}
    if len(known) < FEWEST_UNITS:
        return None
    y, n = (np.array(each, dtype=np.float64) for each in zip(*known.values(), strict=True))
    centre = float(y.sum() / n.sum())
    chance = np.maximum(centre * (1 - centre), 1e-12) / n
    tau2 = _apart((y / n - centre) / np.sqrt(chance), 1 / chance)
    z = (y / n - centre) / np.sqrt(chance + tau2)
    q = benjamini_hochberg(2 * scipy.special.ndtr(-np.abs(z)))
    points = (Point(who, *known[who], float(z[at]), float(q[at])) for at, who in enumerate(known))
    return Funnel(centre, sqrt(tau2), tuple(sorted(points, key=lambda point: -point.z)))


def _apart(z: Floats, weights: Floats) -> float:
    """DerSimonian and Laird's moment estimate of tau squared, with the ends of z drawn in."""
    low, high = np.quantile(z, [CUT, 1 - CUT])
    q = float((np.clip(z, low, high) ** 2).sum()) / KEPT
    spare = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (q - (len(z) - 1)) / spare)
