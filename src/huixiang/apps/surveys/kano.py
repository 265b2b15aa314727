"""How did customers answer two questions about one feature, with it and without? For who tells Kano's classes.

The same answers, weights and reach as in every result; links that colleagues handed over stay out. Of an anonymous
survey nothing is told where sums by class would give away a cell that the cross table of the two questions hides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from huixiang.apps.surveys import joint
from huixiang.apps.surveys.analyses import ordered
from huixiang.apps.surveys.result_cells import Asked
from huixiang.domain.surveys.kano_pairs import answers_of
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden_cells, sums_tell
from huixiang.lake.questions import Pair
from huixiang.lake.store import Lake


class Silent(StrEnum):
    """Why is nothing told?"""

    GONE = "gone"  # the newest version does not ask both, or not with five answers
    FEW = "few"
    HIDDEN = "hidden"  # anonymous, and the sums would tell of a few


@dataclass(frozen=True, slots=True)
class Twin:
    """Two questions of a survey, by their codes."""

    functional: str
    dysfunctional: str


Grouping = Callable[[str, str], object]


def paired(lake: Lake, it: Asked, twin: Twin, group: Grouping) -> Sequence[Pair] | Silent:
    """Who answered both: `row` and `column` are among domain.surveys.kano_pairs.ANSWERS.

    `group` says which pairs of answers will be told in one sum.
    """
    try:
        questions = [it.questionnaire.question(code) for code in (twin.functional, twin.dysfunctional)]
    except KeyError:
        return Silent.GONE
    with_it, without = (answers_of(question) for question in questions)
    if with_it is None or without is None:
        return Silent.GONE
    every = joint.pairs(lake, it, twin.functional, twin.dysfunctional)
    both = [
        replace(pair, row=with_it[pair.row], column=without[pair.column])
        for pair in every
        if pair.row in with_it and pair.column in without
    ]
    if sum(pair.n for pair in both) < FEWEST:
        return Silent.FEW
    if it.survey.is_anonymous:
        named = lambda row, column: group(with_it[row], without[column]) if row and column else None  # noqa: E731
        if _tells_of_few(it, twin, every, named):
            return Silent.HIDDEN
    return both


def _tells_of_few(it: Asked, twin: Twin, pairs: Sequence[Pair], group: Grouping) -> bool:
    """Beside the cross table, read either way round: what both hide is hidden."""
    rows = ordered(it.questionnaire, twin.functional, {pair.row for pair in pairs})
    columns = ordered(it.questionnaire, twin.dysfunctional, {pair.column for pair in pairs})
    counts = np.zeros((len(rows), len(columns)), np.int64)
    for pair in pairs:
        counts[rows.index(pair.row), columns.index(pair.column)] += pair.n
    out = hidden_cells(counts, FEWEST, also_empty=True)
    out &= hidden_cells(np.ascontiguousarray(counts.T), FEWEST, also_empty=True).T
    groups = [[group(row, column) for column in columns] for row in rows]
    names = {each for line in groups for each in line} - {None}
    masks = [np.array([[each is name for each in line] for line in groups]) for name in names]
    return sums_tell(counts, out, masks, FEWEST)
