"""Is the customer content, as the bank's own people would label it? A trained model in the place of the rules."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.contract import LABELS, Sentiment
from huixiang.domain.understanding.learned.judging import Judge

# How labels of sentiment are written in files: names, and the digits that public sets use.
NAMES = {
    "negative": ("negative", "neg", "负面", "消极", "差评", "不满意", "-1", "0"),
    "positive": ("positive", "pos", "正面", "积极", "好评", "满意", "1"),
    "neutral": ("neutral", "neu", "中性", "中立", "中评", "一般", "2"),
}
_LABEL = {name: label for label, names in NAMES.items() for name in names}


def label_of(written: str) -> str | None:
    """Which of the three labels is meant? None where the word is none of NAMES."""
    text = written.strip().lower()
    return _LABEL.get(text.removesuffix(".0"))


class Learned:
    """The model protocol of `sentiment.Model` by a trained classifier of task "sentiment"."""

    def __init__(self, classifier: Judge) -> None:
        strange = set(classifier.labels) - set(LABELS)
        if classifier.task != "sentiment" or strange:
            raise ValueError(f"a model of {classifier.task} ({', '.join(classifier.labels)}), not of sentiment")
        self._classifier = classifier

    def read(
        self, normals: Sequence[str], tokens: Sequence[Sequence[str]], addressed: Sequence[bool] = ()
    ) -> list[Sentiment]:
        """Judge normal texts, given with their pieces. To whom they were said it did not learn, and does not ask."""
        probabilities = self._classifier.probabilities(normals, tokens)
        places = {label: place for place, label in enumerate(self._classifier.labels)}
        found = []
        for row, told in zip(probabilities, self._classifier.told(probabilities), strict=True):
            three = {label: float(row[places[label]]) if label in places else 0.0 for label in LABELS}
            found.append(Sentiment(**three, told=told))
        return found
