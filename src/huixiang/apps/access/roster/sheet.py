"""Rows of a CSV or XLSX file of units or staff, by the readers that also read feedback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from huixiang.channels import delimited, workbook
from huixiang.channels.contract import Refused, Row
from huixiang.channels.tables import Layout


def rows(path: Path) -> Iterator[Row | Refused]:
    """In file order, numbered as a spreadsheet counts. Raises Fault where the file as a whole cannot be read."""
    read = workbook.read if path.suffix.lower() == ".xlsx" else delimited.read
    return read(path, Layout())
