"""How often would chance alone give so many? Tails of counts that vary as Poisson's, or more."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def at_least(count: ArrayLike, mean: ArrayLike, variance: ArrayLike) -> Floats:
    """P(Y >= count) for a count with this mean and variance: Poisson, or negative binomial where it varies more.

    Exact tails, no normal approximation. Where all that is unsure is a rate known from r events of an equal share of
    volume, the variance is mean + mean^2 / r, and this is the exact conditional test of two Poisson rates
    (Przyborowski and Wilenski 1940, Biometrika 31:313-323).
    """
    k, m, v = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (count, mean, variance)))
    extra = v - m
    wide = extra > 1e-9 * m
    size = np.where(wide, m * m / np.where(wide, extra, 1.0), 1.0)
    part = np.where(m > 0, m / (m + size), 0.0)
    with np.errstate(invalid="ignore"):
        found = np.where(
            wide, scipy.special.betainc(np.maximum(k, 1e-9), size, part), scipy.special.gammainc(np.maximum(k, 1e-9), m)
        )
    return np.where(k <= 0, 1.0, np.where(m > 0, found, 0.0))


def surprise(p: Floats) -> Floats:
    """The same as a standard normal's distance: 0.001 is 3.09."""
    found: Floats = -scipy.special.ndtri(np.clip(p, 1e-300, 1.0 - 1e-12))
    return found
