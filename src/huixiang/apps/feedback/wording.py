"""Which words stand for praise, which for blame, and are they on the rise? Month against month, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from huixiang.apps.access.models import Unit
from huixiang.domain.statistics import Interval, difference, share
from huixiang.domain.understanding.lexicon import entries
from huixiang.lake import questions
from huixiang.lake.questions import Slice, Words
from huixiang.lake.store import Lake

FEWEST = 3  # voices that must hold a word before it is worth showing


@dataclass(frozen=True, slots=True)
class Telling:
    """A word that one side says more often than the other, and how its share there moved since the month before."""

    word: str
    count: int
    share: Interval | None
    change: Interval | None
    was_said: bool  # in the month before

    @property
    def trend(self) -> Literal["new", "rising", "falling", "unproven", "unknown"]:
        """A change is proven only where its interval leaves 0 out; `new`: proven, and not said at all before."""
        if self.change is None:
            return "unknown"
        if self.change.low > 0:
            return "rising" if self.was_said else "new"
        return "falling" if self.change.high < 0 else "unproven"


def telling(lake: Lake, before: Slice | None, now: Slice, side: str, limit: int = 10) -> list[Telling]:
    """The words most typical of the negative or the positive side, each against the month before.

    Typical is a word whose share among this side's voices lies above the other side's beyond chance; the order is by
    the lower end of that difference, so that a rare word must earn its place. A word that both sides use says nothing,
    nor do neutral words and the bank's own name.
    """
    other = "positive" if side == "negative" else "negative"
    here, there = questions.words(lake, now, side), questions.words(lake, now, other)
    bank = Unit.objects.filter(parent=None).values_list("name", flat=True).first() or ""
    typical = sorted(_typical(here, there), reverse=True)
    chosen = [word for _, word in typical if not _says_nothing(word, side) and not names(word, bank)][:limit]
    old = questions.words(lake, before, side, only=chosen) if before else Words(0, {})
    return [_compared(word, here, old) for word in chosen]


def _says_nothing(word: str, side: str) -> bool:
    neutral = entries("neutral.txt")
    return word in neutral[""] or word in neutral.get(side, ())


def names(word: str, bank: str) -> bool:
    """Is this the bank's name, or short for it?

    >>> names("工行", "中国工商银行总行"), names("工商银行", "中国工商银行总行"), names("手机银行", "中国工商银行总行")
    (True, True, False)
    """
    signs = iter(bank)
    return all(sign in signs for sign in word)  # its characters stand in the name, in this order


def _typical(here: Words, there: Words) -> Iterator[tuple[float, str]]:
    for word, count in here.counts.items():
        if count < FEWEST:
            continue
        # Nobody on the other side: then frequency alone speaks.
        gap = difference((there.counts.get(word, 0), there.of), (count, here.of)) or share(count, here.of)
        if gap is not None and gap.low > 0:
            yield gap.low, word


def _compared(word: str, here: Words, old: Words) -> Telling:
    count, before = here.counts[word], old.counts.get(word, 0)
    change = difference((before, old.of), (count, here.of))
    return Telling(word, count, share(count, here.of), change, was_said=before > 0)
