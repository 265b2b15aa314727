"""How well does a reader of opinions mark as people do, and is one better than another? Strict F1, text by text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.comparing import Difference
from huixiang.domain.understanding.learned.scores import Score
from huixiang.domain.understanding.opinions.marks import KINDS
from huixiang.domain.understanding.opinions.scores import strict_f1
from huixiang.domain.understanding.opinions.tags import Span

RESAMPLES, AT_ONCE = 2_000, 200
MEASURES = ("strict_f1", *(f"f1_{name}" for name in KINDS.values()))
Marks = Sequence[Sequence[Span]]
Counts = NDArray[np.float64]


def scores(gold: Marks, told: Marks) -> dict[str, Score]:
    """All of MEASURES, with 95 % bootstrap intervals over texts; NaN where neither marked anything."""
    whole, by_kind = strict_f1(gold, told)
    found = {"strict_f1": whole} | {f"f1_{KINDS[kind]}": score for kind, score in by_kind.items()}
    return {name: Score(score.value, score.low, score.high) for name, score in found.items()}


def difference(gold: Marks, old: Marks, new: Marks, seed: int = 0) -> Difference:
    """By how much is `new` better than `old` in strict F1? Texts are drawn with both answers, as in `comparing`."""
    if not len(gold) == len(old) == len(new) or not gold:
        raise ValueError(f"{len(gold)} texts marked by people, {len(old)} and {len(new)} by models: as many of each")
    before, after = _counts(gold, old), _counts(gold, new)
    value = _f1(after.sum(0)) - _f1(before.sum(0))
    dice, n = np.random.default_rng(seed), len(gold)
    gaps = []
    for _ in range(RESAMPLES // AT_ONCE):
        times = dice.multinomial(n, np.full(n, 1 / n), AT_ONCE).astype(float)
        gaps.append(_f1(times @ after) - _f1(times @ before))
    known = np.concatenate(gaps)
    known = known[np.isfinite(known)]
    low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
    return Difference(n, float(value), float(low), float(high))


def _counts(gold: Marks, told: Marks) -> Counts:
    """Of each text: marks alike, by people, by the model."""
    rows = [(len(set(people) & set(model)), len(people), len(model)) for people, model in zip(gold, told, strict=True)]
    return np.array(rows, float)


def _f1(counts: Counts) -> Counts:
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * counts[..., 0] / (counts[..., 1] + counts[..., 2]), float)
