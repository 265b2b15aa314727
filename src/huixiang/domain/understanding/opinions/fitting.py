"""How is a chain learned from labelled texts? By regularised dual averaging, which keeps only what pays for itself.

Xiao, JMLR 11 (2010), with the step sizes of AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011): weights follow from the
sum of all gradients, and those that L1 does not let pass are zero. As in CRFsuite, a key gets weights only for tags
that it was seen with: what was never seen is no proof of absence where people label unevenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huixiang.domain.understanding.opinions import chain
from huixiang.domain.understanding.opinions.tags import PLACE, TAGS, Span, marked

# Chosen by cross-validation: strength of L1 in texts, size of a step, texts at once, passes over all texts.
L1, STEP, TEXTS, PASSES = 0.3, 0.5, 100, 10
_FIRST = 1e-3  # the squared gradients begin here, so that the first steps are no leaps
Floats = NDArray[np.float32]


def fit(plains: Sequence[str], gold: Sequence[Sequence[Span]], *, seed: int = 0) -> chain.Chain:
    """Learn a chain from plain texts and their spans. Same texts and seed, same chain."""
    lengths = np.array([len(text) for text in plains], np.int64)
    told = [PLACE[tag] for text, found in zip(plains, gold, strict=True) for tag in marked(found, len(text))]
    keys = chain.keys(plains)
    known = np.unique(np.concatenate(keys))
    learner = _Learner(chain.columns(keys, known), np.array(told, np.int64), np.cumsum(lengths) - lengths, lengths)
    generator = np.random.default_rng(seed)
    for _ in range(PASSES):
        order = generator.permutation(len(plains))
        for first in range(0, len(order), TEXTS):
            learner.learn(np.sort(order[first : first + TEXTS]))
    weights = learner.weights(slice(None))
    used = weights.any(1)
    return chain.Chain(known[used], np.ascontiguousarray(weights[used]), learner.moves)


class _Learner:
    """The sums of gradients so far, and the weights that follow from them."""

    def __init__(self, seen: sparse.csr_matrix, told: chain.Ints, starts: chain.Ints, lengths: chain.Ints) -> None:
        self._seen, self._told, self._starts, self._lengths = seen, told, starts, lengths
        tags = len(TAGS)
        truth = sparse.csr_matrix((np.ones(len(told), np.float32), (np.arange(len(told)), told)), (len(told), tags))
        self._met = (np.asarray((seen.T @ truth).todense()) > 0).astype(np.float32)
        self._sum, self._squares = np.zeros_like(self._met), np.full_like(self._met, _FIRST)
        self._move_squares = np.full((tags, tags), _FIRST, np.float32)
        self.moves = np.zeros((tags, tags), np.float32)
        self._steps = 0

    def weights(self, rows: Any) -> Floats:
        """The weights of some keys: what L1 takes grows with every step, as the sums do."""
        total = self._sum[rows]
        passed = np.maximum(np.abs(total) - self._steps * L1 / len(self._lengths), 0)
        return np.asarray(-np.sign(total) * passed * STEP / np.sqrt(self._squares[rows]), np.float32)

    def learn(self, texts: chain.Ints) -> None:
        """One step along the mean gradient of some texts."""
        steps = chain.Steps(self._starts[texts], self._lengths[texts])
        seen, told = self._seen[steps.rows], self._told[steps.rows]
        rows, column = np.unique(seen.indices, return_inverse=True)
        seen = sparse.csr_matrix((seen.data, column, seen.indptr), shape=(seen.shape[0], len(rows)))
        believed = chain.believed(np.asarray(seen @ self.weights(rows)), self.moves, steps)
        wrong = believed.forward * believed.backward
        wrong[np.arange(len(told)), told] -= 1
        slope = np.asarray(seen.T @ wrong) / len(texts) * self._met[rows]
        self._sum[rows] += slope
        self._squares[rows] += slope**2
        turn = (believed.pairs - _pairs(told, steps)) / len(texts)
        self._move_squares += turn**2
        self.moves -= (STEP * turn / np.sqrt(self._move_squares)).astype(np.float32)
        self._steps += 1


def _pairs(told: chain.Ints, steps: chain.Steps) -> NDArray[np.float64]:
    """How often does which tag follow which? Shape (tags, tags)."""
    tags, cells = len(TAGS), []
    for step in range(1, len(steps.sizes)):
        before = told[steps.bounds[step - 1] :][: steps.sizes[step]]
        cells.append(before * tags + told[steps.bounds[step] : steps.bounds[step + 1]])
    run = np.concatenate(cells) if cells else np.zeros(0, np.int64)
    return np.bincount(run, minlength=tags**2).reshape(tags, tags).astype(float)
