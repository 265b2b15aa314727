"""How much does each view count, and which label is told? Learned from what they say of new texts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned import scores
from huixiang.domain.understanding.learned.classifier import Floats, softmax

AIMS: dict[str, Callable[[NDArray[np.int64]], NDArray[np.float64]]] = {
    "kappa": scores.kappa,
    "macro_f1": scores.macro_f1,
    "accuracy": scores.accuracy,
}
_LEANS = np.linspace(-2, 2, 17)
_SHARE = 0.1  # of the logarithm of a label's size, by which the common ones are held back where labels are many
Ints = NDArray[np.int64]


def shared(heard: Floats, gold: Ints, labels: int) -> tuple[Floats, Floats]:
    """One weight a view and one bias a label: with fifty labels there are too few texts to learn fifty weights a view.

    `heard` has shape (texts, views × labels). Gives weights (views × labels, labels) and bias (labels,), the maximum of
    the likelihood with a normal prior of variance 1 about equal weights.
    """
    said = heard.reshape(len(heard), -1, labels).transpose(1, 0, 2)
    views, meant = len(said), np.eye(labels)[gold]

    def loss(guess: Floats) -> tuple[float, Floats]:
        weights, bias = guess[:views], guess[views:]
        wrong = softmax(np.tensordot(weights, said, 1) + bias)
        likely = np.log(np.maximum(wrong[np.arange(len(gold)), gold], 1e-12)).sum()
        wrong -= meant
        off = weights - 1 / views
        slope = np.concatenate([np.tensordot(said, wrong, 2) + off, wrong.sum(0) + bias])
        return float(-likely + ((off**2).sum() + (bias**2).sum()) / 2), slope

    start = np.concatenate([np.full(views, 1 / views), np.zeros(labels)])
    from scipy.optimize import minimize  # who only reads never weighs, and need not wait for it at the start

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return np.vstack([weight * np.eye(labels) for weight in found[:views]]), found[views:]


def lean(probabilities: Floats, gold: NDArray[np.int64], aim: str) -> Floats:
    """How much to favour each label so that `aim` is best? Found label by label, three rounds: shape (labels,).

    Accuracy is best where the likeliest label is told, so what would be found for it is chance.
    """
    measure, labels = AIMS[aim], probabilities.shape[1]
    if aim == "accuracy":
        return np.zeros(labels)
    logs, found = np.log(probabilities + 1e-9), np.zeros(labels)

    def gained(shift: Floats) -> float:
        cells = np.bincount(gold * labels + (logs + shift).argmax(1), minlength=labels**2)
        return float(measure(cells.reshape(labels, labels)))

    best = gained(found)
    for _ in range(3):
        for label in range(labels):
            for amount in _LEANS:
                shift = found.copy()
                shift[label] = amount
                if (gain := gained(shift)) > best + 1e-9:
                    best, found = gain, shift
    return found


def lean_by_size(weights: Floats, bias: Floats, gold: Ints, aim: str) -> Floats:
    """How much to favour rare labels, where labels are too many for a constant each? Shape (labels,).

    The likelihood favours common labels (`bias`), which measures other than accuracy do not reward: that is taken back,
    and a share of the logarithm of each label's size with it. The share is the same for all data: chosen anew on
    unseen judgements of labels with two or three texts it lost what it gains. `weights`, `bias`: those of `shared`.
    """
    labels = len(bias)
    if aim == "accuracy":
        return np.zeros(labels)
    return np.asarray(-bias - _SHARE * weights[:, 0].sum() * np.log(np.bincount(gold, minlength=labels)), float)
