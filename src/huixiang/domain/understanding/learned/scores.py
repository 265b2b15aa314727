"""How good is a model on labelled texts? Accuracy, macro-F1 and Cohen's kappa, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2_000

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """A figure and its 95 % bootstrap interval (percentiles); NaN where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What was asked of a model: `n` labelled texts, and how its labels met people's."""

    n: int
    accuracy: Score
    macro_f1: Score
    kappa: Score


def confusion(gold: Sequence[str], told: Sequence[str]) -> Counts:
    """How often was which label told for which? Shape (labels, labels), gold down, told across, labels in order."""
    if len(gold) != len(told):
        raise ValueError(f"{len(gold)} labels by people, {len(told)} by the model: each text needs both")
    labels = {label: place for place, label in enumerate(sorted({*gold, *told}))}
    cells = [labels[a] * len(labels) + labels[b] for a, b in zip(gold, told, strict=True)]
    return np.bincount(cells, minlength=len(labels) ** 2).reshape(len(labels), len(labels))


def accuracy(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Share of texts with the right label. `counts` has shape (..., labels, labels), as in all measures here."""
    return np.asarray(np.trace(counts, axis1=-2, axis2=-1) / counts.sum((-2, -1)), float)


def macro_f1(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Mean over labels of F1, the harmonic mean of precision and recall; a label neither meant nor told is left out."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    seen = counts.sum(-1) + counts.sum(-2)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nanmean(np.where(seen > 0, 2 * hits / seen, np.nan), axis=-1), float)


def kappa(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Agreement beyond chance: (p_o − p_e) / (1 − p_e). Cohen, Educ. Psychol. Meas. 20 (1960). NaN with one label."""
    n = counts.sum((-2, -1))
    agreed = np.trace(counts, axis1=-2, axis2=-1) / n
    by_chance = (counts.sum(-1) * counts.sum(-2)).sum(-1) / n.astype(float) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(by_chance < 1, (agreed - by_chance) / (1 - by_chance), np.nan), float)


def scores(gold: Sequence[str], told: Sequence[str], seed: int = 0) -> Scores:
    """All three measures. Drawing texts again with replacement is drawing the table's cells again: exact, and quick."""
    counts = confusion(gold, told)
    n = int(counts.sum())
    if not n:
        raise ValueError("no labelled text: nothing to score")
    drawn = np.random.default_rng(seed).multinomial(n, counts.ravel() / n, _RESAMPLES).reshape(-1, *counts.shape)
    found = []
    for measure in (accuracy, macro_f1, kappa):
        low, high = np.nanpercentile(measure(drawn), [2.5, 97.5]) if len(counts) > 1 else (np.nan, np.nan)
        found.append(Score(float(measure(counts)), float(low), float(high)))
    return Scores(n, *found)


def area(same: NDArray[np.int64], probabilities: NDArray[np.float64], seed: int = 0) -> Score:
    """How often is a pair that means the same ranked above one that does not (AUC)? Ties count half."""
    dice = np.random.default_rng(seed)
    drawn = [
        _area(same[rows], probabilities[rows]) for rows in dice.integers(len(same), size=(_RESAMPLES // 10, len(same)))
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5]) if len(set(same.tolist())) > 1 else (np.nan, np.nan)
    return Score(_area(same, probabilities), float(low), float(high))


def _area(same: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    _, place, times = np.unique(probabilities, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place]
    positive = int(same.sum())
    negative = len(same) - positive
    if not positive or not negative:
        return float("nan")
    return float((ranks[same == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))
