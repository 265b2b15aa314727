"""How does a topic get a name that a reader understands? By the phrases its texts say and others do not."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding.topics.collocations import Terms

PHRASES = 5
LEAST = 0.04  # of a topic's texts hold a phrase that names it
WHOLE = 1.6  # a phrase of several words reads better than a word


def named(
    found: Terms, holds: scipy.sparse.csr_matrix, rows: NDArray[np.int64], group: NDArray[np.float64]
) -> tuple[str, ...]:
    """The most telling phrases of the texts `rows`, the best first; none says what one before it said already.

    Telling is what many of them say and few others (their part of the information that the topic gives), a phrase
    before a word, and each for what the ones before it left unsaid.
    """
    here = np.asarray(holds[rows].sum(0)).ravel()
    everywhere = np.asarray(holds.sum(0)).ravel()
    share, usual = here / len(rows), everywhere / holds.shape[0]
    gain = share * np.log(np.maximum(share, 1e-12) / np.maximum(usual, 1e-12))
    gain *= np.where(found.pieces > 1, WHOLE, 1.0) * np.sqrt(np.maximum(group, 0.0))
    gain[(share < LEAST) | (gain <= 0)] = 0.0
    mine = holds[rows].tocsc()
    unsaid = np.ones(len(rows))
    chosen: list[str] = []
    for _ in range(4 * PHRASES):
        new = np.asarray(mine.T @ unsaid).ravel() / np.maximum(here, 1.0)
        best = int(np.argmax(gain * (0.3 + new)))
        if gain[best] <= 0 or len(chosen) == PHRASES:
            break
        name = found.names[best]
        if not any(_alike(name, other) for other in chosen):
            chosen.append(name)
            unsaid[mine[:, [best]].indices] = 0.0
        gain[best] = 0.0
    return tuple(chosen)


def _alike(one: str, other: str) -> bool:
    """Would a reader see the same twice?"""
    shared = len(set(one) & set(other))
    return one in other or other in one or shared > 0.6 * min(len(set(one)), len(set(other)))
