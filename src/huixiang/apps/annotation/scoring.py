"""How are a model's answers held against people's? By the label, or where several are right by the set of them."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.apps.annotation import values
from huixiang.apps.annotation.models import Task
from huixiang.domain.understanding.learned import comparing, scores, set_scores

# What is compared when a model is to be activated.
AIMS = {Task.SENTIMENT.value: "kappa", Task.KIND.value: "macro_f1", Task.TOPICS.value: "micro_f1"}
_ONE, _SEVERAL = ("accuracy", "macro_f1", "kappa"), tuple(set_scores.MEASURES)


def measures(task: str) -> tuple[str, ...]:
    """Which figures are told of a task?"""
    return _SEVERAL if task == Task.TOPICS else _ONE


def scored(task: str, gold: Sequence[str], told: Sequence[str]) -> dict[str, scores.Score]:
    """Its figures on these texts, each with its 95 % bootstrap interval over texts."""
    if task == Task.TOPICS:
        return set_scores.scores(_sets(gold), _sets(told))
    found = scores.scores(gold, told)
    return {name: getattr(found, name) for name in _ONE}


def difference(task: str, gold: Sequence[str], old: Sequence[str], new: Sequence[str]) -> comparing.Difference:
    """By how much is `new` better than `old`, in the task's measure?"""
    if task == Task.TOPICS:
        return set_scores.difference(_sets(gold), _sets(old), _sets(new), AIMS[task])
    return comparing.difference(gold, old, new, AIMS[task])


def _sets(written: Sequence[str]) -> list[frozenset[str]]:
    return [values.codes(each) for each in written]
