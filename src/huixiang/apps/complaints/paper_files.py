"""How does a report leave: as an Excel workbook, a Word file, a PDF? Under the bank's head, of the same cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
import xlsxwriter

from huixiang.apps.complaints.sheets import Cell, Paper, Part
from huixiang.apps.complaints.word_file import word_file
from huixiang.apps.complaints.word_table import Rows
from huixiang.apps.intake.posters import FONT
from huixiang.channels.contract import Fault

PAGE = Path(__file__).with_name("report.typ")
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
LONGEST_NAME = 28  # of a worksheet, by the format 31
_NOT_IN_NAMES = str.maketrans({each: " " for each in "[]:*?/\\'"})


def write(paper: Paper, path: Path, kind: str) -> None:
    """Raises Fault where a PDF is asked for and this machine has no Chinese letters."""
    if kind == "xlsx":
        _workbook(paper, path)
    else:
        path.write_bytes(_word(paper) if kind == "docx" else _pdf(paper))


def _workbook(paper: Paper, path: Path) -> None:
    """The head on the first sheet, then a sheet a part; text stays text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("0")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, f"{paper.bank} {paper.unit}".strip(), bold)
        sheet.write_string(1, 0, f"{paper.title} {paper.mark}".strip(), bold)
        for row, (name, told) in enumerate(paper.facts, 3):
            sheet.write_string(row, 0, str(name))
            sheet.write_string(row, 1, told)
        for nth, part in enumerate(paper.parts, 1):
            _sheet(book.add_worksheet(_sheet_name(nth, str(part.title))), part, bold)


def _sheet_name(nth: int, title: str) -> str:
    return f"{nth} {title.translate(_NOT_IN_NAMES)}"[:LONGEST_NAME].strip()


def _sheet(sheet: Any, part: Part, bold: Any) -> None:
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 8, 20)
    sheet.write_row(0, 0, [str(each) for each in part.columns], bold)
    row = 1 if part.columns else 0
    for cells in (*part.rows, *([each] for each in part.words)):
        for column, cell in enumerate(cells):
            if cell.number is not None and cell.text == str(cell.number):
                sheet.write_number(row, column, cell.number)
            else:
                sheet.write_string(row, column, cell.text)
        row += 1
    if part.note:
        sheet.write_string(row + 1, 0, str(part.note))


def _word(paper: Paper) -> bytes:
    body: list[str | Rows] = [Rows(None, [[str(name), told] for name, told in paper.facts])]
    for part in paper.parts:
        body.append(str(part.title))
        body += [each.text for each in part.words]
        if part.rows:
            body.append(Rows([str(each) for each in part.columns], [_texts(row) for row in part.rows]))
        if part.note:
            body.append(str(part.note))
    return word_file(head=(paper.bank, paper.unit), title=paper.title, number=paper.mark, body=body, foot=(),
                     reached=paper.unit)  # fmt: skip


def _texts(row: Any) -> list[str]:
    return [cell.text for cell in row]


def _pdf(paper: Paper) -> bytes:
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成公文；请安装 Debian 软件包 fonts-noto-cjk，或下载 Word 文件")
    told = {
        "bank": paper.bank, "unit": paper.unit, "title": paper.title, "mark": paper.mark,
        "facts": [[str(name), each] for name, each in paper.facts],
        "parts": [
            {"title": str(part.title), "note": str(part.note), "words": [_text(each) for each in part.words],
             "columns": [str(each) for each in part.columns], "rows": [_texts(row) for row in part.rows]}
            for part in paper.parts
        ],
    }  # fmt: skip
    words = {"told": json.dumps(told, ensure_ascii=False), "font": FONT}
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs=words)


def _text(cell: Cell) -> str:
    return cell.text
