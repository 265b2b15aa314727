"""What does a network see of a text? Of each character its point, its word's point and edges, and what lists say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from huixiang.domain.understanding import dictionary, vectors
from huixiang.domain.understanding.opinions.chain import Floats, Ints
from huixiang.domain.understanding.opinions.lists import strength
from huixiang.domain.understanding.opinions.tags import KINDS, OPINION, Span

if TYPE_CHECKING:
    from rjieba import Jieba

_EDGES, _FEELING = 2, 2
WORD_AT = vectors.WIDTH
EDGES_AT = WORD_AT + vectors.WIDTH
LISTS_AT = EDGES_AT + _EDGES
FEELING_AT = LISTS_AT + 2 * len(KINDS)
SEEN = FEELING_AT + _FEELING  # numbers a character


class Seen(NamedTuple):
    """Texts one below the other, an empty row before, between and after them, so that no text sees another.

    `letter` numbers the characters that the network knows by heart, 0 stands for all others; `rows` has SEEN numbers a
    row; `here` are the rows that stand for characters.
    """

    letter: Ints
    rows: Floats
    here: Ints
    lengths: Ints


def seen(plains: Sequence[str], listed: Sequence[Sequence[Span]], letters: Mapping[str, int]) -> Seen:
    """See texts. `listed` is what the product's own lists tell of each, `letters` the characters known by heart."""
    lengths = np.array([len(text) for text in plains], np.int64)
    starts = np.cumsum(lengths) - lengths + np.arange(1, len(plains) + 1)
    here = np.arange(lengths.sum()) + np.repeat(np.arange(1, len(plains) + 1), lengths)
    rows = np.zeros((len(here) + len(plains) + 1, SEEN), np.float32)
    letter = np.zeros(len(rows), np.int64)
    codes = np.frombuffer("".join(plains).encode("utf-32-le", "replace"), np.uint32)
    distinct, which = np.unique(codes, return_inverse=True)
    characters = [chr(code) for code in distinct.tolist()]
    letter[here] = np.array([letters.get(each, 0) for each in characters], np.int64)[which]
    rows[here, :WORD_AT] = vectors.points(characters)[which]
    _words(plains, rows, here)
    _lists(plains, listed, starts, rows)
    return Seen(letter, rows, here, lengths)


def _words(plains: Sequence[str], rows: Floats, here: Ints) -> None:
    words = [word for text in plains for word in cut(text)]
    number = {word: place for place, word in enumerate(dict.fromkeys(words))}
    sizes = np.array([len(word) for word in words], np.int64)
    which = np.repeat(np.array([number[word] for word in words], np.int64), sizes)
    rows[here, WORD_AT:EDGES_AT] = vectors.points(list(number))[which]
    ends = np.cumsum(sizes)
    rows[here[ends - sizes], EDGES_AT] = 1
    rows[here[ends - 1], EDGES_AT + 1] = 1


def cut(text: str) -> list[str]:
    """The words of a plain text, which together are the text."""
    try:
        return _jieba().cut(text)
    except UnicodeEncodeError:  # lone surrogates come in through broken JSON escapes and have no UTF-8 form
        return _jieba().cut(text.encode("utf-8", "replace").decode())


def _lists(plains: Sequence[str], listed: Sequence[Sequence[Span]], starts: Ints, rows: Floats) -> None:
    """A column for the beginning and one for the inside of each kind; how good or bad an opinion is by the lists."""
    for text, spans, first in zip(plains, listed, starts.tolist(), strict=True):
        for start, end, kind in spans:
            column = LISTS_AT + 2 * KINDS.index(kind)
            rows[first + start, column] = 1
            rows[first + start + 1 : first + end, column + 1] = 1
            if kind == OPINION:
                felt = strength(text[start:end])
                rows[first + start : first + end, FEELING_AT + (felt < 0)] = abs(felt)


@cache
def _jieba() -> Jieba:
    return dictionary.copy()
