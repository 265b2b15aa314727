"""How is a CSV of any size read? Row by row; a quote that nobody closed spoils its own row and not the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from huixiang.channels import encoding
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.tables import KEPT, LONGEST_CELL, Header, Layout, header

LONGEST_ROW = 1 << 20  # characters: a row (or a quote left open) is followed no further than this
DELIMITERS = ",\t;，|"
SAMPLE = 1 << 16


def read(path: Path, layout: Layout) -> Iterator[Row | Refused]:
    """The rows of a CSV or TSV file. Raises Fault where it has no rows, or is no text at all."""
    with encoding.open_text(path, layout.encoding or encoding.guess(path)) as file:
        table = _Table(file, layout, path.name)
        empty = True
        for row in table.rows():
            empty = False
            yield row
        if empty:
            raise Fault("文件“%(name)s”只有表头，没有数据行；请检查导出是否成功", name=path.name)


def delimiter(path: Path, name: str = "") -> str:
    """By what are the cells separated? By the character that cuts the first rows into the same number of cells."""
    with encoding.open_text(path, name or encoding.guess(path)) as file:
        lines = file.read(SAMPLE).splitlines(keepends=True)[:50]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]
    return max(DELIMITERS, key=lambda mark: _regularity(lines, mark))


def _regularity(lines: list[str], mark: str) -> float:
    """More columns are likelier, if the rows agree with the header on their number."""
    try:
        rows = [row for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return 0
    if not rows or len(rows[0]) < 2:
        return 0
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows) * (1 + len(rows[0]) / 1000)


class _TooLong(Exception):
    """The row goes on for longer than any row would."""


@dataclass(slots=True)
class _Broken:
    """A stretch of lines out of which no row could be made."""

    line: int  # as a text editor counts
    raw: str
    too_long: bool


class _Lines:
    """Hands lines to the csv module and remembers those of the row in hand, so that they can be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.of_row: list[str] = []
        self.size = 0
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.number += 1
        self.of_row.append(line)
        self.size += len(line)
        if self.size >= LONGEST_ROW:
            raise _TooLong
        return line

    def begin(self) -> None:
        self.of_row.clear()
        self.size = 0

    def take_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)

    def finish_line(self) -> None:
        """Pass over the rest of a line of which only the beginning was read."""
        while piece := self._file.readline(LONGEST_ROW):
            if piece.endswith(("\n", "\r")):
                return


class _Table:
    def __init__(self, file: TextIO, layout: Layout, name: str) -> None:
        start = file.read(SAMPLE)
        if start.startswith("PK\x03\x04") or start.count("\0") > len(start) // 100 + 8:
            raise Fault("“%(name)s”不是文本文件；若是 Excel 表，请选 xlsx 格式，或另存为 CSV 后重试", name=name)
        file.seek(0)
        self._mark = layout.delimiter or delimiter(Path(file.name), file.encoding)
        self._layout = layout
        self._lines = _Lines(file)
        self._width = 0

    def rows(self) -> Iterator[Row | Refused]:
        records = self._records()
        names, first = self._header(records)
        self._width = names.width
        for number, cells in records if first is None else self._with(first, records):
            if isinstance(cells, _Broken):
                yield names.broken(number, _fault(number, cells), cells.raw)
            elif len(self._lines.of_row) > 1 and not names.fits(cells):
                yield self._misfit(names, number, cells)
            elif row := names.row(number, cells):
                yield row

    def _with(
        self, first: tuple[int, list[str] | _Broken], rest: Iterator[tuple[int, list[str] | _Broken]]
    ) -> Iterator[tuple[int, list[str] | _Broken]]:
        yield first
        yield from rest

    def _header(
        self, records: Iterator[tuple[int, list[str] | _Broken]]
    ) -> tuple[Header, tuple[int, list[str] | _Broken] | None]:
        """The header, and the record that had to be looked at where the table has none."""
        wanted = self._layout.header
        for number, cells in records:
            if isinstance(cells, _Broken):
                raise Fault("第 %(row)s 行（表头）的引号不成对，或长得不像表头；请更正后重试", row=number)
            if number == 1 and len(self._lines.of_row) == 1 and self._lines.of_row[0].lower().startswith("sep="):
                wanted += 1
            elif wanted == 0:
                return header([f"第{place}列" for place in range(1, len(cells) + 1)]), (number, cells)
            elif number >= wanted and any(cells):
                return header(cells, number), None
        raise Fault("文件里没有列名，也没有数据；请检查导出是否成功")

    def _records(self) -> Iterator[tuple[int, list[str] | _Broken]]:
        """Each record with its number as a spreadsheet counts: one row each, however many lines its text has."""
        lines = self._lines
        reader = csv.reader(lines, delimiter=self._mark, strict=True)
        number = 0
        while True:
            lines.begin()
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except _TooLong:
                yield number, self._recover(too_long=True)
            except csv.Error as error:
                yield number, self._recover(too_long="field larger" in str(error))

    def _misfit(self, names: Header, number: int, cells: list[str]) -> Refused:
        """A row over several lines with too many or too few cells: has a quote left open swallowed good rows?"""
        held = self._lines.of_row
        if any(self._is_row(line) for line in held[1:]):
            broken = self._recover(too_long=False)
            return names.broken(number, _fault(number, broken), broken.raw)
        refused = names.row(number, cells)
        assert isinstance(refused, Refused)
        return refused

    def _recover(self, *, too_long: bool) -> _Broken:
        """Give up the lines up to the next one that is a whole row by itself; that and all after are read again."""
        lines = self._lines
        held = list(lines.of_row)
        line = lines.number - len(held) + 1
        good = next((place for place, text in enumerate(held) if place and self._is_row(text)), None)
        raw = "".join(held[:good])[:KEPT]
        if good is not None:
            lines.take_back(held[good:])
        elif lines.size >= LONGEST_ROW and len(held[-1]) >= LONGEST_ROW:
            lines.finish_line()
        elif lines.size >= LONGEST_ROW:
            self._skip_to_row()
        only_quote = good == 1 and len(held[0]) < LONGEST_CELL
        return _Broken(line, raw, too_long and not only_quote)

    def _skip_to_row(self) -> None:
        lines = self._lines
        while True:
            lines.begin()
            try:
                line = next(lines)
            except StopIteration:
                return
            except _TooLong:
                lines.finish_line()
                continue
            if self._is_row(line):
                lines.take_back([line])
                return

    def _is_row(self, line: str) -> bool:
        if len(line) >= LONGEST_ROW:
            return False
        try:
            cells = next(csv.reader([line], delimiter=self._mark, strict=True), [])
        except csv.Error:
            return False
        return len(cells) == self._width and any(cells)


def _fault(number: int, broken: _Broken) -> Fault:
    if broken.too_long:
        return Fault(
            "第 %(row)s 行（文本第 %(line)s 行起）超过 %(most)s 个字符；请核对是否粘贴了整份文件，或引号没有闭合",
            row=number,
            line=broken.line,
            most=LONGEST_CELL,
        )
    return Fault(
        "第 %(row)s 行（文本第 %(line)s 行起）的引号不成对；请补上结尾的引号，内容里的引号要写成两个",
        row=number,
        line=broken.line,
    )
