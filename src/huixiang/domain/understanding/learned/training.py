"""How is a model learned from labels? Each view is learned, and weighed by how it judges texts it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from huixiang.domain.understanding.learned.classifier import Classifier, Floats, View, joined
from huixiang.domain.understanding.learned.rows import Rows, learn
from huixiang.domain.understanding.learned.weighing import AIMS, lean, lean_by_size, shared

# What each view looks at, how it is learned, and how much freedom it has (C of liblinear). Chosen by cross-validation.
Plan = tuple[tuple[str, ...], str, float]
FEW_LABELS: tuple[Plan, ...] = (
    (("characters", "feelings"), "logistic", 5.0),
    (("words", "feelings"), "logistic", 4.0),
    (("pairs", "single", "feelings"), "margin", 0.1),
    (("characters", "words"), "ratio", 0.3),
    (("pairs", "single", "feelings"), "ratio", 0.3),
)
SEVERAL_LABELS: tuple[Plan, ...] = (
    (("characters", "feelings"), "logistic", 5.0),
    (("pairs", "single", "cues"), "margin", 0.15),
    (("characters", "words", "cues"), "margin", 0.15),
)
MANY_LABELS: tuple[Plan, ...] = (
    (("plain pairs", "single", "cues"), "margin", 3.0),
    (("plain", "words", "cues"), "margin", 3.0),
)
FEW = 3  # labels, as of sentiment, above which there are too few texts for weights and a lean of each label's own
MANY = 12  # labels, above which each has few texts, which must be believed
FOLDS = 4
MOST_ROUNDS = 10_000  # of liblinear; labels of a few texts that are nearly others' need more than its thousand
FEWEST = 2  # texts a label, below which nothing can be learned of it
_PRIOR = 0.3  # as if each gram had been seen a little with every label
_NEVER = -6.0  # the margin of a label that was not among those learned
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

    Raises ValueError where there is one label only, a label with fewer than FEWEST texts (see `rare`), or none with as
    many as FOLDS.
    """
    names, gold = _known(labels)
    if aim not in AIMS:
        raise ValueError(f"aim {aim}: one of {', '.join(AIMS)} is needed")
    number = len(names)
    plans = FEW_LABELS if number <= FEW else SEVERAL_LABELS if number <= MANY else MANY_LABELS
    reader, rows = learn(normals, tokens, {name for sees, *_ in plans for name in sees})
    views = tuple(_fit(rows, gold, number, *plan) for plan in plans)
    heard = joined([_unseen(rows, gold, number, plan, seed) for plan in plans])
    if number > FEW:
        weights, bias = shared(heard, gold, number)
        return Classifier(task, aim, names, reader, views, weights, bias, lean_by_size(weights, bias, gold, aim))
    judge = LogisticRegression(C=0.3, max_iter=1000)
    unseen = cross_val_predict(judge, heard, gold, cv=_folds(seed + 1), method="predict_proba")
    judge.fit(heard, gold)
    weights, bias = _all_labels(judge)
    return Classifier(task, aim, names, reader, views, weights, bias, lean(unseen, gold, aim))


def rare(labels: Sequence[str]) -> list[str]:
    """Which labels have too few texts to be learned? Merge them with others, or label more."""
    return sorted(label for label, number in Counter(labels).items() if number < FEWEST)


def _known(labels: Sequence[str]) -> tuple[tuple[str, ...], Ints]:
    names, few = tuple(sorted(set(labels))), rare(labels)
    if len(names) < 2 or few:
        what = f"{', '.join(few)}: fewer than {FEWEST} texts" if few else f"{len(names)} label(s)"
        raise ValueError(f"{what}; at least two labels with {FEWEST} texts each are needed")
    if max(Counter(labels).values()) < FOLDS:
        raise ValueError(f"no label has {FOLDS} texts, of which some must be kept to weigh the views: label more")
    place = {name: number for number, name in enumerate(names)}
    return names, np.array([place[label] for label in labels])


def _folds(seed: int) -> StratifiedKFold:
    return StratifiedKFold(FOLDS, shuffle=True, random_state=seed)


def _fit(rows: Rows, gold: Ints, labels: int, sees: tuple[str, ...], kind: str, freedom: float) -> View:
    seen = rows.columns(sees)
    weights, bias = np.zeros((seen.shape[1], labels)), np.full(labels, _NEVER)
    for label in range(labels) if labels > 2 else (1,):
        meant = gold == label
        if meant.any():  # a rare label may be missing from a fold
            weights[:, label], bias[label] = _line(seen, meant, kind, freedom)
    if labels == 2:  # one line tells both: the other label's margin is its mirror
        weights[:, 0], bias[0] = -weights[:, 1], -bias[1]
    return View(sees, kind, _narrow(weights), bias)


def _line(seen: scipy.sparse.csr_matrix, meant: NDArray[np.bool_], kind: str, freedom: float) -> tuple[Floats, float]:
    """The weights and bias of one label against the rest."""
    if kind == "logistic":
        one = LogisticRegression(C=freedom, solver="liblinear").fit(seen, meant)
        return one.coef_[0], float(one.intercept_[0])
    scale = log_ratio(seen, meant) if kind == "ratio" else np.ones(seen.shape[1])
    scaled = seen @ scipy.sparse.diags(scale) if kind == "ratio" else seen
    one = LinearSVC(C=freedom, class_weight="balanced", max_iter=MOST_ROUNDS, random_state=0).fit(scaled, meant)
    return one.coef_[0] * scale, float(one.intercept_[0])


def log_ratio(seen: scipy.sparse.csr_matrix, meant: NDArray[np.bool_]) -> Floats:
    """How much more does each column stand in the label's texts than in the others? As a logarithm, 0 where alike.

    Source: Wang and Manning, Baselines and Bigrams, ACL 2012 (NB-SVM); here over tf-idf instead of presence.
    """
    of_it, of_others = (_PRIOR + np.asarray(seen[part].sum(0)).ravel() for part in (meant, ~meant))
    return np.asarray(np.log(of_it / of_it.sum()) - np.log(of_others / of_others.sum()), float)


def _narrow(weights: Floats) -> NDArray[np.float32]:
    return np.ascontiguousarray(weights, np.float32)


def _unseen(rows: Rows, gold: Ints, labels: int, plan: Plan, seed: int) -> Floats:
    """What a view says of texts that it had not learned: shape (texts, labels)."""
    told = np.zeros((len(gold), labels))
    for learned, asked in _folds(seed).split(scipy.sparse.csr_matrix((len(gold), 1)), gold):
        told[asked] = _fit(rows[learned], gold[learned], labels, *plan).probabilities(rows[asked])
    return told


def _all_labels(judge: LogisticRegression) -> tuple[Floats, Floats]:
    if len(judge.classes_) > 2:
        return np.asarray(judge.coef_.T, float), np.asarray(judge.intercept_, float)
    half = judge.coef_ / 2  # softmax over two mirrored margins is the logistic function
    return np.vstack([-half, half]).T, np.hstack([-judge.intercept_, judge.intercept_]) / 2
