"""What sets these voices apart from the others? Words that one side says oftener than chance allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import numpy as np
import scipy

from huixiang.domain.statistics import Z95, Interval, benjamini_hochberg

FEWEST = 3  # voices that must hold a word
PRIOR = 0.1  # how much of what is usual is believed beforehand, as a share of this side's voices


@dataclass(frozen=True, slots=True)
class Telling:
    """A word or phrase that one side says oftener, in `count` of its `of` voices.

    `ratio` of the odds, shrunk to what is usual, with its 95 % interval; `q` allows for all words looked at.
    """

    word: str
    count: int
    of: int
    count_there: int
    of_there: int
    ratio: Interval
    z: float
    q: float


def contrast(
    here: Mapping[str, int], of_here: int, there: Mapping[str, int], of_there: int, *, q_at_most: float = 0.05
) -> list[Telling]:
    """Which words do voices `here` hold oftener than those `there`? Most telling first, none beyond `q_at_most`.

    Each mapping says in how many voices a word stands, of so many in all: several words of one voice are one voice's
    choice. Log odds with an informative prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16:372-403), whose
    centre is both sides together: a word that only two said does not top the list. As voices are counted, not words,
    the prior is a beta for each word in place of their Dirichlet. Benjamini and Hochberg's q over all words.
    """
    words = sorted(word for word, count in here.items() if count >= FEWEST)
    if not words or min(of_here, of_there) < 1:
        return []
    one = np.array([here[word] for word in words], dtype=float)
    other = np.array([there.get(word, 0) for word in words], dtype=float)
    usual = (one + other) / (of_here + of_there)
    trust = max(2.0, PRIOR * min(of_here, of_there))
    left, right = _odds(one, of_here, usual, trust), _odds(other, of_there, usual, trust)
    gap = left[0] - right[0]
    spread = np.sqrt(left[1] + right[1])
    z = gap / spread
    q = benjamini_hochberg(scipy.special.ndtr(-z))
    told = [
        Telling(
            word, here[word], of_here, there.get(word, 0), of_there, _ratio(gap[n], spread[n]), float(z[n]), float(q[n])
        )
        for n, word in enumerate(words)
        if q[n] <= q_at_most
    ]
    return sorted(told, key=lambda each: (-each.z, each.word))


def _odds(count: np.ndarray, of: int, usual: np.ndarray, trust: float) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of a voice holding each word, with the prior's share added, and their variance."""
    held = count + trust * usual
    rest = np.maximum(of - count, 0.0) + trust * (1.0 - usual) + 1e-9
    return np.log(held / rest), 1.0 / held + 1.0 / rest


def _ratio(gap: float, spread: float) -> Interval:
    return Interval(exp(gap), exp(gap - Z95 * spread), exp(gap + Z95 * spread))
