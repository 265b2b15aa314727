"""Rows of a CSV or XLSX file of units or staff, by the readers of the channels."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from huixiang.channels.contract import Refused, Row


def rows(path: Path) -> Iterator[Row | Refused]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, fields in enumerate(csv.DictReader(file), start=2):
            yield Row(number, {k: v or "" for k, v in fields.items()})
