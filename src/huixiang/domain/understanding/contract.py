"""What does understanding one text yield? The values every later stage reads, whatever model stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Is the customer content? Three calibrated probabilities that sum to 1, and the label they decide.

    `told` is the label of a model that weighs mistakes otherwise than by likelihood: where nine in ten are neutral, the
    likeliest label would hardly ever be another.
    """

    negative: float
    neutral: float
    positive: float
    told: str = ""

    @property
    def label(self) -> str:
        """One of LABELS; ties go to the earlier, since a missed complaint costs more than a second look."""
        return self.told or max(LABELS, key=lambda name: getattr(self, name))


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is known of one text, without a trace of who wrote it.

    `masked` is the text fit for storage; `masks` counts what was masked by kind; `normal` is the form for search
    (half-width, simplified, lower case); `words` are its content words in order; `bands` are MinHash band keys.
    """

    masked: str
    masks: Mapping[str, int]
    normal: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    sentiment: Sentiment
    bands: tuple[int, ...]
