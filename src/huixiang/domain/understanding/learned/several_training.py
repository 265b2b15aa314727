"""How are several topics a text learned? Each topic against the rest; how sure it must be is chosen on unseen texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
import scipy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from huixiang.domain.understanding.learned.classifier import Floats
from huixiang.domain.understanding.learned.rows import learn
from huixiang.domain.understanding.learned.several import SEES, Several, likely

FOLDS = 4
FEWEST = 8  # texts that bear a topic, below which it is left to the rules; as many must not bear it
FREEDOM = 0.3  # C of liblinear
BARS = np.linspace(0.2, 0.8, 25)  # within: on a dozen texts the best bar may stand anywhere by chance
Ints = NDArray[np.int64]


def learnable(topics: Sequence[Collection[str]]) -> tuple[str, ...]:
    """Of which topics do enough texts bear witness, for and against?"""
    counts = Counter(code for each in topics for code in set(each))
    return tuple(sorted(c for c, n in counts.items() if FEWEST <= n <= len(topics) - FEWEST))


def train(
    normals: Sequence[str],
    tokens: Sequence[Sequence[str]],
    topics: Sequence[Collection[str]],
    *,
    task: str = "topics",
    seed: int = 0,
) -> Several:
    """Learn to tell which topics texts bear. Raises ValueError where no topic has enough texts; see `learnable`.

    One line a topic (binary relevance); its margin becomes a probability by Platt's line, fitted on texts that the
    margin had not learned; and on those the bar is chosen at which F1 is greatest. Sources: Tsoumakas and Katakis
    (2007), Multi-Label Classification: An Overview; Platt (1999), Probabilistic Outputs for Support Vector Machines;
    Fan and Lin (2007), A Study on Threshold Selection for Multi-label Classification.
    """
    labels = learnable(topics)
    if not labels:
        raise ValueError(f"no topic has {FEWEST} texts that bear it and as many that do not")
    reader, rows = learn(normals, tokens, SEES)
    seen = rows.columns(SEES)
    weights, ends = np.zeros((seen.shape[1], len(labels)), np.float32), np.zeros((4, len(labels)))
    for place, label in enumerate(labels):
        borne = np.array([label in each for each in topics], np.int64)
        line = _line(seen, borne)
        slope, offset, bar = _ends(_unseen(seen, borne, seed), borne)
        weights[:, place], ends[:, place] = line.coef_[0], (line.intercept_[0], slope, offset, bar)
    return Several(task, "micro_f1", labels, reader, weights, *ends)


def _line(seen: scipy.sparse.csr_matrix, borne: Ints) -> LinearSVC:
    return LinearSVC(C=FREEDOM, class_weight="balanced", random_state=0).fit(seen, borne)


def _unseen(seen: scipy.sparse.csr_matrix, borne: Ints, seed: int) -> Floats:
    """The margin of each text by a line that had not learned it."""
    found = np.zeros(len(borne))
    for known, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(seen, borne):
        found[asked] = _line(seen[known], borne[known]).decision_function(seen[asked])
    return found


def _ends(margins: Floats, borne: Ints) -> tuple[float, float, float]:
    """Slope, offset and bar of a topic."""
    platt = LogisticRegression(C=10.0).fit(margins[:, None], borne)
    slope, offset = max(float(platt.coef_[0, 0]), 0.0), float(platt.intercept_[0])
    told = likely(margins, np.array(slope), np.array(offset))[:, None] >= BARS
    hits = (told & (borne == 1)[:, None]).sum(0)
    f1 = 2 * hits / np.maximum(told.sum(0) + borne.sum(), 1)
    best = np.flatnonzero(f1 == f1.max())
    return slope, offset, float(BARS[best[len(best) // 2]])  # of equal ones the middle
