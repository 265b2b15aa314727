"""Which words is a text made of? Segmentation that knows the bank's words, and the content words among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from huixiang.domain.understanding import dictionary
from huixiang.domain.understanding.lexicon import all_entries

if TYPE_CHECKING:
    from rjieba import Jieba

_WORD = re.compile(
    r"[a-z][a-z0-9+-]{1,19}$|[\u3400-\u9fff\U00020000-\U0003134f]{2,}[a-z0-9]*$|[a-z0-9]{1,6}[\u3400-\u9fff]+$"
)
_SINGLES = frozenset("卡慢差烂坑贵赞棒丑乱难累烦快牛")  # one-character opinions that carry the whole review
_FEELINGS = ("praise.txt", "blame.txt", "failures.txt", "idioms.txt", "slang.txt")
_LISTS = ("bank.txt", "aspects.txt", "modifiers.txt", *_FEELINGS)
# How often a word is taken to occur: the longer, the surer it is meant as a whole. In the dictionary's own scale.
_FREQUENCY = {3: 20_000}
_LONG = 100_000
_REMEMBERED = 200_000


class Words:
    """The bank's segmentation. `dictionary` adds words of one's own that stay whole (products, campaigns)."""

    def __init__(self, dictionary: Iterable[str] = ()) -> None:
        own = frozenset(word.strip().lower() for word in dictionary)
        self._jieba = _taught(own) if own else _shipped()
        self._stop = all_entries("stop.txt") - own
        self._content: dict[str, str | None] = {}

    def tokens(self, normal: str) -> list[str]:
        """All pieces of a normal text in order, punctuation and emoji among them."""
        return self._jieba.cut(normal)

    def cut(self, normal: str) -> tuple[str, ...]:
        """The content words of a normal text in order, repeated as they occur."""
        return self.content(self.tokens(normal))

    def content(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """The content words among the pieces: neither stop words nor numbers, punctuation or single characters.

        A word that occurs a thousand times is held once: a long text's words take less memory than the text.
        """
        known = self._content
        try:
            return tuple([word for token in tokens if (word := known[token])])
        except KeyError:
            if len(known) > _REMEMBERED:  # a file full of made-up words must not fill the memory
                known.clear()
            for token in tokens:
                if token not in known:
                    wanted = token not in self._stop and (token in _SINGLES or _WORD.match(token) is not None)
                    known[token] = token if wanted else None
            return tuple([word for token in tokens if (word := known[token])])


@cache
def _shipped() -> Jieba:
    """Shared by all who add no words: it keeps nothing of what it cuts, and takes a tenth of a second to make."""
    return _taught(frozenset())


def _taught(own: frozenset[str]) -> Jieba:
    """A segmentation that knows the product's words, and a bank's own."""
    jieba = dictionary.copy()
    for word in sorted(frozenset().union(*map(all_entries, _LISTS)) | own):
        if word in own:
            jieba.add_word(word, _LONG, "n")
        elif len(word) > 2:
            jieba.add_word(word, _FREQUENCY.get(len(word), _LONG), "n")
        elif len(word) == 2 and jieba.cut(word, False) != [word]:
            jieba.add_word(word, jieba.suggest_freq(word), "n")
    return jieba
