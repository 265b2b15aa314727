"""Which words that speak for something stand in a text? All patterns of all rule books, found in one pass.

A pattern is written as a person reads it: 等很久; (排队|等)…(久|小时), where … bridges at most eight characters of one
clause. The automaton is Aho and Corasick's (1975), Communications of the ACM 18:333-340, by ahocorasick-rs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from huixiang.domain.understanding.normal import normalise

REACH = 8  # characters that … bridges
MOST_WORDINGS = 400  # one pattern may stand for; more is a slip of the pen, and slow
_CLAUSE_ENDS = re.compile(r"[,，。.！!？?；;\n]")
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


def wordings(pattern: str) -> list[list[str]]:
    """What does a pattern stand for? The wordings of each part between two …, in normal form.

    Raises PatternError for empty parts, brackets that do not match, and more than MOST_WORDINGS wordings.
    """
    return [_spelled(pattern, part) for part in normalise(pattern).replace("...", "…").split("…")]


def _spelled(pattern: str, part: str) -> list[str]:
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
    spelled = ["".join(words).strip() for words in product(*choices)]
    if not all(spelled):
        raise PatternError(pattern, "empty")
    return spelled


class _Part(NamedTuple):
    cue: int
    place: int
    last: bool


class Cues:
    """A set of patterns, numbered in their order. It keeps no state of the texts it reads."""

    def __init__(self, patterns: Sequence[str]) -> None:
        parts: dict[str, list[_Part]] = {}
        for cue, pattern in enumerate(patterns):
            spelled = wordings(pattern)
            for place, words in enumerate(spelled):
                for word in words:
                    parts.setdefault(word, []).append(_Part(cue, place, place == len(spelled) - 1))
        self._parts = list(parts.values())
        self._automaton = AhoCorasick(list(parts), matchkind=MatchKind.Standard)

    def find(self, normal: str) -> list[Found]:
        """Every place of every pattern in a normal text, in the order of their ends."""
        found: list[Found] = []
        begun: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for word, start, end in self._automaton.find_matches_as_indexes(normal, overlapping=True):
            for cue, place, last in self._parts[word]:
                first = start
                if place:
                    joined = _joined(normal, begun.get((cue, place - 1), ()), start)
                    if joined is None:
                        continue
                    first = joined
                if last:
                    found.append(Found(cue, first, end))
                else:
                    begun.setdefault((cue, place), []).append((first, end))
        return found


def _joined(normal: str, before: Sequence[tuple[int, int]], start: int) -> int | None:
    """Where the part before begins, if it ends within reach of `start` and in its clause."""
    for first, end in reversed(before):
        if end > start:
            continue
        if start - end > REACH or _CLAUSE_ENDS.search(normal, end, start):
            return None
        return first
    return None
