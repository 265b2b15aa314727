"""Where do a figure's limits lie, from day to day? XmR for values, Laney's p' and u' for shares and rates.

The moving range sees how much neighbouring days differ, which a shift within the past does not widen; where days lean
on each other it sees too little, and is corrected for it. Where the past is calm but for a few days on which everybody
queues, neither range nor model tells how far a day may go: days are then held against the past's by rank. Sources:
Wheeler and Chambers (1992), Understanding Statistical Process Control; Laney (2002), Quality Engineering 14:531-537;
for days that lean on each other, Alwan and Roberts (1988), J. Bus. Econ. Stat. 6:87-95; for normal scores in place of
ranks, van der Waerden (1952), Indagationes Mathematicae 14:453-458.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import scipy

from huixiang.domain.statistics.control.series import Floats, Kind, Series
from huixiang.domain.statistics.control.usual import Days, Usual, scaled, usual

D2 = 1.128  # the mean range of two draws of a standard normal
FURTHEST = 3.268  # times the mean moving range: a range beyond it is no everyday one, and counts as much as this
MOST_LEANING = 0.8
HEAVIEST = 4.5  # degrees of freedom: heavier tails are not those of a t
BURSTY = 1.5  # times the variance that the moving range sees
LIMIT = 3.0  # deviations from the centre to the limits that a chart shows


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with what was usual. `factor`: its variance over what the model says; `leaning`: lag-one correlation.

    `tail`: degrees of freedom of a Student's t whose tails are as heavy as those of the past's days. `furthest`: the
    past's lowest and highest day, in deviations. `ranked`: where the past's days come in bursts, how many times the
    usual they were, in order.
    """

    series: Series
    usual: Usual
    factor: float
    leaning: float
    tail: float
    furthest: tuple[float, float]
    ranked: Floats | None = None

    @property
    def scores(self) -> Floats:
        """Where does each day lie among the past's? Normal scores of ranks; without bursts, `distances`."""
        if self.ranked is None:
            return self.distances
        past = _normal_scores(self.ranked, self.ranked)
        found = (_normal_scores(self.ranked, self.times) - past.mean()) / (past.std() or 1.0)
        return np.where(self.series.told, found, np.nan)

    @property
    def times(self) -> Floats:
        """How many times what was usual was counted on each day? Days with nobody are alike, whatever was usual."""
        return np.where(self.series.told, self.series.values / np.maximum(self.usual.mean, 1e-12), np.nan)

    @property
    def distances(self) -> Floats:
        """How many deviations does each day lie from its usual value? NaN where there is none."""
        away = scaled(self.series) - self.usual.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.series.told, away / np.sqrt(self.usual.spread * self.factor), np.nan)

    @property
    def band(self) -> tuple[Floats, Floats, Floats]:
        """Lower limit, centre and upper limit of each day, in the figure's own unit.

        For the eye: whether there is an alert is told by `alerts`, whose rule knows how often it looks.
        """
        out = LIMIT * np.sqrt(self.usual.spread * self.factor)
        lines = self.usual.mean - out, self.usual.mean, self.usual.mean + out
        low, centre, high = (self._told(each) for each in lines)
        return low, centre, high

    def _told(self, line: Floats) -> Floats:
        if self.series.kind is Kind.TIMES:
            return np.exp(line)
        if self.series.of is None or not self.series.is_counted:
            return line
        with np.errstate(divide="ignore", invalid="ignore"):
            told = np.where(self.series.told, np.maximum(line, 0.0) / self.series.of, np.nan)
        return np.minimum(told, 1.0) if self.series.kind is Kind.SHARES else told


def chart(series: Series, learned: Days) -> Chart:
    """The chart of a series whose `learned` days tell what is usual. Raises ValueError where they are too few."""
    known = learned & series.told
    found = _plain(series, learned, known)
    is_bursty = found.tail <= HEAVIEST or float((found.distances[known] ** 2).mean()) > BURSTY
    return _of_bursts(found, learned) if series.is_counted and is_bursty else found


def _plain(series: Series, learned: Days, known: Days) -> Chart:
    found = usual(series, learned)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (scaled(series) - found.mean) / np.sqrt(found.spread)
    past = z[known]
    leaning = _leaning(past, float(np.median(past)))
    factor = (_range(past) / D2) ** 2 / (1 - leaning)
    if series.is_counted:
        factor = max(factor, 1.0)  # fewer ups and downs than chance alone has are chance too
    factor, past = factor or 1e-12, past / sqrt(factor or 1.0)
    return Chart(series, found, factor, leaning, _tail(past), (float(past.min()), float(past.max())))


def _of_bursts(plain: Chart, learned: Days) -> Chart:
    """With the bursts in what is usual: the past's own mean and variance, of which a robust fit sees neither.

    The habits are fitted once more, as days that vary so much tell little of them.
    """
    known = learned & plain.series.told
    first, level = _lifted(plain, plain.usual, known)
    lifted, _level = _lifted(plain, usual(plain.series, learned, first.factor / level), known)
    found = replace(lifted, ranked=np.sort(lifted.times[known]))
    past = found.distances[known]
    leaning = _leaning(found.scores[known], 0.0)
    return replace(found, furthest=(float(past.min()), float(past.max())), leaning=leaning)


def _lifted(plain: Chart, found: Usual, known: Days) -> tuple[Chart, float]:
    """At the past's mean, and by how much that lifts it; with the past's variance."""
    level = float(plain.series.values[known].sum() / found.mean[known].sum())
    lifted = replace(plain, usual=found.times(level))
    return replace(lifted, factor=plain.factor * float((lifted.distances[known] ** 2).mean())), level


def _normal_scores(ranked: Floats, values: Floats) -> Floats:
    below, up_to = (np.searchsorted(ranked, values, side) for side in ("left", "right"))
    found: Floats = scipy.special.ndtri(((below + up_to) / 2 + 0.5) / (len(ranked) + 1))
    return found


def _range(past: Floats) -> float:
    """The mean moving range; one that is no everyday one is cut, not left out: heavy tails are part of the past."""
    ranges = np.abs(np.diff(past))
    return float(np.minimum(ranges, FURTHEST * ranges.mean()).mean()) if ranges.any() else 0.0


def _leaning(past: Floats, centre: float) -> float:
    """How much does a day lean on the one before? Not below 0, and with the estimate's own doubt added."""
    calm = np.clip(past - centre, *np.array([-1, 1]) * 3 * (np.std(past) or 1.0))
    found = float((calm[1:] * calm[:-1]).sum() / max(float((calm**2).sum()), 1e-12))
    doubt = (1 + 4 * max(found, 0.0)) / len(past) + 1 / sqrt(len(past))  # bias (Kendall 1954), and one deviation
    return min(max(found + doubt, 0.0), MOST_LEANING)


def _tail(past: Floats) -> float:
    """By the fourth moment: 4 + 6 / excess, at least 4.5 and at most as good as normal.

    Twice the past's excess: the rare days that make it are mostly those that have not come yet.
    """
    squares = past**2
    excess = 2 * (float((squares**2).mean() / max(float(squares.mean()) ** 2, 1e-12)) - 3)
    return float(np.clip(4 + 6 / excess, HEAVIEST, 200.0)) if excess > 0.03 else 200.0
