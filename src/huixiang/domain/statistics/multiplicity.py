"""Of many things looked at, which are found and which are chance? False-discovery rates of many tests at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """At which share of false findings would each test be among the found? The q value of each p value, in its order.

    Who calls found what has q <= 0.05 is wrong in at most 5 % of such findings on average, where the tests are
    independent or positively dependent (PRDS). Source: Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57:289-300;
    dependence: Benjamini and Yekutieli (2001), Annals of Statistics 29:1165-1188, theorem 1.2.
    """
    given = np.asarray(p, dtype=np.float64)
    if given.ndim != 1 or not ((given >= 0) & (given <= 1)).all():
        raise ValueError("p values are a list of numbers from 0 to 1")
    order = np.argsort(given)[::-1]
    ranks = np.arange(len(given), 0, -1)
    stepped = np.minimum.accumulate(given[order] * len(given) / ranks)
    found = np.empty_like(given)
    found[order] = np.minimum(stepped, 1.0)
    return found


def benjamini_yekutieli(p: ArrayLike) -> Floats:
    """As `benjamini_hochberg`, for tests that depend on each other in any way whatever: q grows by 1 + 1/2 + ... + 1/m.

    Source: Benjamini and Yekutieli (2001), theorem 1.3.
    """
    found = benjamini_hochberg(p)
    harmonic = float((1.0 / np.arange(1, len(found) + 1)).sum())
    return np.minimum(found * harmonic, 1.0)
