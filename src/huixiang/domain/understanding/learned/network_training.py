"""How does a small network learn labels from the meanings of words? A few rounds, three times, and their mean."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from huixiang.domain.understanding.learned.views import Floats, Network

HIDDEN, NETWORKS = 128, 3  # three of different beginnings: one alone is partly chance
ROUNDS = 8  # through all texts; more learn them by heart
BATCH = 128
_NEVER = -10.0  # of a label that was not among those learned
Ints = NDArray[np.int64]


def fit(seen: sparse.csr_matrix, gold: Ints, labels: int, sees: tuple[str, ...], restraint: float) -> Network:
    """Learn `labels` labels from rows; `restraint` is the penalty on large weights."""
    dense = seen.toarray().astype(np.float64)
    mean, spread = dense.mean(0), dense.std(0)
    scale = 1 / np.where(spread > 0, spread, 1)  # a column that never changes tells nothing
    nets = [_learned((dense - mean) * scale, gold, restraint, seed) for seed in range(NETWORKS)]
    inner = np.hstack([net.coefs_[0] for net in nets]) * scale[:, None]
    threshold = np.hstack([net.intercepts_[0] for net in nets]) - mean @ inner
    ends = [_ends(net, labels) for net in nets]
    outer, bias = np.vstack([weights for weights, _ in ends]), sum(bias for _, bias in ends)
    first, middle, last = (np.ascontiguousarray(part, np.float32) for part in (inner, threshold, outer / NETWORKS))
    return Network(sees, first, middle, last, np.asarray(bias / NETWORKS, float))


def _learned(dense: Floats, gold: Ints, restraint: float, seed: int) -> MLPClassifier:
    net = MLPClassifier(
        (HIDDEN,), alpha=restraint, max_iter=ROUNDS, batch_size=min(BATCH, len(gold)), random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is meant
        return net.fit(dense, gold)


def _ends(net: MLPClassifier, labels: int) -> tuple[Floats, Floats]:
    """The last layer, a column a label; a network of two labels has one for both."""
    weights, bias = np.zeros((HIDDEN, labels)), np.full(labels, _NEVER)
    last, offset = net.coefs_[1], net.intercepts_[1]
    if last.shape[1] == 1:
        last, offset = np.hstack([-last, last]) / 2, np.array([-offset[0], offset[0]]) / 2
    weights[:, net.classes_], bias[net.classes_] = last, offset
    return weights, bias
