"""How is one JSON document of any size read? Record by record as it streams by; a broken one spoils no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from huixiang.channels import encoding
from huixiang.channels.contract import RAW, Fault, Meter, Refused
from huixiang.channels.encoding import shown
from huixiang.channels.tables import KEPT, LONGEST_ROW, distinct

DEEPEST = 100  # levels of nesting in a record; no export needs ten
_CHUNK = 1 << 16
_STRUCTURE = re.compile(r'["{}\[\]]')
_IN_TEXT = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.S)
_PLAIN = re.compile(r"[^\s,:{}\[\]\"]*")
_SPACE = re.compile(r"[\s\ufeff\x1e]*")


def objects(
    path: Path, prefixes: frozenset[str], name: str = "", meter: Meter | None = None
) -> Iterator[tuple[int, tuple[str, Any] | Refused]]:
    """Each value at one of the prefixes with its number from 1; several documents may follow one another, as when
    pages of a feed were put into one file. `name`: the encoding, where it is known.

    A prefix joins names with dots, and says `item` for a list's elements. Of a value that is too long, too deep or no
    JSON only its record is refused. A document that breaks off is refused from there. Raises Fault where the file
    holds no record at all.
    """
    number = 0
    with encoding.open_text(path, name or encoding.guess(path), meter) as file:
        document = _Document(file, prefixes)
        try:
            for prefix, raw in document.values():
                number += 1
                try:
                    yield number, (prefix, load(raw, number))
                except Unfit as unfit:
                    yield number, Refused(number, unfit.fault, {RAW: shown(raw[:KEPT])})
        except _BrokenOff as broken:
            fault = Fault("第 %(row)s 条记录起 JSON 残缺，其后的内容未读；请重新导出完整的文件", row=number + 1)
            if not number and not broken.raw:
                raise fault from None
            yield number + 1, Refused(number + 1, fault, {RAW: shown(broken.raw)})


class Unfit(Exception):
    """This text does not make a record; the Fault inside says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def load(raw: str, number: int) -> Any:
    """One JSON value. Numbers stay as they are written: no digit is lost, and none becomes 1.2e+17. Raises Unfit."""
    if len(raw) > LONGEST_ROW:
        raise Unfit(Fault("第 %(row)s 行超过 %(most)s 个字符；请拆分或截短", row=number, most=LONGEST_ROW))
    if _depth(raw) > DEEPEST:
        raise Unfit(Fault("第 %(row)s 行的 JSON 嵌套超过 %(most)s 层；请更正", row=number, most=DEEPEST))
    try:
        return json.loads(raw, parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_together)
    except json.JSONDecodeError as error:
        place = error.pos + 1
        fault = Fault("第 %(row)s 行第 %(place)s 个字符起不是合法的 JSON；请更正", row=number, place=place)
    except _Constant as constant:
        place = raw.find(str(constant)) + 1
        fault = Fault(
            "第 %(row)s 行第 %(place)s 个字符起有 %(found)s，JSON 里没有这个值；请改为 null",
            row=number,
            place=place,
            found=str(constant),
        )
    raise Unfit(fault)


class _Constant(Exception):
    pass


def _constant(name: str) -> None:
    raise _Constant(name)


