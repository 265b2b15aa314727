"""Which words decided? What linear models found in a text is shared out over its characters and read off its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.learned.grams import Bag, Keys, windows
from huixiang.domain.understanding.learned.rows import PARTS, Reader
from huixiang.domain.understanding.lexicon import all_entries
from huixiang.domain.understanding.synonyms import plain_starts

if TYPE_CHECKING:
    from huixiang.domain.understanding.learned.classifier import View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_EMPTY = all_entries("stop.txt")
# Where in a text does each piece of a source begin, and the last end? Sources that stand for the whole text have none.
STARTS: dict[str, Callable[[str, Sequence[str]], Ints]] = {
    "characters": lambda normal, _: np.arange(len(normal) + 1),
    "plain": lambda normal, _: np.array(plain_starts(normal)),
    "words": lambda _, pieces: np.cumsum([0, *map(len, pieces)]),
}


def pulls(reader: Reader, normal: str, pieces: Sequence[str], heard: Sequence[tuple[View, Floats]]) -> Floats:
    """How much does each character speak for a label? Shape (characters,).

    With each view stands what a margin of each of its labels gives the label asked for. A gram gives equal parts to all
    characters that it spans; feelings and cues, which stand for the whole text, are left out.
    """
    pull = np.zeros(len(normal))
    heard_of: dict[str, list[tuple[View, int, Floats]]] = {}
    for view, share in heard:
        first = 0
        for name in view.sees:
            heard_of.setdefault(name, []).append((view, first, share))
            first += len(reader.bags[name].keys) if name in reader.bags else 0  # feelings come last
    for name, views in heard_of.items():
        if name in reader.bags and PARTS[name].of in STARTS:
            of = PARTS[name].of
            _share(pull, reader.bags[name], reader.run(of, normal, pieces), STARTS[of](normal, pieces), views)
    return pull


def _share(pull: Floats, bag: Bag, run: Keys, starts: Ints, heard: Sequence[tuple[View, int, Floats]]) -> None:
    """Adds to `pull` what the grams of a text give. Piece i of the run spans characters starts[i] to starts[i + 1]."""
    row = bag.rows(run)
    if not row.nnz or not heard:
        return
    value = row.data * sum(view.weights[first + row.indices] @ share for view, first, share in heard)
    gives = dict(zip(bag.keys[row.indices].tolist(), value.tolist(), strict=True))
    pieces = len(run) - 1
    _, keys = windows(run, bag.longest)
    at, length = 0, 1  # windows tells all runs of one piece in order, then all of two, and so on
    for key in keys.tolist():
        if (given := gives.get(key)) is not None:
            first, last = int(starts[at]), int(starts[at + length])
            pull[first:last] += given / max(1, last - first)
        at += 1
        if at + length > pieces:
            at, length = 0, length + 1


def strongest(normal: str, pieces: Sequence[str], pull: Floats, most: int) -> tuple[str, ...]:
    """The words whose characters pull most, each once, of those that tell something by themselves."""
    weight: dict[str, float] = {}
    at = 0
    for piece in pieces:
        here = float(pull[at : at + len(piece)].sum())
        at += len(piece)
        if piece not in _EMPTY and any(char.isalpha() for char in piece):
            weight[piece] = weight.get(piece, 0.0) + here
    best = sorted(weight, key=lambda piece: -weight[piece])
    return tuple(piece for piece in best[:most] if weight[piece] > 0)
