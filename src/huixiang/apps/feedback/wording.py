"""Which words stand for praise, which for blame, and are they on the rise? Month against month, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from huixiang.domain.statistics import Interval, difference, share
from huixiang.lake import questions
from huixiang.lake.questions import Slice, WordCount
from huixiang.lake.store import Lake

FEWEST = 3  # voices that must hold a word before it is worth showing


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that one side says more often than the other, and how its share there moved since the month before."""

    word: str
    count: int
    share: Interval | None
    change: Interval | None

    @property
    def trend(self) -> Literal["new", "rising", "falling", "unproven", "unknown"]:
        """A change is proven only where its interval leaves 0 out; `new`: proven, and not said at all before."""
        if self.change is None:
            return "unknown"
        if self.change.low > 0:
            return "new" if self.share and self.change.value >= self.share.value else "rising"
        return "falling" if self.change.high < 0 else "unproven"


def telling(lake: Lake, before: Slice | None, now: Slice, side: str, limit: int = 10) -> list[Telling]:
    """The words most typical of the negative or the positive side, each against the month before.

    Typical is a word whose share among this side's voices lies above the other side's beyond chance; the order is by
    the lower end of that difference, so that a rare word must earn its place. A word that both sides use says nothing.
    """
    other = "positive" if side == "negative" else "negative"
    here, there = questions.words(lake, now, side), _by_word(questions.words(lake, now, other))
    old = _by_word(questions.words(lake, before, side)) if before else {}
    ranked = sorted(_typical(here, there), reverse=True)[:limit]
    return [_compared(word, old) for _, _, word in ranked]


Known = dict[str, tuple[int, int]]


def _typical(here: Sequence[WordCount], there: Known) -> list[tuple[float, str, WordCount]]:
    of_there = next(iter(there.values()), (0, 0))[1]
    found = []
    for word in here:
        if word.count < FEWEST:
            continue
        # Nobody on the other side: then frequency alone speaks.
        gap = difference(there.get(word.word, (0, of_there)), (word.count, word.of)) or share(word.count, word.of)
        if gap is not None and gap.low > 0:
            found.append((gap.low, word.word, word))
    return found


def _compared(word: WordCount, old: Known) -> Telling:
    of_old = next(iter(old.values()), (0, 0))[1]
    change = difference(old.get(word.word, (0, of_old)), (word.count, word.of))
    return Telling(word.word, word.count, share(word.count, word.of), change)


def _by_word(words: Sequence[WordCount]) -> Known:
    return {word.word: (word.count, word.of) for word in words}
