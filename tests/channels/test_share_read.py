"""How much of a file has been read? Whatever its format, a share that grows with what was really read, up to all."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter

from huixiang.channels import registry
from huixiang.channels.contract import Meter
from tests.channels.reading import HEADER, MAPPING, row, table

ROWS = 4_000
JSON = MAPPING.replace('"csv"', '"jsonl"')


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADER, row(number), strict=True)) for number in range(ROWS)]


def as_csv(folder: Path, encoding: str = "utf-8") -> Path:
    return table(folder / "留言.csv", [row(number) for number in range(ROWS)], encoding)


def as_utf16(folder: Path) -> Path:
    return as_csv(folder, "utf-16")


def as_lines(folder: Path) -> Path:
    path = folder / "留言.jsonl"
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in objects()), "utf-8")
    return path


def as_list(folder: Path) -> Path:
    path = folder / "留言.json"
    path.write_text(json.dumps(objects(), ensure_ascii=False), "utf-8")
    return path


def as_sheet(folder: Path) -> Path:
    path = folder / "留言.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([HEADER, *(row(number) for number in range(ROWS))]):
            sheet.write_row(number, 0, cells)
    return path


def as_apple_feed(folder: Path) -> Path:
    entries = [
        {
            "id": {"label": str(number)},
            "im:rating": {"label": "2"},
            "content": {"label": "转账总是闪退"},
            "updated": {"label": "2026-11-20T09:30:00-07:00"},
        }
        for number in range(ROWS)
    ]
    path = folder / "reviews.json"
    path.write_text(json.dumps({"feed": {"entry": entries}}, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize(
    ("write", "name", "mapping"),
    [
        (as_csv, "csv", MAPPING),
        (as_utf16, "csv", MAPPING),
        (as_lines, "jsonl", JSON),
        (as_list, "jsonl", JSON),
        (as_sheet, "xlsx", MAPPING.replace('"csv"', '"xlsx"')),
        (as_apple_feed, "apple-reviews", ""),
    ],
)
def test_the_share_grows_with_the_rows_read_and_ends_at_all(
    tmp_path: Path, write: Callable[[Path], Path], name: str, mapping: str
) -> None:
    meter, shares = Meter(), []
    assert meter.share is None, "before the file is opened nothing is known"
    for number, _row in enumerate(registry.find(name, mapping).rows(write(tmp_path), meter), 1):
        shares.append(meter.share or 0.0)
        # Text is read ahead by a piece; no share is ever far from the rows that are out.
        assert abs(shares[-1] - number / ROWS) < 0.3
    assert len(shares) == ROWS
    assert all(one <= other for one, other in pairwise(shares))
    assert len(set(shares)) > 3
    assert meter.share == 1.0
