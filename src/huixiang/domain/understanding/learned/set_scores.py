"""How well are several topics a text told? Micro-F1, macro-F1 and the mean overlap, each with its interval."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.comparing import Difference
from huixiang.domain.understanding.learned.scores import Score

RESAMPLES, AT_ONCE = 2_000, 200
Floats = NDArray[np.float64]
Sets = Sequence[Collection[str]]


@dataclass(frozen=True, slots=True)
class Met:
    """What was meant and what was told, (texts, codes) of 0 and 1 each, over the codes that occur in either."""

    meant: Floats
    told: Floats

    @property
    def both(self) -> Floats:
        return self.meant * self.told


def met(meant: Sets, told: Sets, codes: Sequence[str] | None = None) -> Met:
    """The table of what people meant and a model told, of the same texts in the same order."""
    if len(meant) != len(told) or not meant:
        raise ValueError(f"{len(meant)} sets by people, {len(told)} by the model: as many of each, not none")
    every = sorted({code for each in (*meant, *told) for code in each}) if codes is None else codes
    return Met(*(np.array([[code in each for code in every] for each in sets], float) for sets in (meant, told)))


def micro_f1(found: Met, times: Floats) -> Floats:
    """Harmonic mean of precision and recall over all decisions "this text, this code". `times`: (draws, texts)."""
    return _f1(*(times @ part.sum(1) for part in (found.both, found.meant, found.told)))


def macro_f1(found: Met, times: Floats) -> Floats:
    """Mean over codes of F1; a code neither meant nor told is left out."""
    each = _f1(*(times @ part for part in (found.both, found.meant, found.told)))
    number = np.isfinite(each).sum(-1)
    return np.asarray(np.where(number > 0, np.nansum(each, -1) / np.maximum(number, 1), np.nan), float)


def overlap(found: Met, times: Floats) -> Floats:
    """Mean over texts of what is shared over what is meant or told (Jaccard); 1 where both say "none".

    Source: Godbole and Sarawagi (2004), Discriminative Methods for Multi-labeled Classification.
    """
    shared, either = found.both.sum(1), np.maximum(found.meant, found.told).sum(1)
    each = np.where(either > 0, shared / np.maximum(either, 1), 1.0)
    return np.asarray(times @ each / times.sum(-1), float)


MEASURES: dict[str, Callable[[Met, Floats], Floats]] = {
    "micro_f1": micro_f1,
    "macro_f1": macro_f1,
    "overlap": overlap,
}


def scores(meant: Sets, told: Sets, seed: int = 0) -> dict[str, Score]:
    """All three measures, with 95 % bootstrap intervals over texts; NaN where not defined."""
    found, whole = met(meant, told), np.ones((1, len(meant)))
    answer = {}
    for name, measure in MEASURES.items():
        drawn = np.concatenate([measure(found, times) for times in _draws(len(meant), seed)])
        answer[name] = Score(float(measure(found, whole)[0]), *_ends(drawn))
    return answer


def difference(meant: Sets, old: Sets, new: Sets, measure: str = "micro_f1", seed: int = 0) -> Difference:
    """By how much is `new` better than `old`? Texts are drawn with both answers together, as in `comparing`."""
    codes = sorted({code for each in (*meant, *old, *new) for code in each})
    before, after, ask = met(meant, old, codes), met(meant, new, codes), MEASURES[measure]
    whole = np.ones((1, len(meant)))
    drawn = np.concatenate([ask(after, times) - ask(before, times) for times in _draws(len(meant), seed)])
    return Difference(len(meant), float((ask(after, whole) - ask(before, whole))[0]), *_ends(drawn))


def _f1(hits: Floats, meant: Floats, told: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(meant + told > 0, 2 * hits / (meant + told), np.nan), float)


def _draws(texts: int, seed: int) -> list[Floats]:
    """How often each text is drawn, some draws at a time."""
    dice = np.random.default_rng(seed)
    return [dice.multinomial(texts, [1 / texts] * texts, AT_ONCE).astype(float) for _ in range(RESAMPLES // AT_ONCE)]


def _ends(drawn: Floats) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
