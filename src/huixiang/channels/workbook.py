"""How is an Excel file of unknown origin read? In a child process that may use only so much memory and time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import IO, Any

from huixiang.channels.contract import Fault, Meter, Refused, Row
from huixiang.channels.tables import LONGEST_CELL, Header, Layout, header, unnamed

LARGEST_OPENED = 400 << 20  # bytes, of all parts unzipped: a million rows of five columns
MOST_MEMORY = 700 << 20  # bytes of address space for the child, so that it and we stay below 1 GB together
LONGEST_RUN = 600  # seconds of processor time for the child
LARGEST_SHEET = 10_000_000  # cells of its rectangle, empty ones too: what the child's memory can hold is about this
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
# What opening or reading a file's parts raises where it is no whole archive, or one of a kind that nobody makes.
NO_ARCHIVE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path, layout: Layout, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of one sheet: formulas as their last computed values, dates and long numbers as written text."""
    _check(path)
    table = _cells(path, layout.sheet, meter or Meter())
    names, first = _header(table, layout.header)
    empty = True
    for number, cells in table if first is None else _with(first, table):
        if row := _row(names, number, cells):
            empty = False
            yield row
    if empty:
        raise Fault("文件“%(name)s”只有表头，没有数据行；请检查导出是否成功", name=path.name)


def _check(path: Path) -> None:
    """Is it an XLSX file at all, and does it not open to a mountain? Told before anything is unzipped."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
    if start == _OLD_OFFICE:
        raise Fault("“%(name)s”是旧版 .xls 或加了密码的文件；请在 Excel 中另存为无密码的 .xlsx 后重试", name=path.name)
    try:
        with zipfile.ZipFile(path) as parts:
            opened = sum(part.file_size for part in parts.infolist())
            is_workbook = "[Content_Types].xml" in parts.namelist()
    except NO_ARCHIVE:
        raise Fault("“%(name)s”不是完好的 .xlsx 文件；请在 Excel 中打开后另存，再重试", name=path.name) from None
    if not is_workbook:
        raise Fault("“%(name)s”是压缩包，不是 Excel 表；请先解压", name=path.name)
    if opened > LARGEST_OPENED:
        raise Fault(
            "“%(name)s”展开后有 %(opened)s MB，最多 %(most)s MB；请另存为 CSV 后导入，CSV 不限大小",
            name=path.name,
            opened=opened >> 20,
            most=LARGEST_OPENED >> 20,
        )


def _cells(path: Path, sheet: str, meter: Meter) -> Iterator[tuple[int, list[str]]]:
    """Rows as the child writes them, one JSON line each. Whenever we stop listening, the child ends.

    It opens the whole sheet before its first row, and says then how many there are: so the meter counts rows.
    """
    number, total = 0, 1
    meter.by(lambda: number / total)
    command = [sys.executable, "-m", "huixiang.channels.workbook_child", str(path), sheet]
    limits = [str(MOST_MEMORY), str(LONGEST_RUN)]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen([*command, *limits], stdout=subprocess.PIPE, stderr=complaints) as child,
    ):
        assert child.stdout
        try:
            for line in child.stdout:
                message = json.loads(line)
                if "fault" in message:
                    raise _told(message, path)
                if "rows" in message:
                    total = max(1, message["rows"])
                    continue
                number = message["row"]
                yield number, message["cells"]
            if child.wait() != 0:
                raise _unreadable(path)
        finally:
            child.kill()


def _told(message: dict[str, Any], path: Path) -> Fault:
    if message["fault"] == "no sheet":
        sheets = "、".join(message["sheets"][:20])
        return Fault(
            "“%(name)s”中没有名为“%(sheet)s”的工作表；有 %(sheets)s",
            name=path.name,
            sheet=message["sheet"],
            sheets=sheets,
        )
    if message["fault"] == "password":
        return Fault("“%(name)s”加了密码；请在 Excel 中去掉密码后重试", name=path.name)
    return _unreadable(path)


def _unreadable(path: Path) -> Fault:
    if far := _far_cell(path):
        return Fault(
            "“%(name)s”的工作表大得放不下：远处的 %(cell)s 格还有内容或格式；请删去远处的空行空列，保存后重试",
            name=path.name,
            cell=far,
        )
    return Fault("“%(name)s”无法读取：内容损坏，或展开后过大；请在 Excel 中另存为 CSV 后导入", name=path.name)


def _far_cell(path: Path) -> str:
    """The cell whose row and column make the rectangle of a sheet larger than any that is full; "" if there is none."""
    try:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                if name.startswith("xl/worksheets/") and (far := _farthest(parts.open(name))):
                    return far
    except NO_ARCHIVE:
        return ""
    return ""


def _farthest(sheet: IO[bytes]) -> str:
    rest, columns, rows, far = b"", 0, 0, ""
    while piece := sheet.read(1 << 20):
        for found in _CELL.finditer(rest + piece):
            column, row = _column(found[1]), int(found[2])
            if column > columns or row > rows:
                columns, rows, far = max(column, columns), max(row, rows), (found[1] + found[2]).decode()
        rest = piece[-32:]  # a cell's name may be cut
    return far if columns * rows > LARGEST_SHEET else ""


def _column(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _header(table: Iterator[tuple[int, list[str]]], wanted: int) -> tuple[Header, tuple[int, list[str]] | None]:
    for number, cells in table:
        if wanted == 0 and any(cells):
            return unnamed(len(cells)), (number, cells)
        if 0 < wanted <= number and any(cells):
            return header(cells, number), None
    raise Fault("文件里没有列名，也没有数据；请检查导出是否成功")


def _with(first: tuple[int, list[str]], rest: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    yield first
    yield from rest


def _row(names: Header, number: int, cells: list[str]) -> Row | Refused | None:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return names.row(number, cells[: names.width])
    # A sheet's rows are all as wide as the widest of them: only cells with something in them are too many.
    filled = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
    return names.row(number, cells[: max(filled, names.width)])
