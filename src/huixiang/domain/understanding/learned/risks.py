"""Which risks would the bank's own people see in it? A trained model of task "risks", beside the book's words."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.contract import Topic
from huixiang.domain.understanding.learned.judging import Model
from huixiang.domain.understanding.learned.several import Several
from huixiang.domain.understanding.learned.topics import told


class Risks:
    """The model protocol `understander.RiskModel`. What the book's words tell it cannot take back."""

    def __init__(self, model: Model) -> None:
        if model.task != "risks" or not isinstance(model, Several):
            raise ValueError(f"a model of {model.task}, not of several risks a text")
        self._model = model

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
        """The risks of normal texts, given with their pieces, the likeliest first; none for a text without words."""
        return told(self._model, normals, tokens)
