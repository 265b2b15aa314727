"""What would a plain method have alarmed on? A z score over four weeks, and Farrington's rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.trends_truth import WATCHED
from huixiang.domain.statistics.panel import Panel

CALM = 7  # alarms of one series less than so many days apart are one


def z_score(panel: Panel, window: int = 28, above: float = 3.0) -> NDArray[np.bool_]:
    """Is the day's share more than three standard deviations above that of the 28 days before?"""
    share = panel.counts / np.maximum(panel.volumes, 1)
    views = np.lib.stride_tricks.sliding_window_view(share, window, axis=1)[:, :-1]
    mean, deviation = views.mean(2), views.std(2, ddof=1)
    found = np.zeros(share.shape, dtype=bool)
    found[:, window:] = share[:, window:] > mean + above * np.maximum(deviation, 1e-9)
    return found


def farrington(panel: Panel, alpha_z: float = 3.0902) -> NDArray[np.bool_]:
    """Is the count above Farrington's threshold? By the same weekday of seven weeks, one and two years ago.

    Quasi-Poisson with the volume as offset, one round of weights from Anscombe residuals, threshold on the 2/3 power
    with the estimate's variance, and no alarm below five cases in four weeks: as `farrington(b=2, w=3)` of R's
    surveillance (Höhle 2007), which fits no trend to fewer than three years.
    """
    counts, volumes = panel.counts, np.maximum(panel.volumes, 1e-9)
    back = np.array([364 * year + 7 * week for year in (1, 2) for week in range(-3, 4)])
    found = np.zeros(counts.shape, dtype=bool)
    for t in range(counts.shape[1] - WATCHED, counts.shape[1]):
        places = t - back[back <= t]
        y, n = counts[:, places], volumes[:, places]
        weight = np.ones_like(y)
        for _ in range(2):
            rate = (weight * y).sum(1) / np.maximum((weight * n).sum(1), 1e-9)
            mu = np.maximum(rate[:, None] * n, 1e-9)
            phi = np.maximum(1.0, (weight * (y - mu) ** 2 / mu).sum(1) / (y.shape[1] - 1))[:, None]
            anscombe = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu)) / np.sqrt(phi * (1 - 1 / y.shape[1]))
            weight = np.where(anscombe > 1, np.maximum(anscombe, 1) ** -2.0, 1.0)
            weight *= weight.shape[1] / weight.sum(1, keepdims=True)
        mean = np.maximum(rate * volumes[:, t], 1e-9)
        tau = phi[:, 0] + mean / np.maximum((rate[:, None] * n).sum(1), 1e-9) * phi[:, 0]
        upper = mean * np.maximum(0, 1 + 2 / 3 * alpha_z * np.sqrt(tau / mean)) ** 1.5
        found[:, t] = (counts[:, t] > upper) & (counts[:, t - 27 : t + 1].sum(1) >= 5)
    return found


def merged(alarms: NDArray[np.bool_]) -> dict[int, list[int]]:
    """The first day of each run of alarms in the year that is watched, by series."""
    found: dict[int, list[int]] = {}
    for row, t in zip(*np.nonzero(alarms), strict=True):
        if t < alarms.shape[1] - WATCHED:
            continue
        last = found.setdefault(int(row), [])
        if not last or not alarms[row, max(0, t - CALM) : t].any():
            last.append(int(t))
    return found
