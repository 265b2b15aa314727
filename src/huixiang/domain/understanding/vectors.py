"""Which words mean alike? A table of characters and words as points: 麻烦 lies near 困难, whoever marked either.

It was learned from texts of the public web by multilingual-e5-small (Wang and others, 2024; MIT), whose token table
`benchmarks/vectors.py` cuts down to common Chinese. No text and no label of any bank is in it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTH = 64  # numbers of a point; the first tell the most
_LENGTH = 4.0  # to bring points of length 1 among the other things that a network of `opinions` sees
_LONGEST = 6  # characters of a word of the table

Floats = NDArray[np.float32]


class _Table(NamedTuple):
    place: dict[str, int]
    points: Floats


def points(words: Sequence[str]) -> Floats:
    """One row a word. A word that is not in the table lies between its parts, a strange one at nought."""
    if not words:
        return np.zeros((0, WIDTH), np.float32)
    return np.concatenate([_point(word) for word in words]).reshape(-1, WIDTH)


@cache
def version() -> str:
    """Which table is this? A model that learned with it is of no use with another."""
    return blake2b(_written(), digest_size=4).hexdigest()


@lru_cache(maxsize=50_000)
def _point(word: str) -> Floats:
    table = _table()
    parts: list[tuple[int, int]] = []  # a part's place in the table and its length
    at = 0
    while at < len(word):
        sizes = range(min(_LONGEST, len(word) - at), 0, -1)
        size = next((size for size in sizes if word[at : at + size] in table.place), 0)
        if size:
            parts.append((table.place[word[at : at + size]], size))
        at += size or 1
    if not parts:
        return np.zeros(WIDTH, np.float32)
    places, sizes_found = zip(*parts, strict=True)
    return np.average(table.points[list(places)], axis=0, weights=sizes_found).astype(np.float32)


@cache
def _table() -> _Table:
    with np.load(io.BytesIO(_written()), allow_pickle=False) as file:
        words = file["words"].tobytes().decode().split("\n")
        return _Table({word: place for place, word in enumerate(words)}, file["vectors"] * (file["scale"] * _LENGTH))


def _written() -> bytes:
    return files(__package__).joinpath("data", "vectors.npz").read_bytes()
