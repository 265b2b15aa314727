"""Which spans does a text hold, by words alone? Longest words first, opinions with the words that turn them."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

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
        kinds = dict((dictionary or Dictionary.shipped()).kinds)
        for word in _APART:
            kinds.setdefault(word, _STOP)
        self._kinds = list(kinds.values())
        self._words = AhoCorasick(list(kinds), matchkind=MatchKind.LeftmostLongest)
        modifiers = entries("modifiers.txt")
        self._turns = frozenset().union(*(modifiers[name] for name in _TURNS)) | _TURNING
        self._turns_longest = max(map(len, self._turns))
        self._turns_end = frozenset(turn[-1] for turn in self._turns)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in order, none over another."""
        return self.plain_spans([plain(text) for text in texts])

    def plain_spans(self, plains: Sequence[str]) -> list[list[Span]]:
        """As `spans`, of texts that `chain.plain` made plain already."""
        return [self._read(text) for text in plains]

    def _read(self, text: str) -> list[Span]:
        found: list[Span] = []
        free_from, kinds = 0, self._kinds
        for word, at, end in self._matches(text):
            kind = kinds[word]
            if kind != _STOP:
                start = self._turned(text, at, free_from) if kind == OPINION else at
                found.append(Span(start, end, kind))
            free_from = end
        return found

    def _matches(self, text: str) -> list[tuple[int, int, int]]:
        try:
            return self._words.find_matches_as_indexes(text)
        except UnicodeEncodeError:  # lone surrogates come in through broken JSON escapes and have no UTF-8 form
            return self._words.find_matches_as_indexes(text.encode("utf-8", "replace").decode())

    def _turned(self, text: str, at: int, free_from: int) -> int:
        """Where the opinion begins with the negation or degree right before it: 不 高, 太 低."""
        if at == free_from or text[at - 1] not in self._turns_end:
            return at
        for length in range(min(self._turns_longest, at - free_from), 0, -1):
            if text[at - length : at] in self._turns:
                return at - length
        return at
