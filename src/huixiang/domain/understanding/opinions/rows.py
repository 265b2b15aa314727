"""What speaks for a span, beside its characters? The word's own record, its neighbours, its rivals, its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.opinions.chain import Candidates
from huixiang.domain.understanding.opinions.lists import strength
from huixiang.domain.understanding.opinions.memory import NEVER, Memory
from huixiang.domain.understanding.opinions.tags import KINDS, Span

COLUMNS = (
    *(
        "odds",
        "kind",
        "length",
        "marked so",
        "marked",
        "stood",
        "share so",
        "share",
        "rival",
        "other kind",
        "beginning",
    ),
    *("neighbour", "alike", "repeated", "longer", "shorter", "before", "after", "text", "start", "rest", "in all"),
    *(f"in all {kind}" for kind in KINDS),
    *("listed so", "listed alike", "listed", "strength"),
)
_NONE = (0,) * len(KINDS)


class _One(NamedTuple):
    start: int
    end: int
    kind: int
    likely: float


def rows(
    plains: Sequence[str], candidates: Candidates, memory: Memory, listed: Sequence[Sequence[Span]]
) -> NDArray[np.float64]:
    """One row a candidate, by COLUMNS. `listed` is what the product's own lists tell of each text."""
    found: list[list[float]] = []
    bounds = np.searchsorted(candidates.text, np.arange(len(plains) + 1)).tolist()
    every = list(map(_One, *(part.tolist() for part in candidates[1:])))
    for text, its, first, last in zip(plains, listed, bounds, bounds[1:], strict=False):
        if first < last:
            _text(text, every[first:last], memory, its, found)
    return np.array(found, float).reshape(-1, len(COLUMNS))


def _text(text: str, every: Sequence[_One], memory: Memory, listed: Sequence[Span], found: list[list[float]]) -> None:
    words = [text[one.start : one.end] for one in every]
    alike = Counter((one.kind, word) for one, word in zip(every, words, strict=True))
    sums = [0.0] * len(KINDS)
    for one in every:
        sums[one.kind] += one.likely
    for one, word in zip(every, words, strict=True):
        record = memory.words.get(word, NEVER)
        so, marked, stood = record[one.kind], sum(record[:-1]), record[-1]
        likely = min(max(one.likely, 1e-6), 1 - 1e-6)
        row = [log(likely / (1 - likely)), one.kind, one.end - one.start, so, marked, stood]
        row += [(so + 0.2) / (stood + 1), (marked + 0.2) / (stood + 1), *_around(one, every)]
        row += [alike[one.kind, word], text.count(word), *_inside(text, one, memory), *_edges(text, one, memory)]
        row += [len(text), one.start, len(text) - one.end, sum(sums), *sums, *_listed(one, listed), strength(word)]
        found.append(row)


def _listed(one: _One, listed: Sequence[Span]) -> tuple[float, float, float]:
    """Do the lists tell just this span, one of its kind that overlaps it, and which kind the first such has?"""
    start, end = one.start, one.end
    over = [span for span in listed if span[0] < end and span[1] > start]
    if not over:
        return 0.0, 0.0, 0.0
    kind = KINDS[one.kind]
    alike = [span for span in over if span.kind == kind]
    return (
        float(any(span.start == start and span.end == end for span in alike)),
        float(bool(alike)),
        float(1 + KINDS.index(over[0].kind)),
    )


def _around(one: _One, every: Sequence[_One]) -> tuple[float, float, float, float]:
    """How likely is what overlaps, the same span of another kind, what begins here, and what ends where it begins?"""
    rival = other = beginning = neighbour = 0.0
    start, end, kind, _ = one
    for its in every:
        if its.start < end and its.end > start:
            if its is not one and its.likely > rival:
                rival = its.likely
            if its.start == start:
                beginning = max(beginning, its.likely)
                if its.end == end and its.kind != kind:
                    other = max(other, its.likely)
        elif its.end == start and its.likely > neighbour:
            neighbour = its.likely
    return rival, other, beginning, neighbour


def _inside(text: str, one: _One, memory: Memory) -> tuple[int, int]:
    """How often was the word marked with one more character at an end; and with one less?"""
    start, end, kind, _ = one
    known, more = memory.words, 0
    if start:
        more = max(known.get(text[start - 1 : end], NEVER)[kind], known.get(text[start - 1 : end + 1], NEVER)[kind])
    if end < len(text):
        more = max(more, known.get(text[start : end + 1], NEVER)[kind])
    less = max(known.get(text[start + 1 : end], NEVER)[kind], known.get(text[start : end - 1], NEVER)[kind])
    return more, less


def _edges(text: str, one: _One, memory: Memory) -> tuple[float, float]:
    before, after = text[max(0, one.start - 1) : one.start], text[one.end : one.end + 1]
    return (
        (memory.before.get(before, _NONE)[one.kind] + 0.1) / (memory.characters.get(before, 0) + 5),
        (memory.after.get(after, _NONE)[one.kind] + 0.1) / (memory.characters.get(after, 0) + 5),
    )
