"""What would have been expected, had all gone on as before? A topic's rate learned from its own past, robustly.

A Poisson regression of each series with its volume as offset, weekday, holidays, season and slow drift, each held by a
prior; days that stand out are weighed down and the fit repeated, as in Farrington, Andrews, Beale and Catchpole (1996),
J. R. Stat. Soc. A 159:547-563, and Noufaily and others (2013), Statistics in Medicine 32:1206-1222.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.statistics.panel import A_QUARTER, DRIFT, Design, Floats, Panel, design
from huixiang.domain.statistics.tails import at_least, surprise

AT_ONCE = 256  # series fitted together
LONGEST_PAST = 3 * 366
ROUNDS, STEPS = 5, 12
CLOSE = 0.003  # a step of a coefficient that no longer matters
OUTSTANDING = 3.09  # beyond it a day, or the week it is part of, counts less: (3.09 / distance) squared
MEDIAN_OF_SQUARE, ENOUGH = 0.455, 3.0  # of a standard normal; voices a window from which on it is near one
POOLED = 10.0  # as many series' worth of precision as the dispersion of all series is taken for


@dataclass(frozen=True)
class Expected:
    """What the last days of each window should have held: series x windows."""

    mean: Floats
    variance: Floats
    doubt: Floats  # standard deviation of the logarithm of the mean
    days: Floats  # series x last days, the mean day by day
    past_count: Floats  # voices on the topic in the past that was learned from
    past_days: NDArray[np.int64]  # days with volume in it


@dataclass(frozen=True)
class Past:
    """What was learned of each series up to a day: one fit serves all days until the next."""

    panel: Panel
    end: int  # the first day that was not learned from
    windows: tuple[int, ...]
    beta: Floats
    covariance: Floats
    dispersion: Floats
    count: Floats
    days: NDArray[np.int64]

    def expected(self, on: int) -> Expected:
        """What was to be expected in the windows that end with day `on`?"""
        x = design(self.panel, self.end, on + 1, _bends(self.panel, self.end)).columns
        days = self.panel.volumes[:, self.end : on + 1] * _rates(self.beta, x)
        mean, variance, doubt = (np.zeros((len(days), len(self.windows))) for _ in range(3))
        drift = DRIFT**2 * (on + 1 - self.end) / A_QUARTER
        for n, window in enumerate(self.windows):
            part = days[:, -window:]
            mean[:, n] = part.sum(1)
            pull = part @ x[-window:] / np.maximum(mean[:, n, None], 1e-12)
            unsure = np.einsum("si,sij,sj->s", pull, self.covariance, pull, optimize=True) + drift
            doubt[:, n] = np.sqrt(unsure)
            variance[:, n] = self.dispersion[:, n] * mean[:, n] + mean[:, n] ** 2 * unsure
        return Expected(mean, variance, doubt, days, self.count, self.days)


def learn(panel: Panel, end: int, windows: tuple[int, ...], weights: Floats) -> Past:
    """What is usual for each series, by the days before `end`?

    `weights` (series x days, 0 to 1) are what each day counts beforehand: 0 in known episodes.
    """
    start = max(0, end - LONGEST_PAST)
    if end - start < 1:
        raise ValueError(f"nothing lies before day {end}: there is no past to learn from")
    plan = design(panel, start, end, _bends(panel, end))
    past = slice(start, end)
    pool: list[float] | None = None
    parts = []
    for low in range(0, len(panel.keys), AT_ONCE):
        rows = slice(low, low + AT_ONCE)
        fit = _Fit(panel.counts[rows, past], panel.volumes[rows, past], weights[rows, past], plan, windows)
        fit.run(pool)
        pool = pool or fit.pool
        parts.append((fit.beta, fit.covariance, fit.dispersion, fit.count, fit.days))
    return Past(panel, end, windows, *(np.concatenate(each) for each in zip(*parts, strict=True)))


def _bends(panel: Panel, end: int) -> NDArray[np.int64]:
    """Where the drift bends: each quarter, counted back from the past's end."""
    return np.arange(end - A_QUARTER, max(0, end - LONGEST_PAST), -A_QUARTER)


def _rates(beta: Floats, x: Floats) -> Floats:
    found: Floats = np.exp(np.clip(beta @ x.T, -30, 30))
    return found


