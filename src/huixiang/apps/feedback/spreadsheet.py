"""How does a quarantined row go to a spreadsheet and come back as it was? With its key, and no cell that could run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.export import safe_cell
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.tables import Layout
from huixiang.channels.tickets.parquet import is_parquet
from huixiang.channels.workbook import NO_ARCHIVE

MARK = "回响："  # begins the names of our own columns
ROW, REASON, KEY, RAW = (MARK + name for name in ("行", "原因", "编号", "原文"))
_BEGINNING = 1 << 20  # bytes
_KEY = re.compile(r"Q(\d{1,18})")  # with a letter, so that no spreadsheet takes it for a number and rounds it


def key(pk: int) -> str:
    return f"Q{pk}"


def escaped(cell: str) -> str:
    """An apostrophe before what could run, and before an apostrophe, so that each way back is the only one."""
    return "'" + cell if cell.startswith("'") else safe_cell(cell)


def plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and escaped(cell[1:]) == cell else cell


def is_ours(path: Path) -> bool:
    """Does this file come from an export of quarantined rows?"""
    if is_parquet(path):  # its bytes are no text, and guessing at their encoding takes longer than the import
        return False
    try:
        return _mentions_key(path) and KEY in next(_rows(path), Row(0, {})).fields
    except (Fault, OSError):
        return False


def returned(path: Path) -> Iterator[tuple[int, int | None, dict[str, str]]]:
    """Row number, key of the quarantined row (None: none, or a broken row), and the columns that are the row's own.

    Raises Fault where it is no export of ours.
    """
    if not is_ours(path):
        raise Fault("文件里没有“%(column)s”列；请上传从“隔离的行”导出、改好的表格，并保留这一列", column=KEY)
    for row in _rows(path):
        found = _KEY.fullmatch(row.fields.get(KEY, "").strip()) if isinstance(row, Row) else None
        own = {plain(name): plain(cell) for name, cell in row.fields.items() if not name.startswith(MARK)}
        yield row.number, int(found[1]) if found else None, own


def merged(content: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The quarantined row with what the spreadsheet holds. A table's header may have lost spaces that a name had."""
    names = {name.strip(): name for name in content}
    return dict(content) | {names.get(name, name): cell for name, cell in own.items()}


def _mentions_key(path: Path) -> bool:
    """A look at the beginning: to open a large workbook only to see its header takes long."""
    if kind(path) != "xlsx":
        return True
    try:
        with zipfile.ZipFile(path) as parts:
            texts = [name for name in parts.namelist() if name.endswith(("sharedStrings.xml", "sheet1.xml"))]
            return any(KEY.encode() in parts.open(name).read(_BEGINNING) for name in texts)
    except NO_ARCHIVE:
        return False


def _rows(path: Path) -> Iterator[Row | Refused]:
    form = kind(path)
    if form == "jsonl":
        raise Fault("文件里没有“%(column)s”列；请上传从“隔离的行”导出、改好的表格，并保留这一列", column=KEY)
    yield from READERS[form](path, Layout())
