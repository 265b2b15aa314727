"""How likely is each span, seen from its characters? A linear-chain conditional random field over whole batches.

Lafferty, McCallum and Pereira, ICML 2001. Texts are sorted by length and walked step by step together, so that NumPy
works on hundreds of texts at once; features are 64-bit hashes of characters with their place, found by binary search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huixiang.domain.understanding.opinions.tags import KINDS
from huixiang.domain.understanding.shadow import shadow

# Runs of characters that a character is seen by: where each begins, counted from the character, and its length.
_SEEN = (*((at, 1) for at in (-2, -1, 0, 1, 2)), *((at, 2) for at in (-2, -1, 0, 1)), *((at, 3) for at in (-2, -1, 0)))
_PAD = 3
_MIX, _ADD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03), np.uint64(29)
LONGEST = 8  # characters of a span
_BEGINS = np.arange(len(KINDS)) * 2 + 1

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[Any]  # float32 within the chain, as half the memory is half the time


def plain(text: str) -> str:
    """The text as models see it: half-width, small Latin letters; character for character as long as before."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """Each character as models see it, looked up once."""

    def __missing__(self, code: int) -> str:
        folded = shadow(chr(code))
        self[code] = found = folded.lower() if folded.isascii() else folded
        return found


_PLAIN = _Plain()


def keys(plains: Sequence[str]) -> list[Keys]:
    """What each character of a batch is seen by: one array over all characters for each of _SEEN, and one for all."""
    gap = "\0" * _PAD
    joined = gap + gap.join(plains) + gap
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) for text in plains], np.int64)
    here = np.arange(lengths.sum()) + np.repeat(np.arange(1, len(plains) + 1) * _PAD, lengths)
    found = [np.full(len(here), 1, np.uint64)]
    with np.errstate(over="ignore"):
        for number, (at, length) in enumerate(_SEEN):
            key = np.full(len(here), 1_000 + number, np.uint64)
            for step in range(length):
                key = (key ^ codes[here + at + step]) * _MIX + _ADD
                key ^= key >> _SHIFT
            found.append(key)
    return found


def columns(found: Sequence[Keys], known: Keys) -> sparse.csr_matrix:
    """Characters as rows of a 0/1 matrix over the known keys, which ascend."""
    table = np.stack(found, 1)
    if not len(known):
        return sparse.csr_matrix((len(table), 0), dtype=np.float32)
    place = np.searchsorted(known, table)
    place[place == len(known)] = 0
    hit = known[place] == table
    starts = np.concatenate([[0], np.cumsum(hit.sum(1))])
    ones = np.ones(int(starts[-1]), np.float32)
    return sparse.csr_matrix((ones, place[hit], starts), shape=(len(table), len(known)))


class Steps:
    """Texts side by side, longest first: at step t stand the t-th characters of all texts that are long enough."""

    def __init__(self, starts: Ints, lengths: Ints) -> None:
        order = np.argsort(-lengths, kind="stable")
        sorted_lengths, sorted_starts = lengths[order], starts[order]
        longest = int(sorted_lengths[0]) if len(order) else 0
        self.sizes = [int(np.searchsorted(-sorted_lengths, -step)) for step in range(longest)]
        rows = [sorted_starts[:size] + step for step, size in enumerate(self.sizes)]
        self.rows: Ints = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        self.bounds = [0, *np.cumsum(self.sizes).tolist()]


class Beliefs(NamedTuple):
    """Forward and backward weights, scaled step by step; arrays go by step. `pairs` sums neighbours' probabilities."""

    forward: Floats
    backward: Floats
    here: Floats
    scale: Floats
    pairs: Floats


def believed(scores: Floats, moves: Floats, steps: Steps) -> Beliefs:
    """The forward-backward algorithm over a batch; scores (characters by step, tags), moves (tag, next tag)."""
    here, leap, bounds = np.exp(scores - scores.max(1, keepdims=True)), np.exp(moves), steps.bounds
    forward, backward = np.empty_like(here), np.empty_like(here)
    scale, pairs = np.empty(len(here), here.dtype), np.zeros_like(leap)
    now = here[:0]
    for step, size in enumerate(steps.sizes):
        rows = slice(bounds[step], bounds[step + 1])
        now = here[rows] if step == 0 else (now[:size] @ leap) * here[rows]
        scale[rows] = total = now.sum(1)
        forward[rows] = now = now / total[:, None]
    after = here[:0]
    for step in range(len(steps.sizes) - 1, -1, -1):
        rows = slice(bounds[step], bounds[step + 1])
        now = np.ones_like(here[rows])
        if len(after):
            going = slice(bounds[step], bounds[step] + len(after))
            now[: len(after)] = after @ leap.T
            pairs += forward[going].T @ after
        backward[rows] = now
        after = now * here[rows] / scale[rows][:, None]
    return Beliefs(forward, backward, here, scale, pairs * leap)


class Candidates(NamedTuple):
    """Spans that may be: which text, where, which of KINDS by number, how likely; by text, then place."""

    text: Ints
    start: Ints
    end: Ints
    kind: Ints
    likely: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """A learned field: keys known (ascending), their weights for each of TAGS, and weights of moves between tags."""

    known: Keys
    weights: NDArray[np.float32]
    moves: NDArray[np.float32]

    def candidates(self, plains: Sequence[str], least: float) -> Candidates:
        """All spans of up to LONGEST characters that are at least so likely."""
        lengths = np.array([len(text) for text in plains], np.int64)
        starts = np.cumsum(lengths) - lengths
        if not lengths.sum():
            none = np.zeros(0, np.int64)
            return Candidates(none, none, none, none, np.zeros(0))
        steps = Steps(starts, lengths)
        scores = np.asarray(columns(keys(plains), self.known) @ self.weights)
        told = believed(scores[steps.rows], self.moves, steps)
        back = np.empty(len(scores), np.int64)
        back[steps.rows] = np.arange(len(scores))
        forward, backward, here, scale, pairs = told
        by_text = Beliefs(forward[back], backward[back], here[back], scale[back], pairs)
        return self._spans(by_text, starts, lengths, least)

    def _spans(self, told: Beliefs, starts: Ints, lengths: Ints, least: float) -> Candidates:
        """Grow every likely beginning character by character, as long as it stays likely."""
        text = np.repeat(np.arange(len(lengths)), lengths)
        stop = (starts + lengths)[text]
        place, kind = np.nonzero((told.forward * told.backward)[:, _BEGINS] > least)
        leap = np.exp(self.moves)
        tag, weight = 1 + 2 * kind, told.forward[place, 1 + 2 * kind]
        found = []
        for length in range(1, LONGEST + 1):
            last = place + length - 1
            following = np.minimum(last + 1, len(text) - 1)
            inside = 2 + 2 * kind
            goes_on = weight * leap[tag, inside] * told.here[following, inside] / told.scale[following]
            goes_on = np.where(last + 1 < stop[place], goes_on, 0)
            still = goes_on * told.backward[following, inside]
            likely = weight * told.backward[last, tag] - still
            sure = likely > least
            found.append(np.stack([text[place], place, last + 1, kind, np.arange(len(place))], 1)[sure])
            found[-1] = np.column_stack([found[-1][:, :4], likely[sure]])
            more = still > least
            place, kind, weight, tag = place[more], kind[more], goes_on[more], inside[more]
        rows = np.concatenate(found)
        rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1]))]
        which, begin, end, kinds = rows[:, :4].astype(np.int64).T
        return Candidates(which, begin - starts[which], end - starts[which], kinds, rows[:, 4])
