"""How does a table of measures look on a terminal, or as a file?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any


def shown(header: Sequence[str], rows: Iterable[Sequence[Any]], *, csv: bool) -> int:
    """The exit code."""
    from rich.console import Console
    from rich.table import Table

    from huixiang.channels import export

    if csv:
        for piece in export.csv_lines(header, rows):
            sys.stdout.write(piece)
        return 0
    table = Table(*header)
    for row in rows:
        table.add_row(*map(str, row))
    Console(width=None if sys.stdout.isatty() else 240).print(table)
    return 0
