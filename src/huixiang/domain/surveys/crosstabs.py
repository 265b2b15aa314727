"""Do the answers to one question go with those to another? Weighted shares, and a test that knows weights.

Pearson's chi-square takes every answer for one person drawn at random; with weights and strata it finds too much or
too little. Rao and Scott's second-order correction mends it: the statistic is divided by the mean of the design
effects, and compared with F. Sources: Rao and Scott (1984), Annals of Statistics 12:46-60; Thomas and Rao (1987),
J. Am. Stat. Assoc. 82:630-636; reckoned as `svychisq(statistic = "F")` of R's survey package does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden_cells
from huixiang.domain.surveys.weighting import Floats, Places


@dataclass(frozen=True, slots=True)
class Test:
    """`p`: how often chance alone would tie two questions so closely. `cramer`: how closely, 0 to 1."""

    f: float
    degrees: float
    p: float
    cramer: float
    deff: float  # the mean design effect: of 2, a thousand answers tell as much as five hundred


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Answers by row and column: how many, and their weighted shares within each row. `hidden`: too few to be told."""

    counts: NDArray[np.int64]
    shares: Floats
    hidden: NDArray[np.bool_]
    test: Test | None

    @property
    def n(self) -> int:
        return int(self.counts.sum())


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of answers, cell by cell: row, column and stratum from 0, number, sum of weights and of their squares."""

    row: Places
    column: Places
    stratum: Places
    n: Floats
    w: Floats
    q: Floats


def crosstab(pairs: Pairs, rows: int, columns: int, fewest: int = FEWEST, *, also_empty: bool = False) -> Crosstab:
    """The table of both, and its test; no test where a row or column is all there is, or too little is known.

    `also_empty`: see small_cells.hidden_cells.
    """
    place = pairs.row * columns + pairs.column
    counts = np.bincount(place, pairs.n, rows * columns).reshape(rows, columns).astype(np.int64)
    weight = np.bincount(place, pairs.w, rows * columns).reshape(rows, columns)
    with np.errstate(invalid="ignore"):
        shares = weight / weight.sum(1, keepdims=True)
    return Crosstab(counts, shares, hidden_cells(counts, fewest, also_empty=also_empty), _tested(pairs, counts))


def _tested(pairs: Pairs, counts: NDArray[np.int64]) -> Test | None:
    """Over the rows and columns that hold answers."""
    rows, columns = np.flatnonzero(counts.sum(1)), np.flatnonzero(counts.sum(0))
    if len(rows) < 2 or len(columns) < 2 or counts.sum() < 5 * len(rows) * len(columns):
        return None
    place = np.searchsorted(rows, pairs.row) * len(columns) + np.searchsorted(columns, pairs.column)
    cells, n = len(rows) * len(columns), float(pairs.n.sum())
    p = np.bincount(place, pairs.w, cells) / pairs.w.sum()
    variance = _covariance(pairs, place, p)
    contrasts = _interactions(len(rows), len(columns))
    inverse = np.diag(np.where(p > 0, 1 / np.where(p > 0, p, 1), 0))
    denominator = contrasts.T @ (inverse / n) @ contrasts
    delta = np.linalg.lstsq(denominator, contrasts.T @ inverse @ variance @ inverse @ contrasts, rcond=None)[0]
    trace = float(np.trace(delta))
    if not trace > 0:
        return None
    degrees = trace**2 / float(np.trace(delta @ delta))
    table = p.reshape(len(rows), len(columns))
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True)
    square = float(((table - expected) ** 2 / expected).sum())
    free = n - len(np.unique(pairs.stratum))
    f = n * square / trace
    least = min(len(rows), len(columns)) - 1
    return Test(
        f,
        degrees,
        float(scipy.special.fdtrc(degrees, degrees * free, f)),
        float(np.sqrt(square / least)),
        trace / len(delta),
    )


def _covariance(pairs: Pairs, place: Places, p: Floats) -> Floats:
    """Of the weighted shares of all cells, linearised, stratum by stratum."""
    cells, strata = len(p), int(pairs.stratum.max()) + 1
    total = pairs.w.sum()
    at = pairs.stratum * cells + place
    w, q = (
        np.bincount(at, each, strata * cells).reshape(strata, cells).astype(np.float64) / total
        for each in (pairs.w, pairs.q)
    )
    q = q / total
    size = np.bincount(pairs.stratum, pairs.n, strata)
    found: Floats = np.zeros((cells, cells))
    for stratum in np.flatnonzero(size):
        # Each answer's influence is weight × (its cell's mark - shares): sums and products of it, from cells alone.
        own, marks = q[stratum], np.eye(cells) - p
        products: Floats = (marks * own[:, None]).T @ marks
        sums: Floats = w[stratum] @ marks
        if size[stratum] > 1:
            products = (products - np.outer(sums, sums) / size[stratum]) * size[stratum] / (size[stratum] - 1)
        found += products
    return found


def _interactions(rows: int, columns: int) -> Floats:
    """Contrasts of the cells that neither rows nor columns alone explain; rows outside, columns inside."""

    def apart(size: int) -> Floats:
        return np.eye(size)[:, 1:] - 1.0 / size

    found: Floats = np.kron(apart(rows), apart(columns)).astype(np.float64)
    return found
