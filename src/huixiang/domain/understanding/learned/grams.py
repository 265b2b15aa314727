"""Which runs of characters or words does a text hold? Found for a whole batch at once, on arrays.

A piece (a character, a word) is a 64-bit number; a text is a run of pieces; after each text stands END. A gram of n
pieces is known by a hash of them, so no vocabulary of strings is kept; that any two of a million grams share one of
2^64 keys happens once in 30 million vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import scipy
from numpy.typing import NDArray

END = np.uint64(0)
_MIX, _ADD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)
_SHIFT = np.uint64(29)

Keys = NDArray[np.uint64]


def characters(texts: Sequence[str]) -> Keys:
    """The characters of many texts as one run, END after each text."""
    joined = "\0".join(text.replace("\0", " ") for text in texts) + "\0"
    return np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)


class Spelling:
    """Turns words into numbers that are the same in every process, and remembers those it met."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def words(self, texts: Iterable[Sequence[str]]) -> Keys:
        """The words of many texts as one run, END after each text."""
        known, run = self._known, []
        for words in texts:
            for word in words:
                number = known.get(word)
                if number is None:
                    number = known[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") or 1
                run.append(number)
            run.append(0)
        return np.array(run, np.uint64)


def windows(run: Keys, longest: int) -> tuple[NDArray[np.int64], Keys]:
    """All grams of 1 up to `longest` pieces: which text each stands in, counted from 0, and its key; (grams,) both."""
    ends = run == END
    text = np.cumsum(ends) - ends
    found_in, keys = [], []
    key, whole = np.zeros(len(run), np.uint64), ~ends
    with np.errstate(over="ignore"):
        for length in range(1, longest + 1):
            last = len(run) - length + 1
            if last <= 0:
                break
            key = (key[:last] ^ run[length - 1 :]) * _MIX + _ADD
            key ^= key >> _SHIFT
            whole = whole[:last] & ~ends[length - 1 :]
            found_in.append(text[:last][whole])
            keys.append(key[whole])
    return np.concatenate(found_in), np.concatenate(keys)


def occurrences(run: Keys, longest: int) -> tuple[NDArray[np.int64], Keys, NDArray[np.int64], NDArray[np.int64]]:
    """As `windows`, with the place in the run at which each gram begins, and how many pieces it holds."""
    text, keys = windows(run, longest)
    ends = run == END
    left = np.cumsum(ends[::-1])[::-1]  # ENDs from here on: a gram is whole where none lies inside it
    begins = []
    for length in range(1, longest + 1):
        last = len(run) - length + 1
        if last <= 0:
            break
        after = np.concatenate([left, [0]])[length : length + last]
        begins.append(np.flatnonzero(left[:last] == after))
    lengths = [np.full(len(each), length) for length, each in enumerate(begins, 1)]
    return text, keys, np.concatenate(begins), np.concatenate(lengths)


@dataclass(frozen=True, slots=True)
class Bag:
    """A vocabulary of grams with their weights: turns runs of texts into rows of numbers (tf-idf, length 1)."""

    keys: Keys  # (columns,), ascending
    weights: NDArray[np.float32]  # (columns,), inverse document frequency
    longest: int

    @staticmethod
    def of(run: Keys, longest: int, at_least: int = 2) -> tuple[Bag, scipy.sparse.csr_matrix]:
        """Learn the grams that stand in at least `at_least` texts. Gives the bag, and the rows of these very texts."""
        texts = int(np.count_nonzero(run == END))
        text, key = windows(run, longest)
        keys, column = np.unique(key, return_inverse=True)
        pairs = np.unique(text * len(keys) + column)
        frequency = np.bincount(pairs % len(keys), minlength=len(keys))
        keep = frequency >= at_least
        weights = (np.log((1 + texts) / (1 + frequency[keep])) + 1).astype(np.float32)
        bag = Bag(keys[keep], weights, longest)
        place = np.cumsum(keep) - 1
        known = keep[column]
        return bag, bag._rows(text[known], place[column[known]], texts)

    def rows(self, run: Keys) -> scipy.sparse.csr_matrix:
        """Rows of texts by the grams that are known: shape (texts, columns), float32."""
        texts = int(np.count_nonzero(run == END))
        text, key = windows(run, self.longest)
        place = np.searchsorted(self.keys, key)
        place[place == len(self.keys)] = 0
        known = self.keys[place] == key if len(self.keys) else np.zeros(len(key), bool)
        return self._rows(text[known], place[known], texts)

    def _rows(self, text: NDArray[np.int64], column: NDArray[np.int64], texts: int) -> scipy.sparse.csr_matrix:
        width = max(1, len(self.keys))
        pairs, times = np.unique(text * width + column, return_counts=True)
        row, column = np.divmod(pairs, width)
        values = (1 + np.log(times)).astype(np.float32) * self.weights[column]
        length = np.sqrt(np.bincount(row, values**2, minlength=texts)).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=texts))])
        return scipy.sparse.csr_matrix((values / length[row], column, starts), shape=(texts, len(self.keys)))
