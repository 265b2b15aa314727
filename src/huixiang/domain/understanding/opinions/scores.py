"""How well does a reader mark spans as people did? Strict F1: only the same borders and the same kind count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.opinions.tags import KINDS, Span

_RESAMPLES, _AT_ONCE = 2_000, 200


class StrictF1(NamedTuple):
    """F1 and its 95 % bootstrap interval over documents (percentiles), with its two sides; NaN where not defined."""

    value: float
    low: float
    high: float
    precision: float
    recall: float


def strict_f1(
    gold: Sequence[Sequence[Span]], told: Sequence[Sequence[Span]], seed: int = 0
) -> tuple[StrictF1, dict[str, StrictF1]]:
    """Over all spans, and for each of KINDS. Documents are drawn as wholes, since spans of one text go together."""
    if len(gold) != len(told):
        raise ValueError(f"{len(gold)} texts marked by people, {len(told)} by the model: each text needs both")
    if not gold:
        raise ValueError("no text to score")
    counts = np.array([_counts(people, model) for people, model in zip(gold, told, strict=True)])
    generator, n = np.random.default_rng(seed), len(gold)
    drawn = [
        generator.multinomial(n, np.full(n, 1 / n), _AT_ONCE) @ counts.reshape(n, -1)
        for _ in range(_RESAMPLES // _AT_ONCE)
    ]
    samples = np.concatenate(drawn).reshape(-1, len(KINDS) + 1, 3)
    total = counts.sum(0)
    scores = [_score(total[place], samples[:, place]) for place in range(len(KINDS) + 1)]
    return scores[-1], dict(zip(KINDS, scores[:-1], strict=True))


def _counts(people: Sequence[Span], model: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Right, marked by people, marked by the model: for each kind, and in all."""
    right = set(people) & set(model)
    cells = [tuple(sum(span.kind == kind for span in some) for some in (right, people, model)) for kind in KINDS]
    return [(a, b, c) for a, b, c in cells] + [(len(right), len(people), len(model))]


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * counts[..., 0] / (counts[..., 1] + counts[..., 2]), float)


def _score(total: NDArray[np.int64], samples: NDArray[np.int64]) -> StrictF1:
    if not total[1] + total[2]:
        return StrictF1(*[float("nan")] * 5)
    low, high = np.nanpercentile(_f1(samples), [2.5, 97.5])
    right, people, model = (float(number) for number in total)
    return StrictF1(
        float(_f1(total)),
        float(low),
        float(high),
        right / model if model else float("nan"),
        right / people if people else float("nan"),
    )
