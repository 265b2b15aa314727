"""How does a table stand in a Word file? With lines, its header repeated on each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH = 8_730  # twentieths of a point between the margins of `word_file`
_EDGE = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; `header` None where there is none."""

    header: Sequence[str] | None
    rows: Sequence[Sequence[str]]


def table(told: Rows, line: Callable[[str], str]) -> str:
    """Its XML; `line` makes a paragraph of a cell's words. The first column is twice as wide as the others."""
    lines = [*([told.header] if told.header else []), *told.rows]
    columns = max(map(len, lines), default=1)
    part = WIDTH // (columns + 1)
    widths = [WIDTH - part * (columns - 1), *([part] * (columns - 1))]
    if told.header is None:
        widths = [WIDTH // 4, WIDTH - WIDTH // 4]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{_EDGE}</w:tblBorders></w:tblPr>'
    rows = [_row(each, widths, line, is_header=told.header is not None and not nth) for nth, each in enumerate(lines)]
    return f"<w:tbl>{head}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(cells: Sequence[str], widths: Sequence[int], line: Callable[[str], str], *, is_header: bool) -> str:
    again = "<w:trPr><w:tblHeader/></w:trPr>" if is_header else ""
    told = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{line(cell)}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr>{again}{told}</w:tr>"
