"""How is a network learned from labelled texts? A few passes by Adam, with parts left out at random.

Kingma and Ba, ICLR 2015; dropout: Srivastava and others, JMLR 15 (2014), without which so small a network learns by
heart who marked what. What it is wrong in is the field's own: its beliefs less the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from huixiang.domain.understanding import vectors
from huixiang.domain.understanding.opinions.chain import Floats, Ints, Steps, believed
from huixiang.domain.understanding.opinions.network import Network, Weights, shapes, spread, with_letters
from huixiang.domain.understanding.opinions.seeing import Seen, seen
from huixiang.domain.understanding.opinions.tags import PLACE, TAGS, Span, marked

# Chosen by cross-validation: texts at once, passes, size of the first step, parts left out of what is seen and told.
TEXTS, PASSES, STEP, LEFT_OUT_SEEN, LEFT_OUT = 48, 8, 8e-3, 0.2, 0.3
_FEWEST_STEPS = 20  # of a pass: fewer texts are taken at once where there are few
_FEWEST_TEXTS = 4
_LAST = 0.1  # of the first step's size
_SELDOM = 2  # a character that stands there less often is a stranger
_SLOW, _SLOWER, _TINY = 0.9, 0.99, 1e-7  # Adam's


def fit(plains: Sequence[str], listed: Sequence[Sequence[Span]], gold: Sequence[Sequence[Span]], seed: int) -> Network:
    """Learn from plain texts, what the lists tell of them, and their marks. Same texts and seed, same network."""
    often = Counter("".join(plains))
    known = sorted(letter for letter, times in often.items() if times >= _SELDOM)
    letters = {letter: number for number, letter in enumerate(known, 1)}
    every = seen(plains, listed, letters)
    told = np.array([PLACE[tag] for text, its in zip(plains, gold, strict=True) for tag in marked(its, len(text))])
    generator = np.random.default_rng(seed)
    learner = _Learner(_begun(len(letters), generator), generator)
    at_once = min(TEXTS, max(_FEWEST_TEXTS, len(plains) // _FEWEST_STEPS))
    firsts = range(0, len(plains), at_once)
    for number in range(PASSES):
        order = generator.permutation(len(plains))
        for step, first in enumerate(firsts, number * len(firsts)):
            size = STEP * (1 - (1 - _LAST) * step / (PASSES * len(firsts)))
            learner.learn(*_some(every, told, order[first : first + at_once]), size)
    return Network(letters, learner.weights)


def _begun(letters: int, generator: np.random.Generator) -> Weights:
    """Layers begin at random, as large as keeps what they tell of one size (He and others, ICCV 2015)."""
    begun: dict[str, Floats] = {name: np.zeros(shape, np.float32) for name, shape in shapes(letters).items()}
    for name, strength in (("near", 2), ("far", 2), ("tags", 1)):
        inputs = begun[name].size / begun[name].shape[-1]
        generator.standard_normal(out=begun[name], dtype=np.float32)
        begun[name] *= np.sqrt(strength / inputs)
    return Weights(**begun)


def _some(every: Seen, told: Ints, texts: Ints) -> tuple[Seen, Ints]:
    """Some of the texts, again with an empty row around each."""
    lengths = every.lengths[texts]
    starts = (np.cumsum(every.lengths) - every.lengths)[texts]
    out = np.cumsum(lengths) - lengths
    characters = np.repeat(starts - out, lengths) + np.arange(lengths.sum())
    here = np.arange(lengths.sum()) + np.repeat(np.arange(1, len(texts) + 1), lengths)
    rows = np.zeros((len(here) + len(texts) + 1, every.rows.shape[1]), np.float32)
    rows[here] = every.rows[every.here[characters]]
    letter = np.zeros(len(rows), np.int64)
    letter[here] = every.letter[every.here[characters]]
    return Seen(letter, rows, here, lengths), told[characters]


class _Layers(NamedTuple):
    """What each layer took and told; `open_` is 0 where something was left out or not told, larger than 1 elsewhere."""

    rows: Floats
    rows_open: Floats
    near: Floats
    near_open: Floats
    far: Floats
    far_open: Floats


class _Learner:
    """The weights so far, and Adam's means of gradients and their squares."""

    def __init__(self, weights: Weights, generator: np.random.Generator) -> None:
        self.weights = weights
        self._generator = generator
        self._means = Weights(*map(np.zeros_like, weights))
        self._squares = Weights(*map(np.zeros_like, weights))
        self._steps = 0

    def learn(self, given: Seen, told: Ints, size: float) -> None:
        """One step against the mean gradient of some texts."""
        self._steps += 1
        first, second = 1 - _SLOW**self._steps, 1 - _SLOWER**self._steps
        slopes = self._slopes(given, told, self._layers(given))
        for place, slope in enumerate(slopes):
            mean, square, weight = self._means[place], self._squares[place], self.weights[place]
            np.add(mean, (1 - _SLOW) * (slope - mean), out=mean)
            np.add(square, (1 - _SLOWER) * (slope**2 - square), out=square)
            np.subtract(weight, size / first * mean / (np.sqrt(square / second) + _TINY), out=weight)

    def _layers(self, given: Seen) -> _Layers:
        weights, there = self.weights, np.zeros((len(given.rows), 1), np.float32)
        there[given.here] = 1
        rows = with_letters(given, weights)
        rows_open = self._open(rows.shape, LEFT_OUT_SEEN)
        rows *= rows_open
        near = spread(rows, weights.near, weights.near_bias)
        near_open = self._open(near.shape, LEFT_OUT) * there * (near > 0)
        near *= near_open
        far = spread(near, weights.far, weights.far_bias)
        far_open = self._open(far.shape, LEFT_OUT) * there * (far > 0)
        far *= far_open
        return _Layers(rows, rows_open, near, near_open, far, far_open)

    def _open(self, shape: tuple[int, ...], left_out: float) -> Floats:
        return (self._generator.random(shape, np.float32) >= left_out) / np.float32(1 - left_out)

    def _slopes(self, given: Seen, told: Ints, layers: _Layers) -> Weights:
        """The gradient of the mean loss of a text by each weight, from the tags back to the characters."""
        weights, texts = self.weights, np.float32(len(given.lengths))
        scores = layers.far[given.here] @ weights.tags + weights.tags_bias
        steps = Steps(np.cumsum(given.lengths) - given.lengths, given.lengths)
        beliefs = believed(scores[steps.rows], weights.moves, steps)
        wrong = beliefs.forward * beliefs.backward
        wrong[np.arange(len(told)), told[steps.rows]] -= 1
        by_tag = np.zeros((len(given.rows), len(TAGS)), np.float32)
        by_tag[given.here[steps.rows]] = wrong / texts
        by_far = (by_tag @ weights.tags.T) * layers.far_open
        far, by_near = _back(layers.near, weights.far, by_far)
        by_near *= layers.near_open
        near, by_rows = _back(layers.rows, weights.near, by_near)
        by_letter = (by_rows * layers.rows_open)[given.here, : vectors.WIDTH]
        return Weights(
            _summed(by_letter, given.letter[given.here], len(weights.letters)),
            *(near, by_near.sum(0), far, by_far.sum(0), layers.far.T @ by_tag, by_tag.sum(0)),
            ((beliefs.pairs - _pairs(told[steps.rows], steps)) / texts).astype(np.float32),
        )


