"""What was said or answered before that is like this? BM25 over characters and pairs of them, synonyms read as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.grams import characters, windows
from huixiang.domain.understanding.synonyms import plain

LONGEST = 2  # characters in a gram
SATURATION, LENGTH = 1.2, 0.75  # k1 and b of BM25: the usual ones (Robertson, Zaragoza 2009)
LEXICAL = 0.3  # of the score, where vectors have a say too
TOGETHER = 6  # the power at which several ways of asking for one row add up; the best alone would be infinity
TOGETHER_WITH_VECTORS = 12  # their cosines lie closer together
CELLS = 8_000_000  # scores held at once: 32 MB, however large the index

Floats = NDArray[np.float32]
Vectors = Callable[[Sequence[str]], Floats]


class Way(NamedTuple):
    """Another way of asking for a row of the index (from 0), as a normal text."""

    row: int
    normal: str


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the index (from 0), and how like it is: 1 says the same, 0 shares nothing."""

    row: int
    score: float


class Similar:
    """An index of normal texts in memory: about 12 bytes a character.

    `heard` are texts whose words count when it is told how rare a word is, but which are not found: the queries, for
    one. `vectors` gives rows of length 1 for texts, and has seven tenths of the say where it is given. `ways` are
    other ways of asking for the rows, such as customers' earlier questions: a row is found by all of its ways together.
    """

    def __init__(
        self,
        normals: Sequence[str],
        heard: Sequence[str] = (),
        vectors: Vectors | None = None,
        ways: Sequence[Way] = (),
    ) -> None:
        self._size, self._vectors = len(normals), vectors
        rows = np.concatenate([np.arange(len(normals)), np.array([way.row for way in ways], np.int64)])
        order = np.argsort(rows, kind="stable")  # the ways of each row side by side, the row itself first
        self._starts = np.searchsorted(rows[order], np.arange(len(normals)))
        texts = [*normals, *(way.normal for way in ways)]
        normals = [texts[place] for place in order]
        text, key = _grams(normals)
        _, heard_key = _grams(heard, once=True)
        self._keys, column = np.unique(key, return_inverse=True)
        counts = scipy.sparse.csr_matrix(
            (np.ones(len(key), np.float32), (text, column)), (len(normals), len(self._keys))
        )
        counts.sum_duplicates()
        frequency = np.bincount(counts.indices, minlength=len(self._keys)) + self._known(heard_key)[1]
        documents = len(normals) + len(heard)
        self._rarity = np.log(1 + (documents - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        lengths = np.asarray(counts.sum(1)).ravel()
        self._mean = float(lengths.mean()) if len(lengths) and lengths.any() else 1.0
        weight = self._saturated(counts.data, np.repeat(lengths, np.diff(counts.indptr)))
        counts.data = weight * self._rarity[counts.indices]
        self._weights = counts.T.tocsr()
        self._placed = vectors(list(normals)) if vectors and normals else None

    def nearest(self, normals: Sequence[str], k: int = 5) -> Iterator[list[Match]]:
        """For each text the k rows most like it, best first; rows that share nothing with it are left out."""
        step = max(1, CELLS // max(1, self._weights.shape[1]))
        for start in range(0, len(normals), step):
            yield from self._block(normals[start : start + step], k)

    def _block(self, normals: Sequence[str], k: int) -> Iterator[list[Match]]:
        found = self._together(self._scores(normals))
        k = min(k, self._size)
        if not k:
            yield from ([] for _ in normals)
            return
        best = np.argpartition(-found, k - 1, axis=1)[:, :k]
        for row, places in zip(found, best, strict=True):
            ordered = sorted((-float(row[place]), int(place)) for place in places if row[place] > 0)
            yield [Match(place, round(min(-score, 1.0), 4)) for score, place in ordered]

    def _together(self, scores: Floats) -> Floats:
        """From the scores of all ways of asking to those of the rows: the more ways are near, the better.

        Shape (texts, ways) to (texts, rows). Powers are summed and their root taken: a second way as near as the first
        counts an eighth on top, far ones nothing, and a row with one way keeps its score.
        """
        if scores.shape[1] == self._size:
            return scores
        power = TOGETHER if self._vectors is None else TOGETHER_WITH_VECTORS
        summed = np.add.reduceat(scores.astype(np.float64) ** power, self._starts, axis=1)
        return np.asarray(summed ** (1 / power), np.float32)

    def _scores(self, normals: Sequence[str]) -> Floats:
        """BM25 as a share of what the text would have with itself: shape (texts, ways of asking for rows)."""
        text, key = _grams(normals, once=True)
        column, _ = self._known(key)
        known = column >= 0
        shape = (len(normals), len(self._keys))
        asked = scipy.sparse.csr_matrix((np.ones(int(known.sum()), np.float32), (text[known], column[known])), shape)
        lexical = np.asarray((asked @ self._weights).toarray(), np.float32)
        lengths = np.bincount(text, minlength=len(normals)).astype(np.float32)
        unknown = np.bincount(text[~known], minlength=len(normals)) * np.log(1 + self._size, dtype=np.float32)
        itself = (np.asarray(asked @ self._rarity).ravel() + unknown) * self._saturated(np.float32(1), lengths)
        lexical = np.minimum(lexical / np.maximum(itself, 1e-6)[:, None], 1)
        if self._vectors is None or self._placed is None:
            return np.asarray(lexical, np.float32)
        meant = np.asarray(self._vectors(list(normals)) @ self._placed.T, np.float32)
        best = np.maximum(lexical.max(1, keepdims=True), 1e-6)
        blended = LEXICAL * lexical / best + (1 - LEXICAL) * _spread(meant)
        return np.asarray(np.clip(blended, 0, 1), np.float32)

    def _known(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The column of each key, -1 for none, and how often each column was met."""
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        known = self._keys[place] == keys if len(self._keys) else np.zeros(len(keys), bool)
        return np.where(known, place, -1), np.bincount(place[known], minlength=len(self._keys))

    def _saturated(self, times: Floats | np.float32, lengths: Floats) -> Floats:
        scale = SATURATION * (1 - LENGTH + LENGTH * lengths / self._mean)
        return np.asarray(times * (SATURATION + 1) / (times + scale), np.float32)


def _spread(cosines: Floats) -> Floats:
    """Cosines of e5 lie between 0.7 and 1, so they are spread from 0 to 1 for each text."""
    low, high = cosines.min(1, keepdims=True), cosines.max(1, keepdims=True)
    return np.asarray((cosines - low) / np.maximum(high - low, 1e-6), np.float32)


def _grams(normals: Sequence[str], *, once: bool = False) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Which grams stand in which text; each counted once a text, if wanted."""
    if not normals:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    run = characters([plain(normal) for normal in normals])
    text, key = windows(run[run != ord(" ")], LONGEST)
    if not once:
        return text, key
    order = np.lexsort((key, text))
    text, key = text[order], key[order]
    new = np.ones(len(key), bool)
    new[1:] = (text[1:] != text[:-1]) | (key[1:] != key[:-1])
    return text[new], key[new]
