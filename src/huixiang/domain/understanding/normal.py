"""Which form of a text do search and comparison use? Half-width, simplified, lower case, single spaces, emoji kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_SIMPLIFIED = OpenCC("t2s")
_ALSO = {"馀": "余", "乾": "干"}  # by itself OpenCC leaves them, as each has a rare use of its own
_NO_WIDTH = frozenset(map(ord, "\u200b\u200c\u2060\ufeff"))  # U+200D stays: it joins emoji
_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f\u20dd-\u20e4\ufe0f]*", re.DOTALL)


def normalise(text: str) -> str:
    """How is this text written plainly? Two texts that a reader takes for the same have the same normal form.

    Character by character, so that every part of a text has the same form alone as in its place: what a customer wrote
    is found by any piece of it. OpenCC's words (乾隆 stays, 乾淨 turns 干净) would break that.
    """
    if not text.isascii():
        # Lone surrogates come in through broken JSON escapes and have no UTF-8 form.
        plain = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))
        text = plain.translate(_SIMPLE)
    return " ".join(text.lower().split())


def simplified(char: str) -> str:
    """One character's simplified form: the character itself where it has none of its own."""
    return _ALSO.get(char) or str(_SIMPLIFIED.convert(char))


class _Simple(dict[int, str]):
    """Each character's simplified form, looked up once; what has no width goes."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = "" if code in _NO_WIDTH else simplified(char)
        return found


_SIMPLE = _Simple()


def highlight(text: str, query: str) -> list[tuple[str, bool]]:
    """Where does the query stand in the text as the customer wrote it? Pieces of the original with hit flags.

    `query` is space-separated terms, each matched in the normal form of the text, so 轉賬 marks 转账 and the other
    way round. Joined together the pieces are the text again.
    """
    terms = sorted(set(normalise(query).split()), key=len, reverse=True)
    if not text or not terms:
        return [(text, False)] if text else []
    normal, origin = _mapped(text)
    hit = bytearray(len(text))
    for term in terms:
        at = normal.find(term)
        while at >= 0:
            first, last = origin[at][0], origin[at + len(term) - 1][1]
            hit[first:last] = b"\x01" * (last - first)
            at = normal.find(term, at + len(term))
    return _pieces(text, hit)


def _pieces(text: str, hit: bytearray) -> list[tuple[str, bool]]:
    pieces, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hit[end] != hit[start]:
            pieces.append((text[start:end], bool(hit[start])))
            start = end
    return pieces


def _mapped(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text folded cluster by cluster, and for each folded character the original's stretch."""
    folded: list[str] = []
    origin: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        plain = _plain(cluster[0])
        if plain == " " and folded and folded[-1][-1:] == " ":
            continue  # the normal form holds single spaces
        folded.append(plain)
        origin.extend([cluster.span()] * len(plain))
    return "".join(folded), origin


@lru_cache(maxsize=20_000)
def _plain(cluster: str) -> str:
    """One character's normal form with the marks upon it; it may be none, one or several characters (㎏ is two)."""
    return normalise(cluster) or (" " if cluster.isspace() else "")
