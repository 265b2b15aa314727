"""What is thought of what, text by text? Spans by the rules or a trained reader, linked to opinions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from huixiang.domain.understanding.contract import Opinion
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.opinions.pairing import Pairing
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.tags import Span


class Reader(Protocol):
    """What every reader of spans offers: `rules.Rules` and `reader.Learned`."""

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in order, none over another; offsets in the text given."""
        ...

    def plain_spans(self, plains: Sequence[str]) -> list[list[Span]]:
        """As `spans`, of texts that `chain.plain` made plain already."""
        ...


class Opinions:
    """Reads opinions in batches. `own` is the bank's own dictionary as text; `reader` a model in place of the rules."""

    def __init__(self, own: str = "", reader: Reader | None = None) -> None:
        self._reader = reader or _rules(own)
        self._pairing = Pairing(_dictionary(own))

    def read(self, texts: Sequence[str]) -> list[tuple[Opinion, ...]]:
        """The opinions of masked texts, in their order."""
        plains = [plain(text) for text in texts]
        found = self._reader.plain_spans(plains)
        return [self._pairing.link(text, spans) for text, spans in zip(plains, found, strict=True)]


@lru_cache(maxsize=2)
def _dictionary(own: str) -> Dictionary:
    return Dictionary.shipped(own)


@lru_cache(maxsize=2)
def _rules(own: str) -> Rules:
    """Made once for the same words: it keeps nothing of what it reads."""
    return Rules(_dictionary(own))
