"""Which spans does a text hold, by words alone? Longest words first, opinions with the words that turn them."""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.opinions.tags import OPINION, Span

_TURNS = ("否定", "加强", "减弱")
_TURNING = {
    "不",
    "没",
    "没有",
    "太",
    "很",
    "非常",
    "特别",
    "挺",
    "更",
    "最",
    "越",
    "超",
    "不太",
    "不够",
    "有点",
    "比较",
}
_STOP = "（跳过）"
# Words within which a short word of ours would be found by mistake.
_APART = (
    "大家",
    "大妈",
    "大哥",
    "多少",
    "不少",
    "至少",
    "差不多",
    "好像",
    "好的",
    "好吧",
    "最好",
    "只好",
    "你好",
    "您好",
    "好几",
)


class Rules:
    """The shipped reader of spans. It has no state but its words, so one object serves all threads."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        self._kinds = dict((dictionary or Dictionary.shipped()).kinds)
        for word in _APART:
            self._kinds.setdefault(word, _STOP)
        self._lengths: dict[str, tuple[int, ...]] = {}
        for word in sorted(self._kinds, key=len, reverse=True):
            known = self._lengths.get(word[0], ())
            if len(word) not in known:
                self._lengths[word[0]] = (*known, len(word))
        modifiers = entries("modifiers.txt")
        self._turns = frozenset().union(*(modifiers[name] for name in _TURNS)) | _TURNING
        self._turns_longest = max(map(len, self._turns))

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in order, none over another."""
        return [self._read(plain(text)) for text in texts]

    def _read(self, text: str) -> list[Span]:
        found: list[Span] = []
        kinds, lengths, at, free_from = self._kinds, self._lengths, 0, 0
        while at < len(text):
            for length in lengths.get(text[at], ()):
                word = text[at : at + length]
                kind = kinds.get(word)
                if kind is not None and len(word) == length:
                    if kind != _STOP:
                        start = self._turned(text, at, free_from) if kind == OPINION else at
                        found.append(Span(start, at + length, kind))
                    at = free_from = at + length
                    break
            else:
                at += 1
        return found

    def _turned(self, text: str, at: int, free_from: int) -> int:
        """Where the opinion begins with the negation or degree right before it: 不 高, 太 低."""
        for length in range(min(self._turns_longest, at - free_from), 0, -1):
            if text[at - length : at] in self._turns:
                return at - length
        return at
