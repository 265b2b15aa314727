"""How does a table leave for a spreadsheet, in bounded memory, without text being run there as a formula?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

# What spreadsheets take for a formula's beginning, the full-width forms included. Source: OWASP, CSV Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def safe_cell(text: str) -> str:
    """An apostrophe, Excel's own sign for text, before what could run; numbers such as -3.5 stay numbers."""
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


MOST_SHEET_ROWS = 1_048_575  # what a worksheet holds beneath its header
_LINES = 500  # rows sent at once
_LONGEST_CELL = 32_767  # the format's own limit; the CSV file holds the whole


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file's text in pieces. It begins with a byte order mark, without which Excel misreads UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    lines = []
    for row in rows:
        lines.append(writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row]))
        if len(lines) == _LINES:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def write_sheet(
    path: Path,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    wide: Mapping[int, int] | None = None,
    about: tuple[str, Sequence[str]] | None = None,
) -> None:
    """A workbook on disk. Text is written as text, so that it can't be a formula or a link however it begins.

    `wide`: column → its width in characters, where another than 14. `about`: a second sheet's title and lines.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for column in range(len(header)):
            sheet.set_column(column, column, (wide or {}).get(column, 14))
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [_fitting(cell) for cell in row])
        if about:
            beside = book.add_worksheet(about[0])
            beside.set_column(0, 0, 60)
            for number, line in enumerate(about[1]):
                beside.write_string(number, 0, line)


def _fitting(cell: Any) -> Any:
    return cell[: _LONGEST_CELL - 1] + "…" if isinstance(cell, str) and len(cell) > _LONGEST_CELL else cell


class _Echo:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text
