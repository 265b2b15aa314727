"""How tests put a file through a format: rows to records, with what was refused kept beside."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Fault, Refused
from huixiang.domain.feedback import Record

MAPPING = """\
format = "csv"
channel = "website"
[columns]
source_id = "编号"
said_at = "时间"
branch = "网点"
customer = "客户"
rating = "评分"
text = "内容"
"""
HEADER = ["编号", "时间", "网点", "客户", "评分", "内容"]
DEFAULTS = Defaults(now=datetime(2026, 11, 24, tzinfo=UTC))


def read(
    path: Path, name: str = "csv", mapping: str = MAPPING, defaults: Defaults = DEFAULTS
) -> tuple[list[Record], list[tuple[int, Fault]]]:
    form = registry.find(name, mapping)
    records, refused = [], []
    for row in form.rows(path):
        if isinstance(row, Refused):
            refused.append((row.number, row.fault))
            continue
        try:
            records.append(form.record(row, defaults))
        except Fault as fault:
            refused.append((row.number, fault))
    return records, refused


def table(path: Path, rows: Iterable[list[str]], encoding: str = "utf-8", header: list[str] | None = None) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header or HEADER, *rows])
    return path


def row(number: int = 1, **fields: str) -> list[str]:
    plain = {
        "编号": f"W{number}",
        "时间": "2026-11-20 09:30",
        "网点": "N11",
        "客户": "C1",
        "评分": "2",
        "内容": "排队太久",
    }
    return list((plain | fields).values())
