"""Where does a span begin and end? One tag a character (BIO), as the public sets and labelling tools write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

KINDS = ("BANK", "PRODUCT", "COMMENTS_N", "COMMENTS_ADJ")  # bank, product, aspect, opinion word
BANK, PRODUCT, ASPECT, OPINION = KINDS
TAGS = ("O", *(f"{part}-{kind}" for kind in KINDS for part in "BI"))  # the tag of B-KINDS[k] is 1 + 2k, I- follows
PLACE = {tag: place for place, tag in enumerate(TAGS)}


class Span(NamedTuple):
    """Characters start up to, not including, end of a text; `kind` is one of KINDS."""

    start: int
    end: int
    kind: str


class Misfit(ValueError):
    """Tags that do not fit their text; says what is wrong and what to do."""


def tags_of(written: str, text: str) -> list[str]:
    """The tags of one text, apart by spaces. Raises Misfit where their number or names cannot be."""
    tags = written.split()
    if len(tags) != len(text):
        raise Misfit(
            f"{len(text)} 个字，{len(tags)} 个标签：每个字一个标签，以空格分开 / one tag a character, apart by spaces"
        )
    strange = next((tag for tag in tags if tag not in PLACE), None)
    if strange is not None:
        raise Misfit(f"标签“{strange}”不认识：应为 {'、'.join(TAGS)} 之一 / unknown tag")
    return tags


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans that tags mark, in order. An I without its B begins a span, as conlleval reads it."""
    found: list[Span] = []
    start, kind = 0, ""
    for place, tag in enumerate((*tags, "O")):
        part, _, its = tag.partition("-")
        if kind and (part != "I" or its != kind):
            found.append(Span(start, place, kind))
            kind = ""
        if part != "O" and not kind:
            start, kind = place, its
    return found


def marked(found: Sequence[Span], length: int) -> list[str]:
    """The tags of a text of this length that mark these spans; the other way of `spans`."""
    tags = ["O"] * length
    for start, end, kind in found:
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tags
