"""Which of the bank's own topics is spoken of? A trained model of task "topics", with the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.contract import Topic
from huixiang.domain.understanding.learned.classifier import Floats
from huixiang.domain.understanding.learned.judging import Model
from huixiang.domain.understanding.learned.several import Several


class Topics:
    """Tells the topics of a text, as the labels did from which it learned: one each, or several.

    `speaks_for`: the codes on which the model has the word, while the taxonomy's words tell all others; None is all.
    """

    def __init__(self, model: Model, *, beside_rules: bool = False) -> None:
        if model.task != "topics":
            raise ValueError(f"a model of {model.task}, not of topics")
        self._model = model
        self.speaks_for = frozenset(model.labels) if beside_rules else None

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
        """The topics of normal texts, given with their pieces, the likeliest first; none for a text without words."""
        return told(self._model, normals, tokens)


def told(model: Model, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
    """What a model tells of normal texts, with the words that decided."""
    probabilities = model.probabilities(normals, tokens)
    held = places(model, probabilities)
    # One question a text and topic, all in one batch.
    asked = [(text, place) for text, row in enumerate(held) if normals[text].strip() for place in row]
    labels = [model.labels[place] for _text, place in asked]
    whys = model.whys([normals[text] for text, _ in asked], [tokens[text] for text, _ in asked], labels)
    found: list[list[Topic]] = [[] for _normal in normals]
    for (text, place), label, why in zip(asked, labels, whys, strict=True):
        found[text].append(Topic(label, float(probabilities[text, place]), why))
    return [tuple(topics) for topics in found]


def places(model: Model, probabilities: Floats) -> list[list[int]]:
    """Which labels does a model tell of each text, as places in its labels?"""
    if isinstance(model, Several):
        return model.places(probabilities)
    numbers = {label: place for place, label in enumerate(model.labels)}
    return [[numbers[label]] for label in model.told(probabilities)]
