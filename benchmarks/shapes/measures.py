"""What is the shape of a log? Burstiness, spread, patience and variants as numbers that do not depend on its size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.shapes.logs import Arrivals, Cases

Floats = NDArray[np.float64]
SLOT, OPEN_HOURS = 600, (8, 18)
CUT_SHORT = 10  # seconds: who is served for less was cut off (Brown and others 2005), and has no part in the spread
FEWEST = 20  # arrivals in an hour whose gaps are looked at
HAZARD_EDGES = np.array([0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300], dtype=float)


@dataclass(frozen=True)
class Bursts:
    """How much more do counts vary than Poisson's? `index` is variance over mean, 1 for Poisson; `beyond` is the
    coefficient of variation of the rate itself, 0 for Poisson, whatever the volume; `residuals` in Poisson's sigmas.
    `memory`: how far the rate of one ten minutes goes along with that of 10, 20, … 60 minutes later, as a share of its
    variance; Poisson's own noise has no part in it.
    """

    index: float
    beyond: float
    residuals: Floats
    memory: tuple[float, ...]


def bursts(log: Arrivals) -> Bursts:
    """Counts of ten minutes of ordinary days, 8 to 18 o'clock, against their place's day times the usual shape."""
    rows = log.ordinary & (log.second >= OPEN_HOURS[0] * 3600) & (log.second < OPEN_HOURS[1] * 3600)
    slot = (log.second[rows] - OPEN_HOURS[0] * 3600) // SLOT
    width = (OPEN_HOURS[1] - OPEN_HOURS[0]) * 3600 // SLOT
    observed, expected, places, cells = list[Floats](), list[Floats](), np.unique(log.place[rows]), 0
    along = np.zeros((2, 6))  # of the six lags: what goes along, and what would if the rates were one
    for place in places.tolist():
        here = log.place[rows] == place
        _, day = np.unique(log.day[rows][here], return_inverse=True)
        counts = np.zeros((day.max() + 1, width))
        np.add.at(counts, (day, slot[here]), 1)
        counts = counts[:, counts.sum(axis=0) > 0]
        usual = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
        for lag in range(1, 7):
            rest = counts - usual
            along[:, lag - 1] += (rest[:, :-lag] * rest[:, lag:]).sum(), (usual[:, :-lag] * usual[:, lag:]).sum()
        observed.append(counts.ravel())
        expected.append(usual.ravel())
        cells += (counts.shape[0] - 1) * (counts.shape[1] - 1)
    seen, usual = np.concatenate(observed), np.concatenate(expected)
    missing = len(seen) / cells  # degrees of freedom that the shape and the days have taken
    index = float(((seen - usual) ** 2 / usual).mean() * missing)
    excess = (((seen - usual) ** 2).sum() * missing - usual.sum()) / (usual**2).sum()
    memory = tuple((along[0] / along[1] / max(excess, 1e-9)).tolist())
    return Bursts(index, float(np.sqrt(max(excess, 0.0))), (seen - usual) / np.sqrt(usual), memory)


def gaps(log: Arrivals) -> Floats:
    """Times between arrivals over their mean in the same hour of the same day and place. Poisson's are exponential."""
    luck = np.random.default_rng(7).random(len(log.second))  # the clocks tick in seconds, arrivals do not
    rows = log.ordinary & (log.second >= OPEN_HOURS[0] * 3600) & (log.second < OPEN_HOURS[1] * 3600)
    hour = (log.place * 100_000 + log.day)[rows] * 24 + log.second[rows] // 3600
    moment = log.second[rows] + luck[rows]
    order = np.lexsort((moment, hour))
    hour, moment = hour[order], moment[order]
    between, same = np.diff(moment), np.diff(hour) == 0
    name, group = np.unique(hour[1:][same], return_inverse=True)
    number = np.bincount(group)
    mean = np.bincount(group, between[same]) / number
    kept = number[group] >= FEWEST - 1
    return (between[same] / mean[group])[kept] if len(name) else np.array([])


def rescaled_gaps(log: Arrivals) -> Floats:
    """The same for few arrivals: gaps in a time in which the usual day runs evenly, over their mean on that day."""
    rows = log.ordinary & (log.second >= OPEN_HOURS[0] * 3600) & (log.second < OPEN_HOURS[1] * 3600)
    day, second = log.day[rows], log.second[rows] + np.random.default_rng(7).random(int(rows.sum()))
    usual = np.sort(second)
    moment = np.searchsorted(usual, second) / len(usual) * np.bincount(day)[day]
    order = np.lexsort((moment, day))
    return np.asarray(np.diff(moment[order])[np.diff(day[order]) == 0])


