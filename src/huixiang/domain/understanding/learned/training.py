"""How is a model learned from labels? Each view is learned, and weighed by how it judges texts it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from huixiang.domain.understanding.learned import scores
from huixiang.domain.understanding.learned.classifier import Classifier, Floats, View, columns, joined
from huixiang.domain.understanding.learned.rows import Rows, learn

# What each view looks at, how it is learned, and how much freedom it has (C of liblinear). Chosen by cross-validation.
VIEWS = (
    ("characters and feelings", "logistic", 5.0),
    ("words and feelings", "logistic", 4.0),
    ("characters present", "logistic", 0.1),
    ("characters", "margin", 0.3),
    ("words", "margin", 0.3),
)
AIMS: dict[str, Callable[[NDArray[np.int64]], NDArray[np.float64]]] = {
    "kappa": scores.kappa,
    "macro_f1": scores.macro_f1,
    "accuracy": scores.accuracy,
}
FOLDS = 4
FEWEST = 2  # texts a label, below which nothing can be learned of it
_NEVER = -6.0  # the margin of a label that was not among those learned
_LEANS = np.linspace(-2, 2, 17)
Ints = NDArray[np.int64]


def train(
    normals: Sequence[str],
    tokens: Sequence[Sequence[str]],
    labels: Sequence[str],
    *,
    task: str,
    aim: str = "macro_f1",
    seed: int = 0,
) -> Classifier:
    """Learn to tell `labels` from texts. `aim` names the measure that the telling is to serve; see AIMS.

    Raises ValueError where there is one label only, or a label with fewer than FEWEST texts; see `rare`.
    """
    names, gold = _known(labels)
    if aim not in AIMS:
        raise ValueError(f"aim {aim}: one of {', '.join(AIMS)} is needed")
    reader, rows = learn(normals, tokens)
    views = [_fit(rows, gold, len(names), *view) for view in VIEWS]
    heard = joined([_unseen(rows, gold, len(names), view, seed) for view in VIEWS])
    judge = LogisticRegression(C=0.3, max_iter=1000)
    unseen = cross_val_predict(judge, heard, gold, cv=_folds(seed + 1), method="predict_proba")
    judge.fit(heard, gold)
    weights, bias = _all_labels(judge)
    return Classifier(task, aim, names, reader, tuple(views), weights, bias, lean(unseen, gold, aim))


def rare(labels: Sequence[str]) -> list[str]:
    """Which labels have too few texts to be learned? Merge them with others, or label more."""
    return sorted(label for label, number in Counter(labels).items() if number < FEWEST)


def _known(labels: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    names, few = tuple(sorted(set(labels))), rare(labels)
    if len(names) < 2 or few:
        what = f"{', '.join(few)}: fewer than {FEWEST} texts" if few else f"{len(names)} label(s)"
        raise ValueError(f"{what}; at least two labels with {FEWEST} texts each are needed")
    place = {name: number for number, name in enumerate(names)}
    return names, np.array([place[label] for label in labels])


def _folds(seed: int) -> StratifiedKFold:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=seed)


def _fit(rows: Rows, gold: Ints, labels: int, sees: str, kind: str, freedom: float) -> View:
    seen = columns(rows, sees)
    if kind == "logistic":
        one = LogisticRegression(C=freedom, solver="liblinear")
    else:
        one = LinearSVC(C=freedom, class_weight="balanced")
    found = OneVsRestClassifier(one).fit(seen, gold)
    weights = np.vstack([each.coef_ for each in found.estimators_])
    bias = np.hstack([each.intercept_ for each in found.estimators_])
    if labels == 2:  # one model tells both: the other label's margin is its mirror
        return View(sees, kind, _narrow(np.vstack([-weights, weights]).T), np.hstack([-bias, bias]))
    all_weights, all_bias = np.zeros((labels, seen.shape[1])), np.full(labels, _NEVER)
    all_weights[found.classes_], all_bias[found.classes_] = weights, bias  # a rare label may be missing from a fold
    return View(sees, kind, _narrow(all_weights.T), all_bias)


def _narrow(weights: Floats) -> NDArray[np.float32]:
    return np.ascontiguousarray(weights, np.float32)


def _unseen(rows: Rows, gold: Ints, labels: int, view: tuple[str, str, float], seed: int) -> Floats:
    """What a view says of texts that it had not learned: shape (texts, labels)."""
    told = np.zeros((len(gold), labels))
    for learned, asked in _folds(seed).split(sparse.csr_matrix((len(gold), 1)), gold):
        told[asked] = _fit(rows[learned], gold[learned], labels, *view).probabilities(rows[asked])
    return told


def _all_labels(judge: LogisticRegression) -> tuple[Floats, Floats]:
    if len(judge.classes_) > 2:
        return np.asarray(judge.coef_.T, float), np.asarray(judge.intercept_, float)
    half = judge.coef_ / 2  # softmax over two mirrored margins is the logistic function
    return np.vstack([-half, half]).T, np.hstack([-judge.intercept_, judge.intercept_]) / 2


def lean(probabilities: Floats, gold: Ints, aim: str) -> Floats:
    """How much to favour each label so that `aim` is best? Found label by label, three rounds: shape (labels,)."""
    measure, labels = AIMS[aim], probabilities.shape[1]
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
