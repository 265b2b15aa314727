"""How does each character look, from what stands around it? Two layers of windows, as small as two cores like it.

A convolution over three characters, another over what it saw, and one score a tag, read as one field by `chain`
(Collobert and others, JMLR 12, 2011). What the points of words tell need not be marked by people: 累赘 may be read as
an opinion because 麻烦 was marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding import vectors
from huixiang.domain.understanding.opinions.chain import Candidates, Floats, likely_spans
from huixiang.domain.understanding.opinions.seeing import SEEN, Seen, seen
from huixiang.domain.understanding.opinions.tags import TAGS, Span

NEAR, FAR = 64, 48  # what the first and the second layer tell of a character
WINDOW = 3  # characters a layer looks at
_AT_ONCE = 128  # texts; as many as the processor's memory of its own holds


class Weights(NamedTuple):
    """`letters`: what a known character is beyond its point; its first row stands for all others."""

    letters: Floats
    near: Floats
    near_bias: Floats
    far: Floats
    far_bias: Floats
    tags: Floats
    tags_bias: Floats
    moves: Floats


def shapes(letters: int) -> dict[str, tuple[int, ...]]:
    """The shape of each of the weights by name; `letters` are the characters known by heart."""
    tags = len(TAGS)
    return {
        "letters": (letters + 1, vectors.WIDTH),
        "near": (WINDOW, SEEN, NEAR),
        "near_bias": (NEAR,),
        "far": (WINDOW, NEAR, FAR),
        "far_bias": (FAR,),
        "tags": (FAR, tags),
        "tags_bias": (tags,),
        "moves": (tags, tags),
    }


def spread(rows: Floats, kernel: Floats, bias: Floats) -> Floats:
    """Each row seen with its neighbours: the kernel's middle for itself, the others for those before and behind."""
    found: Floats = rows @ kernel[1] + bias
    found[1:] += rows[:-1] @ kernel[0]
    found[:-1] += rows[1:] @ kernel[2]
    return found


def with_letters(given: Seen, weights: Weights) -> Floats:
    """The rows as the first layer takes them: the points of characters moved as was learned."""
    rows = given.rows.copy()
    rows[given.here, : vectors.WIDTH] += weights.letters[given.letter[given.here]]
    return rows


@dataclass(frozen=True, slots=True)
class Network:
    """A learned network: the characters it knows by heart, with their numbers from 1, and its weights."""

    letters: Mapping[str, int]
    weights: Weights

    def candidates(self, plains: Sequence[str], listed: Sequence[Sequence[Span]], least: float) -> Candidates:
        """All spans that are at least so likely; `listed` is what the product's own lists tell of each text."""
        blocks = range(0, len(plains), _AT_ONCE)
        scores = [self._scores(plains[at : at + _AT_ONCE], listed[at : at + _AT_ONCE]) for at in blocks]
        every = np.concatenate(scores) if scores else np.zeros((0, len(TAGS)), np.float32)
        lengths = np.array([len(text) for text in plains], np.int64)
        return likely_spans(every, self.weights.moves, lengths, least)

    def _scores(self, plains: Sequence[str], listed: Sequence[Sequence[Span]]) -> Floats:
        given, weights = seen(plains, listed, self.letters), self.weights
        near = np.zeros((len(given.rows), NEAR), np.float32)  # an empty row stays empty
        told = spread(with_letters(given, weights), weights.near, weights.near_bias)
        near[given.here] = np.maximum(told[given.here], 0)
        far = np.maximum(spread(near, weights.far, weights.far_bias)[given.here], 0)
        return np.asarray(far @ weights.tags + weights.tags_bias)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """By name, for a file; `read` takes them back."""
        codes = np.array(list(map(ord, self.letters)), np.uint32)
        return {"letters": codes} | {f"network_{name}": array for name, array in self.weights._asdict().items()}

    @staticmethod
    def read(file: Mapping[str, NDArray[Any]]) -> Network:
        """Raises KeyError or ValueError where the arrays are no network."""
        letters = {chr(code): place for place, code in enumerate(file["letters"].tolist(), 1)}
        weights = Weights(*(file[f"network_{name}"] for name in Weights._fields))
        wanted = shapes(len(letters))
        if any(array.shape != wanted[name] for name, array in weights._asdict().items()):
            raise ValueError("the layers do not fit each other")
        return Network(letters, weights)
