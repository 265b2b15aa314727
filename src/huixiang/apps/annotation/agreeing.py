"""Do the labellers judge alike? Krippendorff's alpha with its interval; of topics by MASI's distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.apps.annotation import gathering, values
from huixiang.apps.annotation.models import Task
from huixiang.domain.statistics import agreement
from huixiang.domain.statistics.sets import compared

RESAMPLES = 400
FEWEST = 5  # voices in which one of the two named a code, below which its own alpha is not told
Unit = tuple[str | None, ...]


class Agreement(NamedTuple):
    """Krippendorff's alpha over the voices that two or more labelled, with its 95 % bootstrap interval over voices.

    `distance`: nominal (the same label or not), or masi (how near two sets of topics are).
    """

    voices: int
    value: float | None
    low: float | None
    high: float | None
    distance: str = "nominal"


class CodeAgreement(NamedTuple):
    """Of one topic: do they see it in the same voices? `named`: voices in which at least one did."""

    code: str
    named: int
    value: float | None


def agreement_of(task: str, reach: frozenset[str] | None = None, seed: int = 0) -> Agreement:
    """Over all that was labelled within reach. "Does not know" counts as no value, as Krippendorff has it."""
    return alpha(_units(task, reach), seed, several=task == Task.TOPICS)


def alpha(units: Sequence[Unit], seed: int = 0, *, several: bool = False) -> Agreement:
    """Of these units, each with a value a judge; `several`: values are sets of topics."""
    distance = "masi" if several else "nominal"
    if several:
        found = compared([[None if each is None else values.codes(each) for each in unit] for unit in units])
        of: Callable[[NDArray[np.int64] | None], float | None] = found.alpha
    else:

        def of(places: NDArray[np.int64] | None) -> float | None:
            return agreement(units if places is None else [units[place] for place in places])

    value = of(None)
    if value is None:
        return Agreement(len(units), None, None, None, distance)
    dice = np.random.default_rng(seed)
    drawn = [of(places) for places in dice.integers(len(units), size=(RESAMPLES, len(units)))]
    low, high = np.percentile([each for each in drawn if each is not None], [2.5, 97.5])
    return Agreement(len(units), value, float(low), float(high), distance)


def by_code(reach: frozenset[str] | None = None) -> list[CodeAgreement]:
    """Topic by topic (named or not), the least agreed on first: where the guide wants sharper words."""
    units = [[values.codes(each) for each in unit if each is not None] for unit in _units(Task.TOPICS, reach)]
    found = []
    for code in sorted({code for unit in units for each in unit for code in each}):
        named = sum(any(code in each for each in unit) for unit in units)
        if named >= FEWEST:
            found.append(CodeAgreement(code, named, agreement([[code in each for each in unit] for unit in units])))
    return sorted(found, key=lambda each: (1.0 if each.value is None else each.value, each.code))


def _units(task: str, reach: frozenset[str] | None) -> list[Unit]:
    units = [tuple(value or None for value in one.by.values()) for one in gathering.judged(task, reach)]
    return [unit for unit in units if sum(value is not None for value in unit) > 1]
