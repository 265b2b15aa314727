"""Which turns of phrase keep coming back? Words that stand together far oftener than chance would have it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.lexicon import all_entries, entries
from huixiang.domain.understanding.words import Words

LONGEST = 4  # pieces
MOST_SIGNS = 10  # signs of a phrase that can still be a name
STICKING = 0.25  # normalised pointwise mutual information from which on words are a phrase; 1: never apart
WITHIN = 0.8  # of its occurrences inside one longer phrase, and the shorter says nothing by itself
COMMON = 0.35  # of all texts: what more of them hold tells no topic
MOST = 1_500  # terms, the most frequent
# What may open a phrase though it tells nothing alone: 不|能|登录.
OPENING = frozenset(
    {"不", "没", "没有", "无", "未", "无法", "不能", "不会", "不让", "不给", "别", "太", "乱", "总是", "一直", "被"}
)
_PIECE = re.compile(r"[a-z0-9][a-z0-9+.-]*$|[\u3400-\u9fff\U00020000-\U0003134f]+[a-z0-9]*$|[a-z0-9]+[\u3400-\u9fff]+$")
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Terms:
    """The words and phrases worth counting. `text[i]` term i's column, `holds[i]` the term, one pair for each text that
    has it; `pieces[j]` is how many pieces term j is made of.
    """

    names: list[str]
    pieces: Ints
    text: Ints
    holds: Ints


class _Numbers(dict[str, int]):
    """A number for each piece as it first comes; 0 for what is no word."""

    def __init__(self) -> None:
        super().__init__()
        self.names = [""]

    def __missing__(self, piece: str) -> int:
        self[piece] = found = len(self.names) if _PIECE.match(piece) else 0
        if found:
            self.names.append(piece)
        return found


class _Stream:
    """All pieces of all texts in one row, a 0 where a clause ends."""

    def __init__(self, texts: Sequence[str], words: Words, left_out: str) -> None:
        number = _Numbers()
        flat: list[int] = []
        lengths = []
        for text in texts:
            pieces = words.tokens(text)
            flat += [number[piece] for piece in pieces]
            flat.append(0)
            lengths.append(len(pieces) + 1)
        self.names = number.names
        self.ids = np.array(flat, dtype=np.int64)
        self.texts = np.repeat(np.arange(len(texts)), lengths)
        stop = all_entries("stop.txt") | entries("neutral.txt")[""]
        content = set(words.content(self.names))
        self.is_content = np.array(
            [name in content and name not in stop and name not in left_out for name in self.names]
        )
        self.signs = np.array([len(name) for name in self.names])
        self.may_open = self.is_content | np.array([name in OPENING for name in self.names])


def terms(texts: Sequence[str], words: Words, fewest: int, left_out: Collection[str] = ()) -> Terms:
    """The content words and phrases that at least `fewest` of these normal texts hold, and where each stands.

    No word that is part of one `left_out` counts.
    """
    stream = _Stream(texts, words, "\n".join(left_out))
    grams = _grams(stream, fewest)
    names: list[str] = []
    pieces: list[int] = []
    where: list[Ints] = []
    term: list[Ints] = []
    for length, (ids, count) in enumerate(grams, 1):
        good = _good(stream, grams, length, ids, count)
        at = np.flatnonzero(ids >= 0)
        at = at[good[ids[at]]]
        first = np.full(len(count), -1)
        first[ids[at][::-1]] = at[::-1]
        number = np.full(len(count), -1)
        kept = np.flatnonzero(first >= 0)
        number[kept] = np.arange(len(kept)) + len(names)
        names += [_spelled([stream.names[n] for n in stream.ids[first[gram] : first[gram] + length]]) for gram in kept]
        pieces += [length] * len(kept)
        where.append(stream.texts[at])
        term.append(number[ids[at]])
    return _kept(
        names, np.array(pieces, dtype=np.int64), np.concatenate(where), np.concatenate(term), len(texts), fewest
    )


def _grams(stream: _Stream, fewest: int) -> list[tuple[Ints, Ints]]:
    """For each length: which frequent run of pieces begins at each place (-1: none), and how often each occurs."""
    ids, count = stream.ids - 1, np.bincount(stream.ids, minlength=len(stream.names))[1:]
    found = [(ids, count)]
    for length in range(2, LONGEST + 1):
        longer = np.full(len(stream.ids), -1)
        end = len(stream.ids) - length + 1
        both = np.flatnonzero((found[-1][0][:end] >= 0) & (stream.ids[length - 1 :] > 0))
        keys = found[-1][0][both] * len(stream.names) + stream.ids[both + length - 1]
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        number = np.where(counts >= fewest, np.cumsum(counts >= fewest) - 1, -1)
        longer[both] = number[inverse]
        found.append((longer, counts[counts >= fewest]))
    return found


def _good(stream: _Stream, grams: list[tuple[Ints, Ints]], length: int, ids: Ints, count: Ints) -> NDArray[np.bool_]:
    """Which runs of this length are a word or phrase worth counting?"""
    good = np.zeros(len(count), dtype=bool)
    places = np.flatnonzero(ids >= 0)
    if not len(places):
        return good
    _, first = np.unique(ids[places], return_index=True)
    at = places[first]
    gram = ids[at]
    if length == 1:
        good[gram] = stream.is_content[stream.ids[at]] & (count[gram] > 0)
        return good  # also where a phrase has it nearly always: words tie phrases together
    signs = sum(stream.signs[stream.ids[at + n]] for n in range(length))
    inner = sum(stream.is_content[stream.ids[at + n]].astype(int) for n in range(length))
    shape = stream.may_open[stream.ids[at]] & stream.is_content[stream.ids[at + length - 1]]
    good[gram] = shape & (inner > 0) & (signs <= MOST_SIGNS) & (_sticking(stream, grams, length, at) >= STICKING)
    return good & ~_swallowed(grams, length, ids, count)


def _sticking(stream: _Stream, grams: list[tuple[Ints, Ints]], length: int, at: Ints) -> NDArray[np.float64]:
    """Normalised pointwise mutual information of a run and its two halves, at the weakest joint. Bouma (2009)."""
    total = float((stream.ids > 0).sum())
    whole = grams[length - 1][1][grams[length - 1][0][at]] / total
    weakest = np.full(len(at), np.inf)
    for cut in range(1, length):
        left, right = grams[cut - 1], grams[length - cut - 1]
        parts = (left[1][left[0][at]] / total) * (right[1][np.maximum(right[0][at + cut], 0)] / total)
        weakest = np.minimum(weakest, np.log(whole / parts) / -np.log(whole))
    return weakest


def _swallowed(grams: list[tuple[Ints, Ints]], length: int, ids: Ints, count: Ints) -> NDArray[np.bool_]:
    """Which runs stand nearly always inside one and the same longer run?"""
    found = np.zeros(len(count), dtype=bool)
    if length == LONGEST:
        return found
    longer, longer_count = grams[length]
    for shift in (0, 1):
        inside = np.flatnonzero(longer[: len(longer) - shift] >= 0)
        gram = ids[inside + shift]
        np.logical_or.at(found, gram, longer_count[longer[inside]] >= WITHIN * count[gram])
    return found


def _spelled(pieces: Sequence[str]) -> str:
    """As a reader writes it: Latin words apart, Chinese together."""
    text = pieces[0]
    for piece in pieces[1:]:
        text += (" " if text[-1].isascii() and piece[0].isascii() else "") + piece
    return text


def _kept(names: list[str], pieces: Ints, text: Ints, holds: Ints, of: int, fewest: int) -> Terms:
    """Those that enough and not too many texts hold, the most frequent, each text once; ties by the name."""
    pairs = np.unique(text * max(1, len(names)) + holds)
    text, holds = pairs // max(1, len(names)), pairs % max(1, len(names))
    count = np.bincount(holds, minlength=len(names))
    chosen = sorted(
        np.flatnonzero((count >= fewest) & (count <= max(fewest, COMMON * of))), key=lambda n: (-count[n], names[n])
    )[:MOST]
    number = np.full(len(names), -1)
    number[chosen] = np.arange(len(chosen))
    kept = number[holds] >= 0
    return Terms([names[n] for n in chosen], pieces[chosen], text[kept], number[holds[kept]])
