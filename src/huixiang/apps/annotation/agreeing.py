"""Do the labellers judge alike? Krippendorff's alpha with its interval; sets by MASI's distance, marks by character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.apps.annotation import gathering, values, wording
from huixiang.apps.annotation.models import BOOKS, Task
from huixiang.domain.statistics import agreement
from huixiang.domain.statistics.sets import compared
from huixiang.domain.understanding.opinions import agreeing as marking
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.scores import StrictF1

RESAMPLES = 400
FEWEST = 5  # voices in which one of the two named a code, below which its own alpha is not told
Unit = tuple[str | None, ...]


class Agreement(NamedTuple):
    """Krippendorff's alpha over the voices that two or more labelled, with its 95 % bootstrap interval over voices.

    `distance`: nominal (the same label or not), masi (how near two sets of codes are), or characters (which kind of
    mark lies over each). `strict` is, for marks, how the first two meet mark by mark.
    """

    voices: int
    value: float | None
    low: float | None
    high: float | None
    distance: str = "nominal"
    strict: StrictF1 | None = None


class CodeAgreement(NamedTuple):
    """Of one topic, risk or kind of mark: do they see it in the same voices (words)? `named`: in how many one did."""

    code: str
    named: int
    value: float | None


def agreement_of(task: str, reach: frozenset[str] | None = None, seed: int = 0) -> Agreement:
    """Over all that was labelled within reach. "Does not know" counts as no value, as Krippendorff has it."""
    if task == Task.OPINIONS:
        return _of_marks(_texts(reach), seed)
    return alpha(_units(task, reach), seed, several=task in BOOKS)


def alpha(units: Sequence[Unit], seed: int = 0, *, several: bool = False) -> Agreement:
    """Of these units, each with a value a judge; `several`: values are sets of codes."""
    if several:
        found = compared([[None if each is None else values.codes(each) for each in unit] for unit in units])
        return _resampled(found.alpha, len(units), "masi", seed)

    def of(places: NDArray[np.int64] | None) -> float | None:
        return agreement(units if places is None else [units[place] for place in places])

    return _resampled(of, len(units), "nominal", seed)


def by_code(task: str, reach: frozenset[str] | None = None) -> list[CodeAgreement]:
    """Code by code (named or not), the least agreed on first: where the guide wants sharper words.

    Nothing of tasks with one label a voice.
    """
    found = _by_kind(_texts(reach)) if task == Task.OPINIONS else []
    found = _by_code(_units(task, reach)) if task in BOOKS else found
    told = [each for each in found if each.named >= FEWEST]
    return sorted(told, key=lambda each: (1.0 if each.value is None else each.value, each.code))


def _by_code(every: Sequence[Unit]) -> list[CodeAgreement]:
    units = [[values.codes(each) for each in unit if each is not None] for unit in every]
    return [
        CodeAgreement(
            code,
            sum(any(code in each for each in unit) for unit in units),
            agreement([[code in each for each in unit] for unit in units]),
        )
        for code in sorted({code for unit in units for each in unit for code in each})
    ]


def _by_kind(texts: Sequence[marking.Text]) -> list[CodeAgreement]:
    return [
        CodeAgreement(
            name,
            sum(any(span.kind == kind for its in text.by for span in its) for text in texts),
            marking.by_character(texts, kind).alpha(),
        )
        for name, kind in marks.NAMES.items()
    ]


def _of_marks(texts: Sequence[marking.Text], seed: int) -> Agreement:
    found = _resampled(marking.by_character(texts).alpha, len(texts), "characters", seed)
    strict = marking.mark_by_mark(texts)
    return found._replace(strict=strict and strict[0])


def _resampled(
    of: Callable[[NDArray[np.int64] | None], float | None], voices: int, distance: str, seed: int
) -> Agreement:
    value = of(None) if voices else None
    if value is None:
        return Agreement(voices, None, None, None, distance)
    dice = np.random.default_rng(seed)
    drawn = [of(places) for places in dice.integers(voices, size=(RESAMPLES, voices))]
    low, high = np.percentile([each for each in drawn if each is not None], [2.5, 97.5])
    return Agreement(voices, value, float(low), float(high), distance)


def _units(task: str, reach: frozenset[str] | None) -> list[Unit]:
    units = [tuple(value or None for value in one.by.values()) for one in gathering.judged(task, reach)]
    return [unit for unit in units if sum(value is not None for value in unit) > 1]


def _texts(reach: frozenset[str] | None) -> list[marking.Text]:
    """What two or more marked, as far as the voices say still what was marked: lengths are needed of them."""
    twice = [one for one in gathering.judged(Task.OPINIONS, reach) if sum(map(bool, one.by.values())) > 1]
    now = gathering.present([one.voice_id for one in twice])
    return [
        marking.Text(
            len(wording.read_by(Task.OPINIONS, now[one.voice_id])),
            [values.spans(value) for value in one.by.values() if value],
        )
        for one in twice
        if gathering.stands(one, now)
    ]
