"""Bringing files in, as tests tell it: `bring_in(path)` is what a person does with the command."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import importing
from huixiang.apps.feedback.accounts import Account, account
from huixiang.apps.feedback.actions import Choice, open_file
from huixiang.apps.feedback.models import Import
from huixiang.lake import questions
from huixiang.lake.questions import Slice, Voice
from huixiang.lake.store import Lake

MAPPING = """\
format = "csv"
channel = "website"
[columns]
source_id = "编号"
said_at = "时间"
branch = "机构"
customer = "客户"
rating = "评分"
text = "内容"
"""
HEADER = ["编号", "时间", "机构", "客户", "评分", "内容"]
SAYINGS = [
    "排队等了一个多小时，只开一个窗口，太慢了。",
    "柜员态度很好，耐心解答，值得表扬。",
    "手机银行转账总是闪退，急死人。",
    "环境整洁，叫号有序。",
    "客服电话一直占线，打不进去。",
    "App 新版比以前快多了，赞！",
]


class Silent:
    """Hears of progress and remembers it."""

    def __init__(self) -> None:
        self.told: list[tuple[int, float | None]] = []

    def report(self, done: int, *, done_share: float | None = None) -> None:
        self.told.append((done, done_share))


def row(number: int, **fields: Any) -> dict[str, str]:
    """A website message; the same number says the same."""
    said = f"{SAYINGS[number % len(SAYINGS)]}（第{number}次反映）"
    content = {
        "编号": f"W{number}",
        "时间": f"2026-0{1 + number % 9}-1{number % 10} 09:{number % 60:02d}:00",
        "机构": ["N11", "N12", "S11"][number % 3],
        "客户": f"C{number % 50}",
        "评分": str(1 + number % 5),
        "内容": said,
    }
    return content | {name: str(value) for name, value in fields.items()}


def table(path: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


def begin(path: Path, by: Staff | None = None, form: str = "csv", mapping: str = MAPPING, **choice: Any) -> Import:
    """Confirmed, and not yet begun; `by` a person, or the command line."""
    imported, _continued = open_file(path, Choice(form, mapping, **choice), actor="cli:tester")
    if by:
        imported.by, imported.actor = by, by.number
        imported.save()
    return imported


def bring_in(path: Path, by: Staff | None = None, **choice: Any) -> Import:
    imported = begin(path, by, **choice)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


def counts(imported: Import) -> tuple[int, int, int, int, int]:
    """(read, new, same, changed, quarantined)."""
    total: Account = account(imported)
    return total.read, total.new, total.same, total.changed, total.quarantined


def content(lake: Lake, *ignored: str) -> dict[str, list[dict[str, Any]]]:
    """All tables of the lake in a fixed order, without what differs between any two imports."""
    found = {}
    for name in ("voices", "past_voices", "speakers"):
        sql = f'SELECT * FROM "{lake.view(name)}" ORDER BY id, version'
        rows = lake.engine.fetch(sql).to_pylist()
        left_out = {"import_id", "received_at", *ignored}
        found[name] = [{key: value for key, value in each.items() if key not in left_out} for each in rows]
    return found


def spoken(lake: Lake, slice_: Slice | None = None) -> list[Voice]:
    """Voices with all that is known of them, newest first."""
    found = questions.stream(lake, slice_ or Slice())
    return sorted(found, key=lambda voice: (voice.said_at, voice.id), reverse=True)