def between_days(log: Arrivals, *, trend: bool) -> tuple[float, float]:
    """Spread of the logarithm of an ordinary day's count against its weekday (and a trend), and its memory of the day
    before: the correlation of neighbours among ordinary days."""
    day, index = np.unique(log.day[log.ordinary], return_index=True)
    weekday = log.weekday[log.ordinary][index]
    level = np.log(np.bincount(log.day[log.ordinary])[day])
    columns = [(weekday == one).astype(float) for one in np.unique(weekday)] + ([day - day.mean()] if trend else [])
    design = np.stack(columns, axis=1)
    rest = level - design @ np.linalg.lstsq(design, level, rcond=None)[0]
    spread = np.sqrt((rest**2).sum() / (len(rest) - design.shape[1]))
    return float(spread), float(np.corrcoef(rest[:-1], rest[1:])[0, 1])


def spread_of_log(talk: Floats, kind: NDArray[np.int64]) -> tuple[float, float]:
    """Standard deviation of the logarithm of times not cut short: of all, and within their kinds."""
    rows = talk >= CUT_SHORT
    level, group = np.log(talk[rows]), kind[rows]
    mean = np.bincount(group, level) / np.maximum(np.bincount(group), 1)
    return float(level.std()), float((level - mean[group]).std())


def level(log: Arrivals) -> Floats:
    """The logarithm of service times not cut short, about its mean."""
    logarithm = np.log(log.talk[log.talk >= CUT_SHORT])
    return np.asarray(logarithm - logarithm.mean())


def hazard(log: Arrivals) -> Floats:
    """How many of those still waiting give up per minute, by how long they have waited (HAZARD_EDGES, seconds)?"""
    low, high = HAZARD_EDGES[:-1, None], HAZARD_EDGES[1:, None]
    exposed = (np.clip(log.wait, low, high) - low).sum(axis=1)
    left = (log.gone & (log.wait > low) & (log.wait <= high)).sum(axis=1)
    return np.asarray(left / np.maximum(exposed, 1) * 60)


def patience(log: Arrivals, until: int = 300) -> Floats:
    """Which share is still willing to wait after 0, 1, 2 … seconds? Kaplan and Meier (1958): who was served could
    have waited longer."""
    moment = np.minimum(log.wait.astype(int), until + 1)
    left = np.bincount(moment[log.gone], minlength=until + 2)
    still = len(moment) - np.concatenate([[0], np.cumsum(np.bincount(moment, minlength=until + 2))[:-1]])
    return np.asarray(np.cumprod(1 - left / np.maximum(still, 1))[: until + 1])


@dataclass(frozen=True)
class Ways:
    """The variants of a log: distinct ways, the share of cases in the most frequent ones, and in ways taken once."""

    number: int
    cumulative: Floats  # share of cases in the 1, 2, 3 … most frequent
    once: float
    reworked: float  # share of cases in which an activity came twice
    bits: float  # entropy


def ways(log: Cases, most: int = 2000) -> Ways:
    """The ways of the first cases that have ended: as many of each log, since more cases always show more ways."""
    chosen = np.flatnonzero(log.done)[:most]
    starts = np.searchsorted(log.case, chosen)
    ends = np.searchsorted(log.case, chosen, side="right")
    seen = Counter(tuple(log.activity[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True))
    counts = np.array(sorted(seen.values(), reverse=True))
    shares = counts / counts.sum()
    reworked = sum(count for way, count in seen.items() if len(set(way)) < len(way)) / counts.sum()
    bits = float(-(shares * np.log2(shares)).sum())
    return Ways(len(counts), np.cumsum(shares), float((counts == 1).sum() / counts.sum()), float(reworked), bits)


def work_share(log: Cases) -> Floats:
    """Which share of each ended case's duration did people work on it? Cases of an hour and more."""
    first, last = log.span
    worked = np.bincount(log.case, np.nan_to_num(log.worked), len(log.done))
    rows = log.done & (last - first >= 3600)
    return np.asarray(np.minimum(worked[rows] / (last - first)[rows], 1.0))


def as_arrivals(log: Cases) -> Arrivals:
    """The beginnings of the cases, to ask of them what is asked of calls. The weekday is left out."""
    moment = np.sort(log.span[0])
    day, second = np.divmod(moment.astype(np.int64), 86_400)
    none, nan = np.zeros(len(day), dtype=np.int64), np.full(len(day), np.nan)
    return Arrivals(day, none, second, none, nan, nan, none > 0, none == 0, none)
