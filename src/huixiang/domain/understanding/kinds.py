"""What does the customer want with it: demand, expectation, pain point, praise, question or noise?

The words of kinds.toml and the sentiment are weighed by six lines and a softmax. Round numbers, set by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

from huixiang.domain.understanding.contract import KINDS, Kind, Sentiment

NOTHING_SAID = Kind("noise", 0.99)

# Logits over the evidence for each kind (0 to 1) and the three probabilities of the sentiment.
_LINES: dict[str, dict[str, float]] = {
    "demand": {"bias": -2.0, "demand": 8.0},
    "expectation": {"bias": -2.0, "expectation": 8.0, "demand": -2.0},
    "pain_point": {"bias": -1.0, "pain_point": 2.0, "negative": 4.0, "question": -1.0},
    "praise": {"bias": -1.5, "praise": 2.0, "positive": 4.5},
    "question": {"bias": -2.0, "question": 6.0, "negative": -2.0},
    "noise": {"bias": 0.0, "noise": 3.0, "neutral": 1.5},
}
_NOISE, _PRAISE = KINDS.index("noise"), KINDS.index("praise")
_PRAISED = 0.5
_WEIGHED = (*KINDS, "negative", "neutral", "positive")
_LINE = [
    (_LINES[kind]["bias"], [(_WEIGHED.index(name), weight) for name, weight in _LINES[kind].items() if name != "bias"])
    for kind in KINDS
]


def kind_of(sentiment: Sentiment, cues: Mapping[str, float], *, is_of_use: bool = False) -> Kind:
    """The likeliest kind of a text with its probability; `cues` is the evidence for each kind, 0 to 1.

    What `is_of_use` to the bank for another reason, or is told negative, is never filed as noise, where nobody looks:
    it is the next likeliest kind, praise only where words praise. Its probability stays as low as it is.
    """
    given = [*[cues.get(kind, 0.0) for kind in KINDS], sentiment.negative, sentiment.neutral, sentiment.positive]
    weights = []
    for bias, line in _LINE:
        logit = bias
        for place, weight in line:
            logit += weight * given[place]
        weights.append(exp(logit))
    whole = sum(weights)
    if weights[_NOISE] == max(weights) and (is_of_use or sentiment.label == "negative"):
        weights[_NOISE] = 0.0
        if cues.get("praise", 0.0) < _PRAISED:
            weights[_PRAISE] = 0.0
    best = max(weights)  # of equal ones the earlier kind: a missed demand costs more than a second look
    return Kind(KINDS[weights.index(best)], best / whole)