def _together(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice is told apart, so that neither value is lost."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names, values = zip(*pairs, strict=True)
    return dict(zip(distinct(names), values, strict=True))


def _depth(raw: str) -> int:
    if raw.count("{") + raw.count("[") <= DEEPEST:
        return 0  # the usual case, found out fast
    level = deepest = place = 0
    while found := _STRUCTURE.search(raw, place):
        place = found.end()
        if found[0] == '"':
            matched = _IN_TEXT.match(raw, place)
            place = (matched.end() if matched else place) + 1
            continue
        level += 1 if found[0] in "{[" else -1
        deepest = max(deepest, level)
    return deepest


def _name(raw: str) -> str:
    try:
        return str(json.loads(raw))
    except ValueError:
        return raw


class _BrokenOff(Exception):
    """The document ends, or goes on in no way that JSON does."""

    def __init__(self, raw: str = "") -> None:
        self.raw = raw[:KEPT]
        super().__init__()


class _Document:
    """Walks down to the prefixes and cuts out what stands there, as text; all else is passed over unread."""

    def __init__(self, file: TextIO, prefixes: frozenset[str]) -> None:
        self._file, self._prefixes = file, prefixes
        self._inner = {prefix[:place] for prefix in prefixes for place, sign in enumerate(prefix) if sign == "."} | {""}
        self._text, self._place = "", 0

    def values(self) -> Iterator[tuple[str, str]]:
        while self._next():
            yield from self._value("")

    def _value(self, path: str) -> Iterator[tuple[str, str]]:
        sign = self._next()
        if not sign:
            raise _BrokenOff
        if path in self._prefixes and (sign != "[" or path not in self._inner):
            yield path, self._cut()
        elif path in self._inner and sign == "{":
            yield from self._members(path)
        elif path in self._inner and sign == "[":
            yield from self._elements(path)
        else:
            self._cut(keep=0)

    def _members(self, path: str) -> Iterator[tuple[str, str]]:
        self._place += 1
        while (sign := self._next()) != "}":
            if sign == ",":
                self._place += 1
                continue
            if sign != '"':
                raise _BrokenOff
            name = _name(self._cut())
            if self._next() != ":":
                raise _BrokenOff
            self._place += 1
            yield from self._value(f"{path}.{name}" if path else name)
        self._place += 1

    def _elements(self, path: str) -> Iterator[tuple[str, str]]:
        self._place += 1
        while (sign := self._next()) != "]":
            if not sign:
                raise _BrokenOff
            if sign == ",":
                self._place += 1  # one too many does no harm: no record is lost
            else:
                yield from self._value(f"{path}.item" if path else "item")
        self._place += 1

    def _next(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            matched = _SPACE.match(self._text, self._place)
            self._place = matched.end() if matched else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def _more(self) -> bool:
        chunk = self._file.read(_CHUNK)
        self._text, self._place = self._text[self._place :] + chunk, 0
        return bool(chunk)

    def _cut(self, keep: int = LONGEST_ROW + 1) -> str:
        """The text of the value that begins here, or its beginning where it is longer than any record may be."""
        kept: list[str] = []
        left = keep
        for piece in self._pieces():
            if left > 0:
                kept.append(piece[:left])
                left -= len(piece)
        return "".join(kept)

    def _pieces(self) -> Iterator[str]:
        """The value piece by piece; each is looked at once, however long the whole."""
        sign = self._text[self._place]
        if sign not in '{["':
            yield from self._plain()
            return
        level, in_text, begun = (0, True, sign) if sign == '"' else (1, False, sign)
        self._place += 1
        yield sign
        while True:
            start = self._place
            level, in_text = self._scan(level, in_text=in_text)
            piece = self._text[start : self._place]
            yield piece
            if not level and not in_text:
                return
            begun += piece[: KEPT - len(begun)]
            if not self._more():
                raise _BrokenOff(begun)

    def _plain(self) -> Iterator[str]:
        """A number, true, false, null; or whatever else stands there, a sign at a time, to be refused."""
        start = self._place
        matched = _PLAIN.match(self._text, start)
        self._place = max(matched.end() if matched else 0, start + 1)
        yield self._text[start : self._place]
        while self._place == len(self._text) and self._more():
            matched = _PLAIN.match(self._text)
            self._place = matched.end() if matched else 0
            yield self._text[: self._place]

    def _scan(self, level: int, *, in_text: bool) -> tuple[int, bool]:
        """On in what was read, up to the value's end: the level of nesting, and whether inside quotes."""
        text = self._text
        while self._place < len(text) and (level or in_text):
            if in_text:
                matched = _IN_TEXT.match(text, self._place)
                self._place = matched.end() if matched else self._place
                if self._place >= len(text) or text[self._place] != '"':
                    break  # goes on in the next chunk
                self._place, in_text = self._place + 1, False
            elif found := _STRUCTURE.search(text, self._place):
                self._place, in_text = found.end(), found[0] == '"'
                level += {"{": 1, "[": 1, '"': 0}.get(found[0], -1)
            else:
                self._place = len(text)
        return level, in_text