class _Fit:
    """One fit of some series over the same past."""

    def __init__(self, counts: Floats, volumes: Floats, weights: Floats, plan: Design, windows: tuple[int, ...]):
        self.counts, self.volumes, self.plan, self.windows = counts, volumes, plan, windows
        self.given = weights * (volumes > 0)
        self.weights = self.given.copy()
        self.x = plan.columns
        self.above = np.triu_indices(self.x.shape[1])
        # Half the matrix, in half the digits: Newton's steps end at the same place, sooner.
        self.pairs = (self.x[:, self.above[0]] * self.x[:, self.above[1]]).astype(np.float32)
        self.count, self.days = (self.given * counts).sum(1), (self.given > 0).sum(1)
        self.dispersion = np.ones((len(counts), len(windows)))
        self.pool: list[float] = []
        told = (self.given * volumes).sum(1)
        rate = ((self.given * counts).sum(1) + 1.0) / np.maximum(told, 1e-12)
        self.beta = np.zeros((len(counts), self.x.shape[1]))
        self.beta[:, 0] = np.log(np.where(told > 0, rate, 1.0))

    def run(self, pool: list[float] | None) -> None:
        for turn in range(ROUNDS):
            self._solve()
            self._measure(pool, first=turn == 0)
            if turn < ROUNDS - 1:
                self._weigh()

    def _mu(self) -> Floats:
        return self.volumes * _rates(self.beta, self.x)

    def _solve(self) -> None:
        """Newton's steps to the most probable coefficients. One event beside those seen holds the level above zero:
        so an unsure rate makes the exact conditional test, never a sharper one.
        """
        week = self.windows.index(7) if 7 in self.windows else -1
        phi = self.dispersion[:, week, None]
        for _ in range(STEPS):
            mu = self._mu()
            score = ((self.weights * (self.counts - mu)) @ self.x) / phi - self.plan.precision * self.beta
            score[:, 0] += 1.0 / phi[:, 0]
            held = self._curvature(self.weights * mu) / phi[:, :, None]
            held += np.diag(self.plan.precision + 1e-9)
            step = np.linalg.solve(held, score[:, :, None])[:, :, 0]
            self.beta += np.clip(step, -1.5, 1.5)
            if np.abs(step).max() < CLOSE:
                break
        self.covariance = np.linalg.inv(held)

    def _curvature(self, mu: Floats) -> Floats:
        size = self.x.shape[1]
        half = mu.astype(np.float32) @ self.pairs
        whole = np.empty((len(mu), size, size))
        whole[:, self.above[0], self.above[1]] = half
        whole[:, self.above[1], self.above[0]] = half
        return whole

    def _measure(self, pool: list[float] | None, *, first: bool) -> None:
        """How many times as much as Poisson's do the sums of each window vary? At least once.

        Days that lean on each other make long windows vary more than short ones, so each has its own. Few data borrow
        from all series, and half of the doubt about it is added.
        """
        mu = self._mu()
        residual, mean = self.weights * (self.counts - mu), self.weights * mu
        used = 1.0 - np.einsum("sii,i->si", self.covariance, self.plan.precision)
        slow = np.clip(used[:, self.plan.is_slow].sum(1), 1.0, None)
        days = np.maximum((self.weights > 0).sum(1), 1.0)
        self.pool = []
        for n, window in enumerate(self.windows):
            squares, means = (_rolled(residual, window) ** 2).sum(1), _rolled(mean, window).sum(1)
            kept = np.clip(1.0 - window * slow / days, 1 / 3, 1.0)
            own = squares / kept / np.maximum(means, 1e-9)
            common = max(1.0, float(np.median(own[means > 5])) if (means > 5).any() else 1.0)
            self.pool.append(common)
            common = pool[n] if pool else common
            precision = days / window / (2.0 + 1.0 / np.maximum(means / days, 1e-9))
            mixed = (precision * own + POOLED * common) / (precision + POOLED)
            mixed *= 1.0 + 0.5 * np.sqrt(1.0 / (precision + POOLED))
            self.dispersion[:, n] = np.clip(mixed, 1.0, 2.0 * common if first else None)

    def _ordinary(self, seen: Floats, mean: Floats, near: int) -> Floats:
        """The dispersion of ordinary days: by the median of squared residuals, which weeks of outbreak do not move.

        Where few voices are expected a median says nothing: there that of all days stands.
        """
        median = np.median(np.square(seen - mean) / np.maximum(mean, 1e-9), axis=1) / MEDIAN_OF_SQUARE
        told = self.dispersion[:, near]
        return np.where(np.median(mean, axis=1) > ENOUGH, np.clip(median, 1.0, told), told)

    def _weigh(self) -> None:
        """How much does each day count? Less, where it or the week around it stands out."""
        mu = self._mu()
        self.weights = self.given.copy()
        for window in (1, 7):
            near = int(np.argmin(np.abs(np.array(self.windows) - window)))
            mean, seen = _rolled(mu * self.given, window), _rolled(self.counts * self.given, window)
            wide = np.broadcast_to(self._ordinary(seen, mean, near)[:, None], mean.shape)
            high = seen > mean + 2 * np.sqrt(wide * mean)  # the others need no look
            distance = surprise(at_least(seen[high], mean[high], (wide * mean)[high]))
            weight = np.ones_like(mean)
            weight[high] = np.square(OUTSTANDING / np.maximum(distance, OUTSTANDING))
            for back in range(window):  # a week that stands out weighs down each of its days
                reach = slice(back, back + weight.shape[1])
                self.weights[:, reach] = np.minimum(self.weights[:, reach], self.given[:, reach] * weight)


def _rolled(values: Floats, window: int) -> Floats:
    """Sums over each run of so many days."""
    sums = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return sums[:, window:] - sums[:, :-window] if values.shape[1] >= window else sums[:, -1:]
