"""How is a CSV of any size read? Row by row; a quote that nobody closed spoils its own row and not the rest."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from huixiang.channels import encoding
from huixiang.channels.contract import Fault, Meter, Refused, Row
from huixiang.channels.open_quotes import Broken, Judge, Lines, TooLong, give_up_first, give_up_long
from huixiang.channels.tables import LONGEST_CELL, LONGEST_ROW, Header, Layout, header, unnamed

csv.field_size_limit(LONGEST_ROW)  # so that a long cell is refused by our own limit, as one row
DELIMITERS = ",\t;，|"
SAMPLE = 1 << 16
HEAD = 1 << 12  # characters that tell whether it is text
_CONTROL, _MOST_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]"), 0.02


def refuse_binary(head: str, name: str) -> None:
    """A picture or a PDF also has line ends and commas; but no text is full of control characters."""
    if head.startswith("%PDF-") or len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head):
        raise Fault("“%(name)s”不是文字表格；可以导入 CSV、XLSX、JSON、JSONL 文件", name=name)


def read(path: Path, layout: Layout, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of a CSV or TSV file. Raises Fault where it has no rows, or is no text at all."""
    with encoding.open_text(path, layout.encoding or encoding.guess(path), meter) as file:
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


class _Table:
    def __init__(self, file: TextIO, layout: Layout, name: str) -> None:
        start = file.read(SAMPLE)
        if start.startswith("PK\x03\x04"):
            raise Fault("“%(name)s”不是文本文件；若是 Excel 表，请选 xlsx 格式，或另存为 CSV 后重试", name=name)
        refuse_binary(start[:HEAD], name)
        file.seek(0)
        self._mark = layout.delimiter or delimiter(Path(file.name), file.encoding)
        self._layout = layout
        self._is_gb = file.encoding == "gb18030"
        self._lines = Lines(file)
        self._judge = Judge(self._mark, 1)  # until the header tells how many columns there are

    def rows(self) -> Iterator[Row | Refused]:
        records = self._records()
        names, first = self._header(records)
        self._judge = Judge(self._mark, names.width)
        for number, cells in records if first is None else self._with(first, records):
            swallowed = isinstance(cells, list) and self._has_swallowed(names, cells)
            found = give_up_first(self._lines, self._judge) if swallowed else cells
            if isinstance(found, Broken):
                yield names.broken(number, _fault(number, found), found.raw)
            elif row := names.row(number, found):
                yield self._other_encoding(names, row) if self._is_gb else row

    def _has_swallowed(self, names: Header, cells: list[str]) -> bool:
        held = self._lines.of_row
        if len(held) == 1:
            return False
        if not names.fits(cells) and any(map(self._judge.is_row, held[1:])):
            return True
        return self._judge.has_swallowed(held)

    def _other_encoding(self, names: Header, row: Row | Refused) -> Row | Refused:
        """A line that another program appended in UTF-8 would read as nonsense: told, and shown as it was meant."""
        said = encoding.is_utf8(row.fields.values()) if isinstance(row, Row) else None
        if said is None:
            return row
        fault = Fault("第 %(row)s 行是 UTF-8 编码，而文件是 GB18030；已按 UTF-8 还原，请核对后重试", row=row.number)
        return Refused(row.number, fault, dict(zip(names.names, said.split("\0"), strict=False)))

    def _with(
        self, first: tuple[int, list[str] | Broken], rest: Iterator[tuple[int, list[str] | Broken]]
    ) -> Iterator[tuple[int, list[str] | Broken]]:
        yield first
        yield from rest

    def _header(
        self, records: Iterator[tuple[int, list[str] | Broken]]
    ) -> tuple[Header, tuple[int, list[str] | Broken] | None]:
        """The header, and the record that had to be looked at where the table has none."""
        wanted = self._layout.header
        for number, cells in records:
            if isinstance(cells, Broken) and cells.too_long:
                raise Fault(
                    "第 %(row)s 行（表头）超过 %(most)s 个字符；请核对分隔符，或删去多余的列",
                    row=number,
                    most=LONGEST_ROW,
                )
            if isinstance(cells, Broken):
                raise Fault("第 %(row)s 行（表头）的引号不成对，或长得不像表头；请更正后重试", row=number)
            if number == 1 and len(self._lines.of_row) == 1 and self._lines.of_row[0].lower().startswith("sep="):
                wanted += wanted > 0
            elif wanted == 0 and any(cells):
                return unnamed(len(cells)), (number, cells)
            elif 0 < wanted <= number and any(cells):
                return header(cells, number), None
        raise Fault("文件里没有列名，也没有数据；请检查导出是否成功")

    def _records(self) -> Iterator[tuple[int, list[str] | Broken]]:
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
            except TooLong:
                yield number, give_up_long(lines, self._judge)
            except csv.Error:
                yield number, give_up_first(lines, self._judge)


def _fault(number: int, broken: Broken) -> Fault:
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
