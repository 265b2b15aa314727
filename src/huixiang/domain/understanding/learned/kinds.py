"""What does the customer want with it, as the bank's own people would say? A trained model in place of the rules."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.contract import KINDS, Kind
from huixiang.domain.understanding.kinds import NOTHING_SAID
from huixiang.domain.understanding.learned.classifier import Classifier


class Kinds:
    """The model protocol `understander.KindModel` by a trained classifier of task "kind"."""

    def __init__(self, classifier: Classifier) -> None:
        strange = set(classifier.labels) - set(KINDS)
        if classifier.task != "kind" or strange:
            raise ValueError(f"a model of {classifier.task} ({', '.join(classifier.labels)}), not of kind")
        self._classifier = classifier

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[Kind]:
        """The kind of normal texts, given with their pieces; a text that says nothing is noise."""
        model = self._classifier
        probabilities = model.probabilities(normals, tokens)
        told, places = model.told(probabilities), {label: place for place, label in enumerate(model.labels)}
        whys = model.whys(normals, tokens, told)
        return [
            Kind(code, float(row[places[code]]), why) if normal.strip() else NOTHING_SAID
            for normal, row, code, why in zip(normals, probabilities, told, whys, strict=True)
        ]
