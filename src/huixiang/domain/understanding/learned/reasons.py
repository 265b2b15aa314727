"""Which words decided? What linear models found in texts is shared out over their characters and read off their words.

For a whole batch at once, on arrays: a text at a time it took ten times as long as the models themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.grams import Bag, Keys, characters, occurrences
from huixiang.domain.understanding.learned.rows import Reader
from huixiang.domain.understanding.lexicon import all_entries

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.classifier import View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# A view, and what a margin of each of its labels gives each label asked for, (its labels, labels); None: itself alone.
Heard = tuple["View", Floats | None]
_EMPTY = all_entries("stop.txt")
_NOTHING = 1e-9  # sums that cancel leave some 1e-16


def strongest(
    reader: Reader,
    normals: Sequence[str],
    tokens: Sequence[Sequence[str]],
    asked: Ints,
    heard: Sequence[Heard],
    most: int,
) -> list[tuple[str, ...]]:
    """The words of each text that spoke most for the label asked of it, each once, of those that tell something.

    `asked` (texts,): places of the labels. A gram gives equal parts to all characters that it spans; the columns of
    feelings, which stand for the whole text, are left out.
    """
    run = characters(normals)
    width = len(reader.characters_known.keys)
    pull = np.zeros(len(run) + 1)  # changes from one character to the next, END included
    whole = [(view, 0, shares) for view, shares in heard if not view.sees.startswith("words")]
    pull += _given(reader.characters_known, run, np.arange(len(run) + 1), asked, whole)
    spelled, starts = reader.spelled(tokens), _starts(normals, tokens)
    worded = [
        (view, 0 if view.sees.startswith("words") else width, shares)
        for view, shares in heard
        if not view.sees.startswith("characters")
    ]
    pull += _given(reader.words_known, spelled, starts, asked, worded)
    reached = np.concatenate([[0.0], np.cumsum(np.cumsum(pull)[:-1])])  # the sum before each character
    gained = np.diff(reached[starts]).tolist()  # of each word, and between texts of nothing
    found, at = [], 0
    for pieces in tokens:
        found.append(_best(pieces, gained[at : at + len(pieces)], most))
        at += len(pieces) + 1
    return found


def _starts(normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Ints:
    """Where each word begins among all characters, each text with its END; and where the last text ends."""
    lengths: list[int] = []
    for normal, pieces in zip(normals, tokens, strict=True):
        each = [*map(len, pieces)]
        lengths += [*each, len(normal) + 1 - sum(each)]
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _given(bag: Bag, run: Keys, starts: Ints, asked: Ints, heard: Sequence[tuple[View, int, Floats | None]]) -> Floats:
    """What the grams give, as changes from one character to the next; piece i begins at character starts[i]."""
    row = bag.rows(run)
    if not row.nnz or not heard:
        return np.zeros(starts[-1] + 1)
    text = np.repeat(np.arange(len(asked)), np.diff(row.indptr))
    value = row.data * sum(_of_label(view, first + row.indices, asked[text], shares) for view, first, shares in heard)
    where, key, begin, length = occurrences(run, bag.longest)
    place = np.minimum(np.searchsorted(bag.keys, key), len(bag.keys) - 1)
    known = bag.keys[place] == key
    where, place, begin, length = where[known], place[known], begin[known], length[known]
    # The rows' entries stand in order of text and column, so a gram is found among them by both.
    size = len(bag.keys)
    entry = np.searchsorted(text * size + row.indices, where * size + place)
    first, last = starts[begin], starts[begin + length]
    each = value[entry] / np.maximum(1, last - first)
    end = int(starts[-1]) + 1
    return np.asarray(np.bincount(first, each, minlength=end) - np.bincount(last, each, minlength=end), float)


def _of_label(view: View, columns: Ints, label: Ints, shares: Floats | None) -> Floats:
    """The weight of each column for its text's label."""
    if shares is None:
        return np.asarray(view.weights[columns, label], float)
    return np.asarray((view.weights[columns] * shares.T[label]).sum(1), float)


def _best(pieces: Sequence[str], gained: Sequence[float], most: int) -> tuple[str, ...]:
    weight: dict[str, float] = {}
    for piece, gain in zip(pieces, gained, strict=True):
        if piece not in _EMPTY and any(char.isalpha() for char in piece):
            weight[piece] = weight.get(piece, 0.0) + gain
    best = sorted(weight, key=lambda piece: -weight[piece])
    return tuple(piece for piece in best[:most] if weight[piece] > _NOTHING)
