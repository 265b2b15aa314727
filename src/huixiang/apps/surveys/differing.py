"""May a part of a survey be shown beside the whole? Not where what is left between them tells of a few.

Who sees the whole and one branch sees all others by subtraction; who sees every branch but one sees that one. So a
question is hidden in a choice where fewer than FEWEST answered it outside the choice, and where the comparison of
branches or tiers hides the chosen one, that no other can be reckoned from it (domain/surveys/small_cells.py). Of
anonymous surveys every figure is a sum of whole groups of ten and more anyway: portioned.py. Of others this is no proof
against who puts many choices together; docs/methods/survey-results.md says so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from huixiang.apps.surveys.result_cells import Asked, Choice
from huixiang.domain.surveys.questionnaire import Kind, Question
from huixiang.domain.surveys.scores import FEWEST
from huixiang.domain.surveys.small_cells import hidden
from huixiang.lake.questions import Cells


def whole_of(it: Asked) -> Asked:
    """The same without a choice: what the reader sees before she chooses."""
    return replace(it, choice=Choice(handed=it.choice.handed))


def gives_away(it: Asked, question: Question, n: int, all_of_reach: Cells) -> bool:
    """Would these `n` answers, beside all that the reader sees, tell of fewer than FEWEST others?"""
    if it.survey.is_anonymous:
        return False
    every = _once(question, all_of_reach.where(~all_of_reach.is_passed_over))
    if 0 < int(every.n.sum()) - n < FEWEST:
        return True
    units = it.units() if it.choice.unit else None
    return _is_hidden(every, "unit", units) or _is_hidden(every, "tier", {it.choice.tier} if it.choice.tier else None)


def answered(question: Question, own: Cells) -> int:
    """How many people answered? Where several rows tell of one, the item that most of them answered."""
    return int(_once(question, own).n.sum())


def _once(question: Question, own: Cells) -> Cells:
    """Each of the people once."""
    if question.kind not in (Kind.MULTIPLE, Kind.MATRIX, Kind.RANK) or not len(own):
        return own
    return own.where(own.places["item"] == int(np.bincount(own.places["item"], own.n).argmax()))


def _is_hidden(every: Cells, by: str, chosen: frozenset[str] | set[str] | None) -> bool:
    """Does a comparison hide the chosen ones, taken together, beside each of the others?"""
    if chosen is None:
        return False
    counts = np.bincount(every.places[by], every.n, len(every.names[by]))
    mine = sum(int(count) for name, count in zip(every.names[by], counts, strict=True) if name in chosen)
    others = [int(count) for name, count in zip(every.names[by], counts, strict=True) if name not in chosen]
    return 0 in hidden([mine, *others], FEWEST)
