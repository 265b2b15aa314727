"""How is a transcript in a table read? One row a turn; a column may tell which call it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from huixiang.channels.contract import Fault
from huixiang.channels.delimited import DELIMITERS
from huixiang.channels.hotline.dialogue import Dialogue, Piece, turns
from huixiang.channels.hotline.objects import moment
from huixiang.channels.hotline.wording import Wording
from huixiang.channels.tables import LONGEST_CELL


def read(text: str, name: str, wording: Wording) -> Dialogue:
    """The dialogue of one call: a header and its rows. Raises Fault with file, line and remedy."""
    lines = list(_lines(text, name))
    if not lines:
        raise Fault("%(place)s：没有内容；请检查导出是否成功", place=name)
    _number, names = lines[0]
    if not wording.has(dict.fromkeys(names), "text"):
        columns = "、".join(names[:20])
        raise Fault(
            "%(place)s：没有说话内容一列；文件的列：%(columns)s。请在设置的 [fields] 中写明 text",
            place=f"{name}:1",
            columns=columns,
        )
    rows = [(f"{name}:{number}", dict(zip(names, cells, strict=True))) for number, cells in lines[1:]]
    first = rows[0][1] if rows else {}
    told = {
        field: wording.value(first, field) or "" for field in ("call", "started_at", "customer", "caller", "branch")
    }
    return Dialogue(turns(_pieces(rows, wording), wording.speakers), **told)


def delimiter(head: str) -> str:
    """By what are the cells separated? By what cuts the header into the most cells."""
    first = head.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the line on which they begin. Raises Fault where a row has more or fewer than the header."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter(text), strict=True)
    width, begins = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Fault("%(place)s：引号不成对；请补上结尾的引号", place=f"{name}:{begins}") from None
        if any(cells):
            width = width or len(cells)
            if len(cells) != width or max(map(len, cells)) > LONGEST_CELL:
                message = "%(place)s：有 %(found)s 列，表头有 %(expected)s 列；请补上引号或删去多余的分隔符"
                raise Fault(message, place=f"{name}:{begins}", found=len(cells), expected=width)
            yield begins, cells
        begins = reader.line_num + 1


def _pieces(rows: list[tuple[str, dict[str, str]]], wording: Wording) -> Iterator[Piece]:
    for place, row in rows:
        yield Piece(
            place,
            wording.value(row, "speaker") or "",
            wording.value(row, "text") or "",
            moment(row, "start", place, wording),
            moment(row, "end", place, wording),
        )
