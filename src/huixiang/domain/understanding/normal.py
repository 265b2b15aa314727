"""Which form of a text do search and comparison use? Half-width, simplified, lower case, single spaces, emoji kept."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from opencc import OpenCC

_SIMPLIFIED = OpenCC("t2s")


def normalise(text: str) -> str:
    """How is this text written plainly? Two texts that a reader takes for the same have the same normal form."""
    if not text.isascii():
        # Lone surrogates come in through broken JSON escapes; OpenCC speaks UTF-8 and could not take them.
        plain = unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode("utf-8")
        text = _SIMPLIFIED.convert(plain)
    return " ".join(text.lower().split())


def highlight(text: str, query: str) -> list[tuple[str, bool]]:
    """Where does the query stand in the text as the customer wrote it? Pieces of the original with hit flags.

    `query` is space-separated terms, each matched in the normal form of the text, so 轉賬 marks 转账 and the other
    way round. Joined together the pieces are the text again. OpenCC turns some words as a whole, so a rare hit that
    needs its context is found by search and stays unmarked here.
    """
    terms = sorted(set(normalise(query).split()), key=len, reverse=True)
    if not text or not terms:
        return [(text, False)] if text else []
    normal, origin = _mapped(text)
    hit = bytearray(len(text))
    for term in terms:
        at = normal.find(term)
        while at >= 0:
            first, last = origin[at], origin[at + len(term) - 1]
            hit[first : last + 1] = b"\x01" * (last + 1 - first)
            at = normal.find(term, at + len(term))
    return _pieces(text, hit)


def _pieces(text: str, hit: bytearray) -> list[tuple[str, bool]]:
    pieces, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hit[end] != hit[start]:
            pieces.append((text[start:end], bool(hit[start])))
            start = end
    return pieces


def _mapped(text: str) -> tuple[str, list[int]]:
    """The text folded character by character, and for each folded character the original's place."""
    folded, origin = [], []
    for place, char in enumerate(text):
        plain = _plain(char)
        folded.append(plain)
        origin.extend([place] * len(plain))
    return "".join(folded), origin


@lru_cache(maxsize=20_000)
def _plain(char: str) -> str:
    """One character's normal form; it may be none, one or several characters long (㎏ is two)."""
    return normalise(char) or (" " if char.isspace() else "")
