"""What does understanding one text yield? The values every later stage reads, whatever model stands behind them.

Tuples with names: a dozen are made for each text and cross from one process to another, which they do thrice as fast
as other classes of frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

LABELS = ("negative", "neutral", "positive")
KINDS = ("demand", "expectation", "pain_point", "praise", "question", "noise")
LEVELS = ("urgent", "soon", "note")  # of a risk: act today, act soon, know of it


class Sentiment(NamedTuple):
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
        return self.told or LABELS[self.index(max(self[:3]))]


class Topic(NamedTuple):
    """Which matter is spoken of? A code of the taxonomy, how probable it is, and the words that decided."""

    code: str
    probability: float
    why: tuple[str, ...]


class Kind(NamedTuple):
    """What does the customer want with it? One of KINDS, how probable it is, and the words that spoke for it."""

    code: str
    probability: float
    why: tuple[str, ...] = ()


class Risk(NamedTuple):
    """What must not be overlooked? A code of the risk book, one of LEVELS, and the words that decided."""

    code: str
    level: str
    probability: float
    why: tuple[str, ...]


class Opinion(NamedTuple):
    """What is thought of what? Words as models see them (half-width, small letters), "" where nobody names them.

    `polarity` is one of LABELS; `spans` are (bank, product, aspect or opinion; start; end) in characters of the masked
    text, for those that are named.
    """

    bank: str
    product: str
    aspect: str
    opinion: str
    polarity: str
    spans: tuple[tuple[str, int, int], ...]


class Understanding(NamedTuple):
    """What is known of one text, without a trace of who wrote it.

    `masked` is the text fit for storage; `masks` counts what was masked by kind; `normal` is the form for search
    (half-width, simplified, lower case); `words` are its content words in order; `bands` are MinHash band keys.
    `topics` come most probable first; where there are none, `topics_unknown` says why: empty (no text), no_cue (no word
    of the taxonomy stands in it) or weak (only hints, too few to tell). `risks` come most urgent first.
    """

    masked: str
    masks: Mapping[str, int]
    normal: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    sentiment: Sentiment
    bands: tuple[int, ...]
    opinions: tuple[Opinion, ...]
    topics: tuple[Topic, ...]
    topics_unknown: str
    kind: Kind
    risks: tuple[Risk, ...]
