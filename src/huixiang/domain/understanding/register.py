"""In which manner does a text speak? Talk among card holders is read otherwise than what is said to a bank."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick, MatchKind

from huixiang.domain.understanding.lexicon import entries

# What a word of each list in data/register.txt says for talk among customers. Round numbers, set by hand.
WEIGHTS = {"圈内": 2.5, "行话": 1.0, "闲谈": 0.7, "点评": -1.5, "诉求": -2.0}
_FIGURE, _SHOUT = 0.5, -0.4  # 提到5w and 3个月 belong to the trade's talk, exclamation marks to reviews
_ENOUGH = 0.4  # less than one word, so that any word of talk decides where nothing speaks against it
_SHORT, _PER_WORD = 45, 10  # characters: a longer text tells a story of its own, and must say more of the trade

_AMOUNT = re.compile(r"\d(?:k|w|万|个点|砖|期|年|个?月|天|笔)|[一二三四五六七八九十两几](?:万|个点|年|个月|期)")


class Register:
    """Tells talk among customers by the words of data/register.txt, in one pass over a text."""

    def __init__(self) -> None:
        weights = {word: weight for section, weight in WEIGHTS.items() for word in entries("register.txt")[section]}
        words = sorted(weights)
        self._weights = [weights[word] for word in words]
        self._words = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)

    def is_chatter(self, normal: str) -> bool:
        """Is this talk among customers, of limits and cards, rather than a word to the bank or a review?"""
        return self.weight(normal) >= _ENOUGH + max(0, len(normal) - _SHORT) / _PER_WORD

    def weight(self, normal: str) -> float:
        """How much speaks for talk among customers? Below 0 where reviews and complaints speak so."""
        found = {word for word, _, _ in self._words.find_matches_as_indexes(normal)}
        weight = sum([self._weights[word] for word in found])
        if "!" in normal:
            weight += _SHOUT
        return weight + _FIGURE if _AMOUNT.search(normal) else weight