def _back(rows: Floats, kernel: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """The other way of `spread`: from the slopes of what it told to those of the kernel and of the rows."""
    by_kernel = np.stack([rows[:-1].T @ slope[1:], rows.T @ slope, rows[1:].T @ slope[:-1]])
    by_rows = slope @ kernel[1].T
    by_rows[:-1] += slope[1:] @ kernel[0].T
    by_rows[1:] += slope[:-1] @ kernel[2].T
    return by_kernel, by_rows


def _summed(rows: Floats, number: Ints, numbers: int) -> Floats:
    """The sum of the rows of each number."""
    one = np.ones(len(rows), np.float32)
    gathered = scipy.sparse.csr_matrix((one, (number, np.arange(len(rows)))), (numbers, len(rows)))
    return np.asarray(gathered @ rows)


def _pairs(told: Ints, steps: Steps) -> NDArray[np.float64]:
    """How often does which tag follow which? Shape (tags, tags)."""
    tags, cells = len(TAGS), []
    for step in range(1, len(steps.sizes)):
        before = told[steps.bounds[step - 1] :][: steps.sizes[step]]
        cells.append(before * tags + told[steps.bounds[step] : steps.bounds[step + 1]])
    run = np.concatenate(cells) if cells else np.zeros(0, np.int64)
    return np.bincount(run, minlength=tags**2).reshape(tags, tags).astype(float)
