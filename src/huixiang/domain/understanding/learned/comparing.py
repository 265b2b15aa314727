"""Is one model better than another? Both are asked the same labelled texts, and their difference has an interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned import scores

MEASURES: dict[str, Callable[[NDArray[np.int64]], NDArray[np.float64]]] = {
    "kappa": scores.kappa,
    "macro_f1": scores.macro_f1,
    "accuracy": scores.accuracy,
}
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """New minus old in one measure on `n` texts, with its paired 95 % bootstrap interval; NaN where not defined."""

    n: int
    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """better or worse where it is proven, lower where it is not but the figure fell, else unproven."""
        if self.low > 0:
            return "better"
        if self.high < 0:
            return "worse"
        return "lower" if self.value < 0 else "unproven"

    @property
    def is_worse(self) -> bool:
        """Did the figure fall on these texts? That it might be chance is no reason to put up with it unasked."""
        return self.verdict in ("worse", "lower")


def difference(
    gold: Sequence[str], old: Sequence[str], new: Sequence[str], measure: str = "kappa", seed: int = 0
) -> Difference:
    """By how much is `new` better than `old`? `gold` are people's labels; all three are in the same order.

    Texts are drawn again with both answers together: what is hard for both moves both, and cancels. Drawing texts is
    drawing the cells of (gold, old, new), so it is exact and takes no longer for a million. Source: Efron and
    Tibshirani (1993), An Introduction to the Bootstrap, chapter 16.
    """
    if not len(gold) == len(old) == len(new) or not gold:
        raise ValueError(
            f"{len(gold)} labels by people, {len(old)} and {len(new)} by models: as many of each, not none"
        )
    places = {label: place for place, label in enumerate(sorted({*gold, *old, *new}))}
    size = len(places)
    cells = [(places[a] * size + places[b]) * size + places[c] for a, b, c in zip(gold, old, new, strict=True)]
    joint = np.bincount(cells, minlength=size**3)
    value = _gap(joint.reshape(size, size, size), measure)
    drawn = np.random.default_rng(seed).multinomial(len(gold), joint / len(gold), _RESAMPLES)
    gaps = _gap(drawn.reshape(-1, size, size, size), measure)
    low, high = np.nanpercentile(gaps, [2.5, 97.5]) if np.isfinite(gaps).any() else (np.nan, np.nan)
    return Difference(len(gold), float(value), float(low), float(high))


def _gap(joint: NDArray[np.int64], measure: str) -> NDArray[np.float64]:
    return MEASURES[measure](joint.sum(-2)) - MEASURES[measure](joint.sum(-1))
