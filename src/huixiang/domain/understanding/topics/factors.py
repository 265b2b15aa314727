"""Which terms belong together? Those that stand in the same texts, in as many groups as are asked for."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
ROUNDS = 40
TERMS = 4  # at least, on average, that a group is made of
FREED = 0.4  # how far co-occurrence is freed of its terms' frequency: 0 not at all, 0.5 as in a normalised cut


def factors(texts: scipy.sparse.csr_matrix, number: int) -> Floats:
    """How strongly does each term belong to each group? terms x groups, none negative, each group of length one.

    `texts` x terms, weights of the terms in the texts. The terms' co-occurrence, freed of most of their frequency, is
    factored into one non-negative matrix times its transpose (Kuang, Ding and Park 2012, SIAM Data Mining), beginning
    with its leading eigenvectors (Boutsidis and Gallopoulos 2008, Pattern Recognition 41:1350-1362): so the same texts
    give the same groups. The work grows with the number of terms, hardly with that of the texts.
    """
    together = np.asarray((texts.T @ texts).todense(), dtype=np.float32)  # six digits are plenty, and twice as quick
    np.fill_diagonal(together, 0.0)
    degree = np.maximum(together.sum(1), 1e-9) ** FREED
    together /= degree[:, None] * degree[None, :]
    number = max(2, min(number, len(together) // TERMS))
    # LAPACK, not ARPACK: whose restarts go by a seed of its own, so that the same texts would not give the same groups.
    values, vectors = scipy.linalg.eigh(together, subset_by_index=[len(together) - number, len(together) - 1])
    order = np.argsort(-values, kind="stable")
    start = np.column_stack([_positive(vectors[:, n]) * np.sqrt(max(values[n], 0.0)) for n in order])
    found = _solved(together, (start + 1e-4).astype(np.float32)).astype(np.float64)
    alike: Floats = found / np.maximum(np.linalg.norm(found, axis=0), 1e-12)
    return alike


def _positive(vector: Floats) -> Floats:
    """The heavier half of an eigenvector, of which both signs are as good."""
    up, down = np.maximum(vector, 0.0), np.maximum(-vector, 0.0)
    return up if np.linalg.norm(up) >= np.linalg.norm(down) else down


def _solved(together: Singles, left: Singles) -> Singles:
    """A with A A' near `together`: two matrices that pull each other, column by column (HALS)."""
    right = left.copy()
    pull = float(together.max())
    for _ in range(ROUNDS):
        for one, other in ((left, right), (right, left)):
            target = together @ other + pull * other
            gram = other.T @ other + pull * np.eye(other.shape[1], dtype=np.float32)
            for n in range(one.shape[1]):
                step = target[:, n] - one @ gram[:, n] + one[:, n] * gram[n, n]
                one[:, n] = np.maximum(step / gram[n, n], 1e-12)
    half: Singles = (left + right) / np.float32(2)
    return half
