"""What is a text about, whatever words it chose? The mean of its words' points: 抱怨 stands near 投诉."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huixiang.domain.understanding import vectors

COLUMNS = vectors.WIDTH
Floats = NDArray[np.float32]


def meanings(tokens: Sequence[Sequence[str]]) -> Floats:
    """Where texts stand, given by their pieces: (texts, COLUMNS), rows of length 1, or 0 where no word is known."""
    number: dict[str, int] = {}
    places = [number.setdefault(piece, len(number)) for pieces in tokens for piece in pieces]
    starts = np.cumsum([0, *map(len, tokens)])
    held = sparse.csr_matrix((np.ones(len(places), np.float32), places, starts), (len(tokens), max(1, len(number))))
    found = held @ vectors.points(list(number) or [""])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)
