"""Which words that speak for something stand in a text? All patterns of all rule books, found in one pass.

A pattern is written as a person reads it: 等很久; (排队|等)…(久|小时), where … bridges at most eight characters of one
clause and …… twenty-four of one sentence. The automaton: Aho and Corasick (1975), Communications of the ACM 18:333-340.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from huixiang.domain.understanding.normal import normalise

REACH, FAR = 8, 24  # characters that … and …… bridge
MOST_WORDINGS = 400  # one pattern may stand for; more is a slip of the pen, and slow
_CLAUSE_ENDS = re.compile(r"[,，。.！!？?；;\n]")
_SENTENCE_ENDS = re.compile(r"[。！!？?；;\n]")
_BRIDGE = re.compile(r"((?:\.\.\.)+)")  # what the normal form makes of …
_PIECE = re.compile(r"\(([^()]*)\)|([^()|]+)")


class PatternError(ValueError):
    """A pattern that cannot be read. `reason` is one of empty, brackets, wordings."""

    def __init__(self, pattern: str, reason: str) -> None:
        self.pattern, self.reason = pattern, reason
        super().__init__(f"{pattern}: {reason}")


Found = tuple[int, int, int]  # the number of a pattern, and where it stands: [start, end)


class Part(NamedTuple):
    """What stands between two bridges: its wordings in normal form; `far` if the bridge before it is the long one."""

    wordings: tuple[str, ...]
    far: bool = False


def parts(pattern: str) -> list[Part]:
    """What does a pattern stand for? Raises PatternError for empty parts, bad brackets and too many wordings."""
    pieces = _BRIDGE.split(normalise(pattern))
    bridges = ["", *pieces[1::2]]
    return [Part(_spelled(pattern, piece), len(bridge) > 3) for piece, bridge in zip(pieces[::2], bridges, strict=True)]


def _spelled(pattern: str, part: str) -> tuple[str, ...]:
    choices, end = [], 0
    for piece in _PIECE.finditer(part):
        if piece.start() != end:
            raise PatternError(pattern, "brackets")
        end = piece.end()
        choices.append([piece[2]] if piece[2] else piece[1].split("|"))
    if end != len(part):
        raise PatternError(pattern, "brackets")
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MOST_WORDINGS:
        raise PatternError(pattern, "wordings")
    spelled = tuple("".join(words).strip() for words in product(*choices))
    if not all(spelled):
        raise PatternError(pattern, "empty")
    return spelled


class _Step(NamedTuple):
    """A part of a pattern behind the first: `before` and `here` number the part before it and itself."""

    cue: int
    before: int
    here: int
    far: bool
    last: bool


class _Word:
    """What a word may be: patterns in themselves, first parts of patterns, later parts that `wait` for one before."""

    __slots__ = ("firsts", "later", "waits", "whole")

    def __init__(self) -> None:
        self.whole: list[int] = []
        self.firsts: list[int] = []
        self.later: list[_Step] = []
        self.waits: frozenset[int] = frozenset()


class Cues:
    """A set of patterns, numbered in their order. It keeps no state of the texts it reads."""

    def __init__(self, patterns: Sequence[str]) -> None:
        words: dict[str, _Word] = {}
        number = 0
        for cue, pattern in enumerate(patterns):
            split = parts(pattern)
            for place, part in enumerate(split):
                step = _Step(cue, number - 1, number, part.far, place == len(split) - 1)
                for word in part.wordings:
                    known = words.setdefault(word, _Word())
                    if place:
                        known.later.append(step)
                    else:
                        (known.whole if step.last else known.firsts).append(cue if step.last else number)
                number += 1
        for known in words.values():
            known.waits = frozenset(step.before for step in known.later)
        self._words = list(words.values())
        self._automaton = AhoCorasick(list(words), matchkind=MatchKind.Standard)

    def find(self, normal: str) -> list[Found]:
        """Every place of every pattern in a normal text, in the order of their ends."""
        found: list[Found] = []
        begun: dict[int, list[tuple[int, int]]] = {}
        for number, start, end in self._automaton.find_matches_as_indexes(normal, overlapping=True):
            word = self._words[number]
            for cue in word.whole:
                found.append((cue, start, end))
            # Four words in five are a later part of some pattern, and hardly ever is its first part there.
            if begun and not word.waits.isdisjoint(begun):
                _go_on(normal, word, (start, end), begun, found)
            for part in word.firsts:
                begun.setdefault(part, []).append((start, end))
        return found


def _go_on(
    normal: str, word: _Word, at: tuple[int, int], begun: dict[int, list[tuple[int, int]]], found: list[Found]
) -> None:
    """Join a word to the parts before it: the pattern is complete, or one part farther."""
    start, end = at
    for cue, before, here, far, last in word.later:
        first = _joined(normal, begun[before], start, far=far) if before in begun else None
        if first is None:
            continue
        if last:
            found.append((cue, first, end))
        else:
            begun.setdefault(here, []).append((first, end))


def _joined(normal: str, before: Sequence[tuple[int, int]], start: int, *, far: bool) -> int | None:
    """Where the part before begins, if it ends within reach of `start` and in its clause, or sentence."""
    reach, ends = (FAR, _SENTENCE_ENDS) if far else (REACH, _CLAUSE_ENDS)
    for first, end in reversed(before):
        if end > start:
            continue
        if start - end > reach or ends.search(normal, end, start):
            return None
        return first
    return None
