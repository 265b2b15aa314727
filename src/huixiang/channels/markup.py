"""What would a person read of this HTML? Its text alone: nothing is run, nothing fetched, nothing hidden shown.

lxml hands over the events of its tolerant HTML parser; no tree is built, and what
nests beyond all measure is read without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape

from lxml import etree

_PIECE = 1 << 16  # characters handed over at once
DEEPEST = 3_000  # elements within elements; of tables within tables in real mails there are some hundred
_UNREAD = "script style head title template noscript object iframe svg math select textarea meta"
_LINES = (
    "address article aside blockquote br center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tr ul"
)
_EMPTY = "area base br col embed hr img input link meta source track wbr"
_SILENT, _BLOCKS, _VOID = (frozenset(names.split()) for names in (_UNREAD, _LINES, _EMPTY))
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.I)
# Containers in which mail programs put the mail that is answered: Gmail, Outlook, Yahoo, NetEase, Zoho.
_QUOTES = re.compile(
    r"gmail_quote|yahoo_quoted|divRplyFwdMsg|isReplyContent|ntes-mailmaster-quote|moz-cite-prefix|protonmail_quote|"
    r"OutlookMessageHeader|zmail_extra|^appendonsend$",
    re.I,
)
_SPACES = re.compile(r"[ \t\r\f\v\xa0\u200b\u200c\u200d\ufeff\u2060]+")
_TAG = re.compile(r"<(?:/?[a-z][a-z0-9]{0,10}\b[^<>]{0,2000}|!--|!doctype[^<>]*)>", re.I)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


def looks_like_markup(text: str) -> bool:
    """Is this HTML, though nobody says so? Feeds and careless mailers write it into plain text."""
    return _TAG.search(text[:20_000]) is not None


def text_of(html: str, *, keep_quotes: bool = False) -> str:
    """The text, a line for each block. Quoted mails are marked by "> " unless they are to be kept as they are."""
    reader = _Reader(keep_quotes)
    parser = etree.HTMLParser(target=reader, no_network=True, huge_tree=True, remove_pis=True)
    try:
        for start in range(0, len(html), _PIECE):
            parser.feed(html[start : start + _PIECE])
            if reader.depth > DEEPEST:
                return _words_of(html)
        return str(parser.close())
    except (etree.XMLSyntaxError, AssertionError):  # nothing but comments, or nothing at all
        return ""


def _words_of(html: str) -> str:
    """All that stands outside of tags. Of what nests so deep no program made it to be read: the parser would take the
    square of its depth, and nothing of it is to be lost."""
    return _SPACES.sub(" ", unescape(_ANY_TAG.sub(" ", html))).strip()


class _Reader:
    """Hears the parser's events and writes down what is to be read."""

    def __init__(self, keep_quotes: bool) -> None:
        self._keep_quotes = keep_quotes
        self._lines: list[str] = []
        # In pieces, and what is open by number: in a hostile mail there are a million of each.
        self._line: list[str] = []
        self._is_begun = False
        self._counts: Counter[str] = Counter()
        self._open: list[tuple[str, bool, bool]] = []  # tag, is it silent, is it a quote
        self._silent = self._quoted = 0

    @property
    def depth(self) -> int:
        return len(self._open)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.lower()
        if tag in _BLOCKS:
            self._end_line()
        elif tag in _CELLS and self._is_begun:
            self._line.append(" ")
        if tag in _VOID:
            return
        silent = tag in _SILENT or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
        quote = not self._keep_quotes and _is_quote(tag, attributes)
        if quote:
            self._end_line()
        self._open.append((tag, silent, quote))
        self._counts[tag] += 1
        self._silent += silent
        self._quoted += quote

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if tag in _BLOCKS:
            self._end_line()
        if not self._counts[tag]:
            return
        while self._open:
            opened, silent, quote = self._open.pop()
            self._counts[opened] -= 1
            if quote:
                self._end_line()
            self._silent -= silent
            self._quoted -= quote
            if opened == tag:
                return

    def data(self, text: str) -> None:
        if not self._silent:
            self._line.append(text.replace("\n", " "))
            self._is_begun = self._is_begun or not text.isspace()

    def close(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()

    def _end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        self._is_begun = False
        if line or (self._lines and self._lines[-1]):
            self._lines.append(f"> {line}" if self._quoted and line else line)


def _is_quote(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag == "blockquote":
        return attributes.get("type", "").lower() == "cite" or "cite" in attributes
    return any(_QUOTES.search(attributes.get(name, "")) for name in ("class", "id", "name"))
