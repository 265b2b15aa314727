"""Do two sentences mean the same? Learned from pairs that people judged: what both say, and what only one says."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.grams import Spelling, characters, windows
from huixiang.domain.understanding.synonyms import plain

FORM = 1  # of the file; another number is another form
BITS = 18  # columns for grams, by their hash
LONGEST, CROSSED = 3, 6  # characters in a gram; words of each side that are paired with those of the other
FREEDOM = 0.05  # C of the logistic regression
_WEIGHT = 0.5  # of a gram beside the measures, whose standard deviation is 1
_DENIED = re.compile("[不没无未别非]")
_ASKED = re.compile("吗|呢|\\?|怎么|如何|为什么|什么|多少|几")
_NUMBER = re.compile("[0-9]+")
_WORD = re.compile("[a-z]+|[0-9]+|[\u3400-\u9fff]{1,2}")

Floats = NDArray[np.float64]
Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A trained judge of pairs: weights of measures and grams, the measures' mean and spread where it learned."""

    weights: NDArray[np.float32]
    bias: float
    mean: Floats
    spread: Floats

    def probabilities(self, first: Texts, second: Texts) -> Floats:
        """How likely is it that the two texts of each pair mean the same? Normal forms; shape (pairs,)."""
        columns = _columns(first, second, self.mean, self.spread)[0]
        margins = np.asarray(columns @ self.weights).ravel() + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(margins, -30, 30))), float)

    def dumps(self) -> bytes:
        """The model as a file: arrays only, nothing in it can run."""
        out = io.BytesIO()
        head = json.dumps({"form": FORM, "task": "pairs", "bias": self.bias})
        np.savez_compressed(out, head=head, weights=self.weights, mean=self.mean, spread=self.spread)
        return out.getvalue()

    @staticmethod
    def loads(data: bytes) -> Pairs:
        """Read what `dumps` wrote. Raises ValueError for anything else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                head = json.loads(str(file["head"]))
                if (head.get("form"), head.get("task")) != (FORM, "pairs"):
                    raise ValueError("not a model of pairs / 不是句对模型")
                return Pairs(file["weights"], float(head["bias"]), file["mean"], file["spread"])
        except (KeyError, BadZipFile, OSError, ValueError) as error:
            raise ValueError(f"not a model of pairs / 不是句对模型 ({error})") from error


def train(first: Texts, second: Texts, same: NDArray[np.int64]) -> Pairs:
    """Learn from pairs of normal texts and whether they mean the same (1, 0). Raises ValueError where all are alike."""
    from sklearn.linear_model import LogisticRegression  # heavy: only who trains needs it

    if len(set(same.tolist())) < 2:
        raise ValueError("pairs of both kinds are needed, those that mean the same and those that do not")
    columns, mean, spread = _columns(first, second)
    found = LogisticRegression(C=FREEDOM, solver="liblinear").fit(columns, same)
    return Pairs(found.coef_[0].astype(np.float32), float(found.intercept_[0]), mean, spread)


def _columns(
    first: Texts, second: Texts, mean: Floats | None = None, spread: Floats | None = None
) -> tuple[scipy.sparse.csr_matrix, Floats, Floats]:
    """Shape (pairs, measures + 3 * 2^BITS): measures, grams of both, of one only, words against words."""
    a, b = _present(first), _present(second)
    both = a.multiply(b).tocsr()
    one = abs(a - b).tocsr()
    one.eliminate_zeros()
    measures = np.hstack([_shares(a, b, both), _forms(first, second)])
    mean = measures.mean(0) if mean is None else mean
    spread = measures.std(0) + 1e-9 if spread is None else spread
    dense = scipy.sparse.csr_matrix((measures - mean) / spread)
    rows = [dense, both * _WEIGHT, one * _WEIGHT, _crossed(first, second) * _WEIGHT]
    return scipy.sparse.hstack(rows, "csr"), mean, spread


def _present(texts: Texts) -> scipy.sparse.csr_matrix:
    """Which grams stand in each text, in the plainest words: (texts, 2^BITS) of 0 and 1."""
    text, key = windows(characters([plain(one) for one in texts]), LONGEST)
    column = (key >> np.uint64(64 - BITS)).astype(np.int64)
    found = scipy.sparse.csr_matrix((np.ones(len(column)), (text, column)), (len(texts), 1 << BITS))
    found.data[:] = 1
    return found


def _shares(a: scipy.sparse.csr_matrix, b: scipy.sparse.csr_matrix, both: scipy.sparse.csr_matrix) -> Floats:
    """How much do they share: of the shorter, of the longer, as cosine; what is left on either side."""
    a_size, b_size, shared = (np.asarray(each.sum(1)).ravel() for each in (a, b, both))
    low, high = np.minimum(a_size, b_size), np.maximum(a_size, b_size)
    cosine = shared / np.sqrt(np.maximum(low * high, 1))
    return np.stack([shared / np.maximum(low, 1), shared / np.maximum(high, 1), cosine, low - shared, high - shared], 1)


def _forms(first: Texts, second: Texts) -> Floats:
    """Length, denial, question and numbers: where they differ the meaning often does."""
    rows = []
    for a, b in zip(first, second, strict=True):
        low, high = sorted((len(a), len(b)))
        denied, asked = (abs(len(e.findall(a)) - len(e.findall(b))) for e in (_DENIED, _ASKED))
        numbers = float(set(_NUMBER.findall(a)) != set(_NUMBER.findall(b)))
        rows.append((low, high, low / max(high, 1), denied, asked, numbers))
    return np.array(rows, float).reshape(len(first), 6)


def _crossed(first: Texts, second: Texts) -> scipy.sparse.csr_matrix:
    """A word that only one has, with each word that only the other has: 开通 against 关闭 tells more than either."""
    spelling, row, column = Spelling(), [], []
    for place, (a, b) in enumerate(zip(first, second, strict=True)):
        left, right = (set(_WORD.findall(plain(text))) for text in (a, b))
        pairs = [
            " ".join(sorted((x, y))) for x in sorted(left - right)[:CROSSED] for y in sorted(right - left)[:CROSSED]
        ]
        keys = spelling.words([pairs])[:-1]
        row += [place] * len(keys)
        column += (keys >> np.uint64(64 - BITS)).tolist()
    found = scipy.sparse.csr_matrix((np.ones(len(row)), (row, column)), (len(first), 1 << BITS))
    found.data[:] = 1
    return found
