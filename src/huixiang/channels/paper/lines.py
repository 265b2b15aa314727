"""How do pieces of writing become lines, and lines a text? In reading order, without breaks that the paper made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

SAME_ROW = 0.5  # of the lower piece's height, by which two pieces overlap that stand in one row
SHORT = 0.75  # of the widest line: one that ends earlier, after a full stop, ends a paragraph
LONGEST_DATE = 40  # characters of a line that holds a date alone
WIDE_GAP = 3.0  # heights of a line: between two slips laid on one sheet, seldom within one
OLDEST = timedelta(days=3 * 365)  # a date beyond it was misread, or is not the slip's
_ENDS = "。！？!?…；;~～"
_DATE = re.compile(r"(?:(20\d\d)\s*[年./\-]\s*)?(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?")
_WHOLE_DATE = re.compile(r"\W*(?:(?:日期|时间)\W*)?(?:20\d\d\s*[年./\-]\s*)?\d{1,2}\s*[月./\-]\s*\d{1,2}\s*[日号]?\W*")

_IN_NUMBER = re.compile(r"(?<=\d) +(?=\d)")
_IN_ADDRESS = re.compile(r" +(?=[@.])|(?<=[@.]) +")
_MARKS = {",": "，", "!": "！", "?": "？", ";": "；", ":": "："}
_MARK = re.compile(r"(?<=[\u4e00-\u9fff])[,!?;:]|(?<=\d),(?=[\u4e00-\u9fff])")


class Placed(Protocol):
    """Anything with a text and a box in shares of the page."""

    @property
    def text(self) -> str: ...
    @property
    def box(self) -> tuple[float, float, float, float]: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of writing as it was found: pixels."""

    text: str
    sure: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def in_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """What stands side by side in one row is one line, as sure as its least sure piece."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (each.top + each.bottom) / 2):
        row = next((row for row in rows if all(_beside(piece, other) for other in row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    rows.sort(key=lambda row: min(piece.top for piece in row))
    return [_line(sorted(row, key=lambda piece: piece.left)) for row in rows]


def joined(lines: Sequence[Placed]) -> str:
    """One text: a break stays only where a paragraph ends. Chinese joins without a space.

    >>> from huixiang.channels.paper.reading import Line
    >>> joined([Line("排队太久，能", 1, (0, 0, .9, .1)), Line("不能多开窗口", 1, (0, .1, .9, .2))])
    '排队太久，能不能多开窗口'
    """
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return ""
    widest = max(line.box[2] for line in lines)
    text = lines[0].text.strip()
    for before, line in pairwise(lines):
        text += _between(before, line, widest) + line.text.strip()
    return text


def tidied(text: str) -> str:
    """Without the spaces that wide writing puts into numbers and addresses, which masking must know; marks after
    Chinese are Chinese ones.

    >>> tidied("手机161658670 97,谢谢!"), tidied("lin @example. org")
    ('手机16165867097，谢谢！', 'lin@example.org')
    """
    text = _IN_NUMBER.sub("", text)
    if "@" in text:
        text = _IN_ADDRESS.sub("", text)
    return _MARK.sub(lambda found: _MARKS[found[0]], text)


def is_date(text: str) -> bool:
    """Does the line hold nothing but a date?"""
    return len(text) <= LONGEST_DATE and _WHOLE_DATE.fullmatch(unicodedata.normalize("NFKC", text)) is not None


def day_in(lines: Sequence[str], today: date) -> date | None:
    """The day written on the slip, in a line of its own; without a year, the last such day. None: none that can be.

    >>> day_in(["空调太冷", "2026年3月5日"], date(2026, 11, 28)), day_in(["12.3"], date(2026, 11, 28))
    (datetime.date(2026, 3, 5), datetime.date(2025, 12, 3))
    """
    for line in reversed(lines):
        plain = unicodedata.normalize("NFKC", line)
        found = _DATE.search(plain) if is_date(plain) else None
        if found and (day := _day(found, today)):
            return day
    return None


def gaps(lines: Sequence[Placed]) -> list[float]:
    """Where may one slip end and the next begin? In the middle of each wide gap, as a share of the page's height."""
    heights = sorted(line.box[3] - line.box[1] for line in lines)
    if len(heights) < 2:
        return []
    usual = heights[len(heights) // 2]
    return [
        round((above.box[3] + below.box[1]) / 2, 3)
        for above, below in pairwise(lines)
        if below.box[1] - above.box[3] > WIDE_GAP * usual
    ]


def _beside(one: Piece, other: Piece) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    apart = one.left >= other.left + 0.6 * other.width or other.left >= one.left + 0.6 * one.width
    return apart and shared > SAME_ROW * min(one.height, other.height)


def _line(row: Sequence[Piece]) -> Piece:
    text = row[0].text.strip()
    for before, piece in pairwise(row):
        following = piece.text.strip()
        if piece.left < before.right and text[-1:] == following[:1] and not following[:1].isalnum():
            following = following[1:]  # a comma between two pieces was read in both
        text += _space(text, following) + following
    return replace(
        row[0],
        text=tidied(text),
        sure=min(piece.sure for piece in row),
        top=min(piece.top for piece in row),
        right=max(piece.right for piece in row),
        bottom=max(piece.bottom for piece in row),
    )


def _between(before: Placed, after: Placed, widest: float) -> str:
    text = before.text.strip()
    if text[-1] in _ENDS and before.box[2] < SHORT * widest:
        return "\n"
    return _space(text, after.text.strip())


def _space(before: str, after: str) -> str:
    return (
        " " if before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha() else ""
    )


def _day(found: re.Match[str], today: date) -> date | None:
    for year in [int(found[1])] if found[1] else [today.year, today.year - 1]:
        try:
            day = date(year, int(found[2]), int(found[3]))
        except ValueError:
            return None
        if today - OLDEST <= day <= today:
            return day
    return None
