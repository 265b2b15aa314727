"""Which spans are worth judging? Those that a chain takes for likely, and those that the product's own lists tell.

People mark many an opinion word that hardly anybody marked before (累赘, 抠门): a chain alone proposes five in six of
those that they mark, with the lists it is nine in ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.opinions.chain import LONGEST, Candidates, Chain
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.tags import KINDS, Span

LEAST = 0.03  # how likely a span must seem to the chain to be judged at all
_SELDOM = 0.002  # what stands for the chain's probability where it is less than LEAST


def proposed(chain: Chain, plains: Sequence[str]) -> tuple[Candidates, list[list[Span]]]:
    """The spans to judge, by text, then place; and what the lists tell of each text."""
    told = _lists().plain_spans(plains)
    found = chain.candidates(plains, LEAST)
    likely = dict(zip(zip(*(part.tolist() for part in found[:4]), strict=True), found.likely.tolist(), strict=True))
    for text, spans in enumerate(told):
        for start, end, kind in spans:
            if end - start <= LONGEST:
                likely.setdefault((text, start, end, KINDS.index(kind)), _SELDOM)
    order = sorted(likely)
    texts, starts, ends, kinds = np.array(order, np.int64).reshape(-1, 4).T
    return Candidates(texts, starts, ends, kinds, np.array([likely[place] for place in order])), told


@lru_cache(maxsize=20_000)
def strength(word: str) -> float:
    """The feeling of a word by the lists of praise and blame, with or without the word that turns it; 0 for none."""
    known = strengths()
    if word in known:
        return known[word]
    bare = next((word[len(turn) :] for turn in _TURNS if word.startswith(turn)), word)
    return known.get(bare, known.get(word.rstrip("了的"), 0.0))


_TURNS = ("非常", "特别", "有点", "比较", "不", "没", "太", "很", "挺", "更", "最", "越", "超")


@cache
def _lists() -> Rules:
    return Rules()
