"""In which manner does a text speak? Talk among card holders is read otherwise than what is said to a bank."""

from __future__ import annotations

import re
from collections.abc import Iterable

from huixiang.domain.understanding.lexicon import entries

SHORT = 60  # characters; a longer text tells a story of its own


class Register:
    """Tells chatter by the words of data/chatter.txt."""

    def __init__(self) -> None:
        lists = entries("chatter.txt")
        self._slang, self._trade, self._address = (_any(lists[name]) for name in ("圈内", "行话", "诉"))

    def is_chatter(self, normal: str) -> bool:
        """Is this talk among customers, of limits and cards, rather than a word to the bank?"""
        if self._slang.search(normal):
            return True
        if len(normal) > SHORT or not self._trade.search(normal):
            return False
        return not self._address.search(normal)


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
