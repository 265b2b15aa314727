"""Which texts teach the most if a person labels them next? Those in doubt, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

IN_DOUBT = 10  # times the number wanted: among so many of the most doubtful, variety decides


def doubt(probabilities: Sequence[float]) -> float:
    """How unsure is a model? Entropy over its labels, 0 (certain) to 1 (it might be any). Shannon (1948)."""
    known = [p for p in probabilities if p > 0]
    return -sum(p * log(p) for p in known) / log(len(probabilities)) if len(probabilities) > 1 else 0.0


def most_useful(doubts: Sequence[float], normals: Sequence[str], count: int) -> list[int]:
    """The places of the texts to label next, the most useful first; the same for the same texts.

    Each in turn is the one whose doubt, lessened by its likeness to those chosen before, is greatest: twenty times the
    same complaint would teach once. Likeness: Jaccard's over pairs of characters. Source: the trade-off is maximal
    marginal relevance, Carbonell and Goldstein (1998), SIGIR, with doubt as relevance; Settles (2009), Active Learning
    Literature Survey, section 5.1, on why doubt alone is not enough.
    """
    if len(doubts) != len(normals):
        raise ValueError(f"{len(doubts)} doubts for {len(normals)} texts: each text needs one")
    order = sorted(range(len(doubts)), key=lambda place: (-doubts[place], place))[: IN_DOUBT * count]
    pairs = {place: _pairs(normals[place]) for place in order}
    likeness = dict.fromkeys(order, 0.0)
    chosen: list[int] = []
    while likeness and len(chosen) < count:
        best = max(likeness, key=lambda place: (doubts[place] * (1 - likeness[place]), -place))
        chosen.append(best)
        del likeness[best]
        for place, near in likeness.items():
            likeness[place] = max(near, _alike(pairs[place], pairs[best]))
    return chosen


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1)) or frozenset({text})


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
