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


class Found(NamedTuple):
    """Where does a pattern stand? `cue` is its number; the part of the text is [start, end)."""

    cue: int
    start: int
    end: int


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
    cue: int
    place: int
    far: bool
    last: bool


class Cues:
    """A set of patterns, numbered in their order. It keeps no state of the texts it reads."""

    def __init__(self, patterns: Sequence[str]) -> None:
        steps: dict[str, list[_Step]] = {}
        for cue, pattern in enumerate(patterns):
            split = parts(pattern)
            for place, part in enumerate(split):
                for word in part.wordings:
                    steps.setdefault(word, []).append(_Step(cue, place, part.far, place == len(split) - 1))
        self._steps = list(steps.values())
        self._automaton = AhoCorasick(list(steps), matchkind=MatchKind.Standard)

    def find(self, normal: str) -> list[Found]:
        """Every place of every pattern in a normal text, in the order of their ends."""
        found: list[Found] = []
        begun: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for word, start, end in self._automaton.find_matches_as_indexes(normal, overlapping=True):
            for cue, place, far, last in self._steps[word]:
                first = start
                if place:
                    before = begun.get((cue, place - 1))
                    joined = _joined(normal, before, start, far=far) if before else None
                    if joined is None:
                        continue
                    first = joined
                if last:
                    found.append(Found(cue, first, end))
                else:
                    begun.setdefault((cue, place), []).append((first, end))
        return found


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
