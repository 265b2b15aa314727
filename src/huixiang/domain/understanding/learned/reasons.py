"""Which words decided? What linear models found in texts is shared out over their characters and read off their words.

For a whole batch at once, on arrays: a text at a time it took ten times as long as the models themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.grams import Bag, Keys, occurrences
from huixiang.domain.understanding.learned.rows import PARTS, Reader
from huixiang.domain.understanding.lexicon import all_entries
from huixiang.domain.understanding.synonyms import plain_starts

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.classifier import View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# A view, and what a margin of each of its labels gives each label asked for, (its labels, labels); None: itself alone.
Heard = tuple["View", Floats | None]
_EMPTY = all_entries("stop.txt")
# Where in its text does each piece begin, and where its END?
_STARTS: dict[str, Callable[[str, Sequence[str]], Ints]] = {
    "characters": lambda normal, _: np.arange(len(normal) + 1),
    "plain": lambda normal, _: np.array(plain_starts(normal)),
    "words": lambda _, pieces: np.cumsum([0, *map(len, pieces)]),
}
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

    `asked` (texts,): places of the labels. A gram gives equal parts to all characters that it spans; feelings and cues,
    which stand for the whole text, are left out.
    """
    if not normals:
        return []
    heard_of: dict[str, list[tuple[View, int, Floats | None]]] = {}
    for view, shares in heard:
        first = 0
        for name in view.sees:
            heard_of.setdefault(name, []).append((view, first, shares))
            first += len(reader.bags[name].keys) if name in reader.bags else 0  # feelings come last
    words = _starts("words", normals, tokens)
    pull = np.zeros(int(words[-1]) + 1)  # changes from one character to the next, END included
    for name, views in heard_of.items():
        if name in reader.bags and PARTS[name].of != "cues":
            part = PARTS[name]
            starts = words if part.of == "words" else _starts(part.of, normals, tokens)
            pull += part.weight * _given(reader.bags[name], reader.run(part.of, normals, tokens), starts, asked, views)
    reached = np.concatenate([[0.0], np.cumsum(np.cumsum(pull)[:-1])])  # the sum before each character
    gained = np.diff(reached[words]).tolist()  # of each word, and between texts of nothing
    found, at = [], 0
    for pieces in tokens:
        found.append(_best(pieces, gained[at : at + len(pieces)], most))
        at += len(pieces) + 1
    return found


def _starts(of: str, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> Ints:
    """Where each piece of a source begins among all characters, each text with its END; and where all end."""
    found, at = [], 0
    for normal, pieces in zip(normals, tokens, strict=True):
        found.append(at + _STARTS[of](normal, pieces))
        at += len(normal) + 1
    return np.concatenate([*found, [at]])


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
