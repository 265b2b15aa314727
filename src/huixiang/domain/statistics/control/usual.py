"""What would have been usual on each day? Learned from the days before, robustly, with the doubt about it.

Least squares with priors for values, on their logarithm where they are stretched; iteratively reweighted for shares
and rates (McCullagh and Nelder 1989, Generalized Linear Models, ch. 2). Days that stand out are weighed down and the
fit repeated, as in Farrington and others (1996), J. R. Stat. Soc. A 159:547-563.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics.control.series import Floats, Kind, Series, habits

ROUNDS = 8
FAR = 2.5  # deviations from which on a day of the past counts less
MAD = 1.4826  # times the median distance: the deviation of a normal
Days = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Usual:
    """For each day: the mean, what its variance is proportional to, and how it hangs on what was learned.

    All on the chart's scale: of TIMES the logarithm, of SHARES and RATES the count of the day.
    """

    mean: Floats  # (days,)
    spread: Floats  # (days,): the variance by the model alone, times the chart's own factor it is the true one
    slopes: Floats  # (days, columns): how the day's mean moves with the coefficients
    doubt: Floats  # (columns, columns): the coefficients' covariance, to be times the same factor

    def times(self, many: float) -> Usual:
        """The same habits at so many times the level; of counts."""
        return Usual(self.mean * many, self.spread * many, self.slopes * many, self.doubt / many)


def usual(series: Series, learned: Days, factor: float = 1.0) -> Usual:
    """What was usual on `learned` days, told for every day. Raises ValueError where they are fewer than the columns.

    `factor`: by how much counts vary more than the model says; the more, the less a few days tell of a habit.
    """
    known = learned & series.told
    columns, held = habits(series, int(known.sum()))
    if known.sum() <= 2 * columns.shape[1]:
        raise ValueError(f"{int(known.sum())} days are too few to learn {columns.shape[1]} habits from")
    solve = _counted if series.is_counted else _valued
    return solve(series, columns, held * factor, known)


def scaled(series: Series) -> Floats:
    """The values on the chart's scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(series.values) if series.kind is Kind.TIMES else series.values


def _valued(series: Series, columns: Floats, held: Floats, known: Days) -> Usual:
    y, x = scaled(series)[known], columns[known]
    centre = float(np.median(y))
    size = MAD * float(np.median(np.abs(y - centre))) or float(np.std(y)) or 1.0
    prior = held if series.kind is Kind.TIMES else held / size**2  # priors are told for a scale of one
    weight = np.ones(len(y))
    for _round in range(ROUNDS):
        inverse = _inverse((x.T * weight) @ x + np.diag(prior * _noise(series, size)))
        beta = inverse @ (x.T @ (weight * y))
        weight = _trust(y - x @ beta)
    spread = np.ones(len(series))
    return Usual(columns @ beta, spread, columns, inverse)


def _noise(series: Series, size: float) -> float:
    """A prior is weighed against the noise of the values themselves."""
    return size**2 if series.kind is Kind.TIMES else size**2 * size**2


def _counted(series: Series, columns: Floats, held: Floats, known: Days) -> Usual:
    assert series.of is not None
    of = np.where(series.told, series.of, 0.0)
    y, n, x = series.values[known], of[known], columns[known]
    start = np.clip((y.sum() + 0.5) / (n.sum() + 1.0), 1e-9, None)
    beta = np.zeros(columns.shape[1])
    beta[0] = np.log(start / (1 - start)) if series.kind is Kind.SHARES else np.log(start)
    trust = np.ones(len(y))
    for _round in range(ROUNDS):
        mean, spread = _model(series.kind, x @ beta, n)
        inverse = _inverse((x.T * (trust * spread)) @ x + np.diag(held))
        step = inverse @ (x.T @ (trust * (y - mean)) - held * beta)
        beta = beta + np.clip(step, -2.0, 2.0)
        mean, spread = _model(series.kind, x @ beta, n)
        trust = _trust((y - mean) / np.sqrt(np.maximum(spread, 1e-9)))
    mean, spread = _model(series.kind, columns @ beta, of)
    return Usual(mean, spread, columns * spread[:, None], inverse)


def _model(kind: Kind, line: Floats, of: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of a day's count: binomial by its logit, Poisson by its logarithm."""
    if kind is Kind.SHARES:
        share = 1 / (1 + np.exp(-np.clip(line, -30, 30)))
        return of * share, of * share * (1 - share)
    mean = of * np.exp(np.clip(line, -50, 50))
    return mean, mean


def _inverse(matrix: Floats) -> Floats:
    return np.linalg.inv(matrix).astype(np.float64)


def _trust(residuals: Floats) -> Floats:
    """How much does a day count? Beyond 2.5 robust deviations less and less (Huber 1964)."""
    size = MAD * float(np.median(np.abs(residuals))) or 1.0
    return np.minimum(1.0, FAR / np.maximum(np.abs(residuals) / size, 1e-9))
