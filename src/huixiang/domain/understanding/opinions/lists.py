"""What do the product's own lists tell of a text? A trained reader takes their word as one among others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.tags import Span

_TURNS = ("非常", "特别", "有点", "比较", "不", "没", "太", "很", "挺", "更", "最", "越", "超")


def listed(plains: Sequence[str]) -> list[list[Span]]:
    """The spans that the lists as shipped tell of each plain text."""
    return _rules().plain_spans(plains)


@lru_cache(maxsize=20_000)
def strength(word: str) -> float:
    """The feeling of a word by the lists of praise and blame, with or without the word that turns it; 0 for none."""
    known = strengths()
    if word in known:
        return known[word]
    bare = next((word[len(turn) :] for turn in _TURNS if word.startswith(turn)), word)
    return known.get(bare, known.get(word.rstrip("了的"), 0.0))


@cache
def _rules() -> Rules:
    return Rules()
