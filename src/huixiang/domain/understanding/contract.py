"""What does understanding one text yield? The values every later stage reads, whatever model stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Is the customer content? Three calibrated probabilities that sum to 1, and the label they decide."""

    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> str:
        """One of LABELS; ties go to the earlier, since a missed complaint costs more than a second look."""
        return max(LABELS, key=lambda name: getattr(self, name))


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
