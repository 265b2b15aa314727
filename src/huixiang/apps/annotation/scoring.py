"""How are a model's answers held against people's? By the label, the set of several codes, or the marks in a text."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.apps.annotation import values
from huixiang.apps.annotation.models import BOOKS, Task
from huixiang.domain.understanding.learned import comparing, scores, set_scores, span_scores
from huixiang.domain.understanding.opinions.tags import Span

# What is compared when a model is to be activated.
AIMS = {
    Task.SENTIMENT.value: "kappa",
    Task.KIND.value: "macro_f1",
    Task.TOPICS.value: "micro_f1",
    Task.RISKS.value: "micro_f1",
    Task.OPINIONS.value: "strict_f1",
}
_ONE, _SEVERAL = ("accuracy", "macro_f1", "kappa"), tuple(set_scores.MEASURES)


def measures(task: str) -> tuple[str, ...]:
    """Which figures are told of a task?"""
    if task == Task.OPINIONS:
        return span_scores.MEASURES
    return _SEVERAL if task in BOOKS else _ONE


def scored(task: str, gold: Sequence[str], told: Sequence[str]) -> dict[str, scores.Score]:
    """Its figures on these texts, each with its 95 % bootstrap interval over texts."""
    if task == Task.OPINIONS:
        return span_scores.scores(_marks(gold), _marks(told))
    if task in BOOKS:
        return set_scores.scores(_sets(gold), _sets(told))
    found = scores.scores(gold, told)
    return {name: getattr(found, name) for name in _ONE}


def difference(task: str, gold: Sequence[str], old: Sequence[str], new: Sequence[str]) -> comparing.Difference:
    """By how much is `new` better than `old`, in the task's measure?"""
    if task == Task.OPINIONS:
        return span_scores.difference(_marks(gold), _marks(old), _marks(new))
    if task in BOOKS:
        return set_scores.difference(_sets(gold), _sets(old), _sets(new), AIMS[task])
    return comparing.difference(gold, old, new, AIMS[task])


def _sets(written: Sequence[str]) -> list[frozenset[str]]:
    return [values.codes(each) for each in written]


def _marks(written: Sequence[str]) -> list[list[Span]]:
    return [values.spans(each) for each in written]
