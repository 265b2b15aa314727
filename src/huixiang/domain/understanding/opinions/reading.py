"""What is thought of what, text by text? Spans by the rules or a trained reader, linked to opinions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from huixiang.domain.understanding.contract import Opinion
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.dictionary import Dictionary, own_words
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
    """Reads opinions in batches. `reader` is a model in place of the rules.

    `own` is the bank's own dictionary as text; its words win over those of the product and over what a model reads.
    """

    def __init__(self, own: str = "", reader: Reader | None = None) -> None:
        self._reader = reader or _rules(own)
        if reader and own:
            self._reader = Overlaid(reader, own)
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


class Overlaid:
    """A trained reader with the bank's words over what it reads: no model can know a product of last week."""

    def __init__(self, reader: Reader, own: str) -> None:
        added, self._removed = own_words(own)
        self._reader, self._rules = reader, Rules(added)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in order, none over another."""
        return self.plain_spans([plain(text) for text in texts])

    def plain_spans(self, plains: Sequence[str]) -> list[list[Span]]:
        """As `spans`, of texts that `chain.plain` made plain already."""
        both = zip(plains, self._reader.plain_spans(plains), self._rules.plain_spans(plains), strict=True)
        return [self._merged(text, read, own) for text, read, own in both]

    def _merged(self, text: str, read: Sequence[Span], own: Sequence[Span]) -> list[Span]:
        kept = [
            span
            for span in read
            if text[span.start : span.end] not in self._removed
            and not any(span.start < each.end and each.start < span.end for each in own)
        ]
        return sorted([*kept, *own])
