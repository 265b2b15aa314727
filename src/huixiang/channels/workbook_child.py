"""What does the sheet hold, as text? Runs in a process of its own under limits.

`python -m huixiang.channels.workbook_child PATH SHEET MEMORY SECONDS` writes one JSON line for each row:
first {"rows": 900}, how many there are, then {"row": 2, "cells": ["…"]}; or {"fault": "…"} where it cannot go on.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any

LONGEST_ROW = (1 << 20) + 1  # of all its cells, likewise
LONGEST = 100_001  # characters of a cell are passed on: one more than is allowed, so that the reader refuses it


def main(path: str, sheet: str, memory: int, seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in lines(path, sheet):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


def lines(path: str, sheet: str) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(path)
        name = sheet or _first_filled(book)
        if name not in book.sheet_names:
            yield {"fault": "no sheet", "sheet": sheet, "sheets": book.sheet_names}
            return
        table = book.get_sheet_by_name(name)
        yield {"rows": table.total_height}
        # Of a sheet with a forgotten space in its last row a million rows are blank: none is told of.
        for number, cells in enumerate(table.iter_rows(), 1):
            if any(cell != "" for cell in cells) and any(texts := _texts(cells)):
                yield {"row": number, "cells": texts}
    except PasswordError:
        yield {"fault": "password"}
    except (CalamineError, OSError, MemoryError, ValueError) as error:
        yield {"fault": type(error).__name__}


def _texts(cells: Sequence[object]) -> list[str]:
    """Of a row longer than any may be, only so much that the reader sees it."""
    texts = [text(cell)[:LONGEST] for cell in cells]
    if sum(map(len, texts)) <= LONGEST_ROW:
        return texts
    left = LONGEST_ROW
    for place, each in enumerate(texts):
        texts[place] = each[: max(left, 0)]
        left -= len(each)
    return texts


def _first_filled(book: Any) -> str:
    """The first sheet that people see and that holds something."""
    from python_calamine import SheetVisibleEnum

    seen = [about.name for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible]
    names: list[str] = seen or book.sheet_names
    for name in names:
        if book.get_sheet_by_name(name).height > 1:
            return name
    return names[0] if names else ""


def text(cell: object) -> str:
    """As a person would write it: 6222021234567890000 and not 6.22E+18, 2026-11-24 and not 46350."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)  # dates, times and durations as Python writes them: 2026-11-24, 15:05:00


def _number(value: float) -> str:
    if not isfinite(value):
        return ""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
