"""Which words did people mark, and how often did they let them pass? What a bank's labels say of words as such."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from huixiang.domain.understanding.opinions.chain import LONGEST
from huixiang.domain.understanding.opinions.tags import KINDS, Span

NEVER = (0,) * (len(KINDS) + 1)


@dataclass(frozen=True, slots=True)
class Memory:
    """`words`: how often marked as each of KINDS, then how often it stood there at all. `before`, `after`: how often a
    span of each kind followed or preceded a character; `characters`: how often these stood there at all.
    """

    words: dict[str, tuple[int, ...]]
    before: dict[str, tuple[int, ...]]
    after: dict[str, tuple[int, ...]]
    characters: dict[str, int]

    @staticmethod
    def of(plains: Sequence[str], gold: Sequence[Sequence[Span]]) -> Memory:
        """What these texts and their spans say."""
        marked, before, after = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for text, spans in zip(plains, gold, strict=True):
            for start, end, kind in spans:
                marked[text[start:end], kind] += 1
                before[text[max(0, start - 1) : start], kind] += 1
                after[text[end : end + 1], kind] += 1
        stood = _stood(plains, {word for word, _ in marked})
        words = {word: (*counts, stood[word]) for word, counts in _by_kind(marked).items()}
        characters = Counter("".join(plains))
        return Memory(words, _by_kind(before), _by_kind(after), dict(characters))

    def told(self) -> dict[str, Any]:
        """As plain JSON values; `read` takes them back."""
        return {name: getattr(self, name) for name in ("words", "before", "after", "characters")}

    @staticmethod
    def read(told: dict[str, Any]) -> Memory:
        """Raises KeyError, TypeError or ValueError where this is no memory."""
        words, before, after = (
            {str(word): tuple(int(number) for number in numbers) for word, numbers in told[name].items()}
            for name in ("words", "before", "after")
        )
        if any(len(numbers) != len(NEVER) for numbers in words.values()):
            raise ValueError("counts of a word are missing")
        return Memory(words, before, after, {str(char): int(number) for char, number in told["characters"].items()})


def _by_kind(counted: Counter[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    return {word: tuple(counted[word, kind] for kind in KINDS) for word in sorted({word for word, _ in counted})}


def _stood(plains: Iterable[str], words: set[str]) -> Counter[str]:
    stood = Counter[str]()
    lengths = sorted({len(word) for word in words if len(word) <= LONGEST})
    for text in plains:
        for length in lengths:
            stood.update([word for at in range(len(text) - length + 1) if (word := text[at : at + length]) in words])
    return stood
