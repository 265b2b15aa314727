"""Who said the same before? MinHash bands find candidates without comparing all pairs; exact Jaccard decides."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar

import numpy as np
from rensa import RMinHash

THRESHOLD = 0.8
LETTER = 500  # characters; the pieces of a longer text are compared as numbers, which take a tenth of the memory
SHORT = 8  # characters; below it one changed character changes the meaning, so only equal texts are alike
BANDS, ROWS = 12, 5  # a pair at the threshold shares a band with 1-(1-.8^5)^12 = 99.2 %, one at 0.9 with 99.998 %
COMMON = 40  # texts in one band, none a copy of another: beyond it the band is a turn of phrase
COMPARED = 6  # texts compared exactly, those that share most bands: four at the threshold, hardly one if half alike
_SLOTS, _SEED = 64, 20_260_501

Key = TypeVar("Key", bound=Hashable)
Numbers = np.ndarray[Any, np.dtype[Any]]


def bands(normal: str) -> tuple[int, ...]:
    """Under which keys is a normal text filed? Signed 64-bit keys, equal in every process and on every machine."""
    return bands_of([normal])[0]


def bands_of(normals: Sequence[str]) -> list[tuple[int, ...]]:
    """As `bands`, for many texts at once: 12 keys a text, one for a short one, none for an empty one."""
    filed: list[tuple[int, ...]] = [(_whole(text),) if text else () for text in normals]
    long = [row for row, text in enumerate(normals) if len(text) >= SHORT]
    if long:
        keys = _band_keys([normals[row] for row in long])
        for row, found in zip(long, keys.tolist(), strict=True):
            filed[row] = tuple(found)
    return filed


def _whole(text: str) -> int:
    encoded = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "big", signed=True)


def _band_keys(normals: Sequence[str]) -> Numbers:
    """(texts, BANDS) signed keys: all characters in one array, so no Python loop runs over bigrams."""
    chars = np.frombuffer("".join(normals).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.fromiter(map(len, normals), dtype=np.int64, count=len(normals))
    pairs = _mixed((chars[:-1] << np.uint64(32)) | chars[1:])
    ends = np.cumsum(lengths)
    inside = np.ones(len(pairs), dtype=bool)
    inside[ends[:-1] - 1] = False  # the pair of one text's last and the next one's first character
    offsets = np.concatenate(([0], np.cumsum(lengths - 1))).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(pairs[inside], offsets, _SLOTS, _SEED)
    slots = np.array(matrix.to_rows(), dtype=np.uint64)[:, : BANDS * ROWS].reshape(len(normals), BANDS, ROWS)
    keys = np.broadcast_to(_mixed(np.arange(1, BANDS + 1, dtype=np.uint64)), slots.shape[:2])
    for row in range(ROWS):
        keys = _mixed(keys ^ slots[:, :, row])
    signed: Numbers = keys.astype(np.int64)
    return signed


def _mixed(value: Numbers) -> Numbers:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014): fixed arithmetic, unlike Python's salted hash()."""
    with np.errstate(over="ignore"):
        value = value + np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed: Numbers = value ^ (value >> np.uint64(31))
    return mixed


def alike(a: str, b: str) -> bool:
    """Do two normal texts say the same? Equal, or 80 % of their two-character pieces shared; short ones only equal."""
    return Likeness(a).of(b)


class Likeness:
    """As `alike`, of one normal text with several: its pieces are found once, and only if they are needed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: set[tuple[str, str]] | None = None
        self._numbers: Numbers | None = None

    def of(self, other: str) -> bool:
        if self._text == other:
            return bool(other)
        if min(len(self._text), len(other)) < SHORT:
            return False
        if max(len(self._text), len(other)) > LETTER:
            if self._numbers is None:
                self._numbers = _numbers(self._text)
            return _numbers_shared(self._numbers, _numbers(other))
        if self._pieces is None:
            self._pieces = set(pairwise(self._text))
        return _pieces_shared(self._pieces, set(pairwise(other)))


def _pieces_shared(a: set[tuple[str, str]], b: set[tuple[str, str]]) -> bool:
    if min(len(a), len(b)) < THRESHOLD * max(len(a), len(b)):
        return False
    shared = len(a & b)
    return shared >= THRESHOLD * (len(a) + len(b) - shared)


def _numbers(text: str) -> Numbers:
    """The distinct two-character pieces of a text of two characters or more, each as one number, in order."""
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    pairs = (chars[:-1] << np.uint64(32)) | chars[1:]
    pairs.sort()
    distinct: Numbers = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    return distinct


def _numbers_shared(a: Numbers, b: Numbers) -> bool:
    if min(len(a), len(b)) < THRESHOLD * max(len(a), len(b)):
        return False
    both = np.concatenate((a, b))
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared >= THRESHOLD * (len(a) + len(b) - shared)


class Copies(Generic[Key]):
    """Which earlier text says the same? An index in memory, of the texts that are no copies themselves.

    Work per text is bounded, also where a million texts follow a few templates: a band of more than COMMON texts, none
    of which is a copy of another, tells nothing, and of the rest the COMPARED that share most bands are compared.
    """

    def __init__(self) -> None:
        self._filed: list[tuple[Key, str]] = []
        self._by_band: dict[int, list[int]] = {}

    def first_like(self, normal: str, bands: Sequence[int]) -> Key | None:
        """The key of the earliest text alike, or None. The order is the order of `add`."""
        met = [self._by_band.get(band, ()) for band in bands]
        votes = Counter([place for filed in met if len(filed) <= COMMON for place in filed])
        places = sorted(votes) if len(votes) <= COMPARED else sorted(place for place, _ in votes.most_common(COMPARED))
        like = Likeness(normal)
        for place in places:
            key, text = self._filed[place]
            if like.of(text):
                return key
        return None

    def add(self, key: Key, normal: str, bands: Sequence[int]) -> None:
        """File a text under its key."""
        for band in bands:
            filed = self._by_band.setdefault(band, [])
            if len(filed) <= COMMON:
                filed.append(len(self._filed))
        self._filed.append((key, normal))
