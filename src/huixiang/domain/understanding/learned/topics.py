"""Which of the bank's own topics is spoken of? A trained model of task "topics", with the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.contract import Topic
from huixiang.domain.understanding.learned.judging import Judge


class Topics:
    """Tells one topic a text, as the labels did from which it learned."""

    def __init__(self, classifier: Judge) -> None:
        if classifier.task != "topics":
            raise ValueError(f"a model of {classifier.task}, not of topics")
        self._classifier = classifier

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
        """The topics of normal texts, given with their pieces; none for a text that says nothing."""
        classifier = self._classifier
        probabilities = classifier.probabilities(normals, tokens)
        found: list[tuple[Topic, ...]] = []
        for normal, pieces, row, code in zip(
            normals, tokens, probabilities, classifier.told(probabilities), strict=True
        ):
            if not normal.strip():
                found.append(())
                continue
            likely = float(row[classifier.labels.index(code)])
            found.append((Topic(code, likely, classifier.why(normal, pieces, code)),))
        return found
