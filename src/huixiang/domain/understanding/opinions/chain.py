"""How likely is each span, given how each character looks? A linear-chain conditional random field over whole batches.

Lafferty, McCallum and Pereira, ICML 2001. Texts are sorted by length and walked step by step together, so that NumPy
works on hundreds of texts at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from huixiang.domain.understanding.opinions.tags import KINDS
from huixiang.domain.understanding.shadow import shadow

LONGEST = 8  # characters of a span
_BEGINS = np.arange(len(KINDS)) * 2 + 1

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


def likely_spans(scores: Floats, moves: Floats, lengths: Ints, least: float) -> Candidates:
    """All spans of up to LONGEST characters that are at least so likely. `scores` (characters, tags), text by text."""
    starts = np.cumsum(lengths) - lengths
    if not len(scores):
        none = np.zeros(0, np.int64)
        return Candidates(none, none, none, none, np.zeros(0))
    steps = Steps(starts, lengths)
    told = believed(scores[steps.rows], moves, steps)
    back = np.empty(len(scores), np.int64)
    back[steps.rows] = np.arange(len(scores))
    forward, backward, here, scale, pairs = told
    by_text = Beliefs(forward[back], backward[back], here[back], scale[back], pairs)
    return _grown(by_text, np.exp(moves), lengths, least)


def _grown(told: Beliefs, leap: Floats, lengths: Ints, least: float) -> Candidates:
    """Grow every likely beginning character by character, as long as it stays likely."""
    starts = np.cumsum(lengths) - lengths
    text = np.repeat(np.arange(len(lengths)), lengths)
    stop = (starts + lengths)[text]
    place, kind = np.nonzero((told.forward * told.backward)[:, _BEGINS] > least)
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
        found.append(np.column_stack([text[place], place, last + 1, kind, likely])[sure])
        more = still > least
        place, kind, weight, tag = place[more], kind[more], goes_on[more], inside[more]
    rows = np.concatenate(found)
    rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1]))]
    which, begin, end, kinds = rows[:, :4].astype(np.int64).T
    return Candidates(which, begin - starts[which], end - starts[which], kinds, rows[:, 4])
