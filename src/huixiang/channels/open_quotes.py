"""Where does a row of a CSV end when somebody left a quote open? Lines that can be handed out again, and judged."""

from __future__ import annotations

import csv
import re
from collections import deque
from dataclasses import dataclass
from typing import TextIO

from huixiang.channels.tables import KEPT, LONGEST_ROW

_SURE = 50  # so many rows one after another: the text that would not end has ended
_MANY = 4  # columns: two lines that both have so many by chance are no text


class TooLong(Exception):
    """The row goes on for longer than any row would."""


@dataclass(slots=True)
class Broken:
    """A stretch of lines out of which no row could be made."""

    line: int  # as a text editor counts
    raw: str
    too_long: bool


class Lines:
    """Hands lines to the csv module and remembers those of the row in hand, so that they can be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.of_row: list[str] = []
        self.size = 0
        self.number = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self.take()
        if not line:
            raise StopIteration
        self.of_row.append(line)
        self.size += len(line)
        if self.size >= LONGEST_ROW:
            raise TooLong
        return line

    def begin(self) -> None:
        self.of_row.clear()
        self.size = 0

    def take(self) -> str:
        """The next line, or so much of it as a row may hold; empty at the end."""
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_ROW)
        self.number += is_whole(line)
        return line

    def take_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.number -= sum(map(is_whole, lines))


def is_whole(line: str) -> bool:
    """Does it end as lines do? Only the last line of a file and a piece of a very long one do not."""
    return line.endswith(("\n", "\r"))


class Judge:
    """Which lines are rows by themselves, and which row has swallowed others?"""

    def __init__(self, mark: str, width: int) -> None:
        self.mark, self.width = mark, width
        self._opens = re.compile(rf'(?:^|{re.escape(mark)})"(?!{re.escape(mark)}|[\r\n]*$)')

    def is_row(self, line: str) -> bool:
        if '"' not in line:
            return line.count(self.mark) == self.width - 1 and bool(line.strip(self.mark + "\r\n"))
        try:
            cells = next(csv.reader([line], delimiter=self.mark, strict=True), [])
        except csv.Error:
            return False
        return len(cells) == self.width and any(cells)

    def has_swallowed(self, lines: list[str]) -> bool:
        """Are these lines, which a quote holds together as one row, rows by themselves?

        A cell may well hold lines with separators in them. What gives a forgotten quote away is that the line it
        opens, or the one that seems to close it, is a row as well if quotes mean nothing, and that most between are.
        """
        if self.width < 2:
            return False  # any line is a row then
        ends = [line.count(self.mark) == self.width - 1 for line in (lines[0], lines[-1])]
        rows = sum(map(self.is_row, lines[1:]))
        if len(lines) == 2:
            return all(ends) and rows == 1 and self.width >= _MANY
        return any(ends) and rows >= 2 and rows * 2 >= len(lines) - 1

    def goes_on(self, line: str) -> bool:
        """Can this line only belong to the text before it? It has too few cells, and none that a quote opens."""
        return line.count(self.mark) < self.width - 1 and not self._opens.search(line)


def give_up_first(lines: Lines, judge: Judge) -> Broken:
    """Of the row in hand only the first line is broken, with the text that goes on from it; all else is read again."""
    held = list(lines.of_row)
    first = lines.number - sum(map(is_whole, held)) + 1
    lines.take_back(held[1:])
    raw = held[0]
    while (line := lines.take()) and judge.goes_on(line):
        raw += line if len(raw) < KEPT else ""
    if line:
        lines.take_back([line])
    return Broken(first, raw[:KEPT], too_long=False)


def give_up_long(lines: Lines, judge: Judge) -> Broken:
    """The row is longer than any may be: a quote left open above good rows, or one endless text to be passed over."""
    held = list(lines.of_row)
    if len(held) > 2 and sum(map(judge.is_row, held[1:-1])) * 2 >= len(held) - 1 and judge.width > 1:
        return give_up_first(lines, judge)
    first = lines.number - sum(map(is_whole, held)) + 1
    raw = "".join(held[:KEPT])[:KEPT]
    is_open = bool(sum(line.count('"') for line in held) % 2)
    whole = is_whole(held[-1])
    held.clear()
    lines.begin()
    _pass_over(lines, judge, is_open=is_open, whole=whole)
    return Broken(first, raw, too_long=True)


def _pass_over(lines: Lines, judge: Judge, *, is_open: bool, whole: bool) -> None:
    """Up to the end of the quoted text; or to where row follows row, should the quote have been left open."""
    rows: list[str] = []
    while is_open or not whole:
        line = lines.take()
        if not line:
            break
        is_open ^= bool(line.count('"') % 2)
        rows = [*rows, line] if whole and judge.is_row(line) else []
        whole = is_whole(line)
        if len(rows) == _SURE:
            break
    else:
        rows = []
    lines.take_back(rows)
