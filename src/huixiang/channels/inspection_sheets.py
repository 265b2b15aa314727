"""How are inspections of another system read? A table, one filled-in form a row, one column a line of the form.

Columns are guessed as banks head them: those with “·” in their names, as 服务用语·站相迎, are lines scored 0, 1 or 2; a
mapping (TOML) says it where they are headed otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault, Meter, Refused, Row, quoted
from huixiang.channels.dates import Dates
from huixiang.channels.mapped import READERS, kind
from huixiang.channels.tables import Layout

SYSTEM, LONGEST_SYSTEM, MOST_ITEMS, DOT = "其他系统", 20, 200, "·"
USUAL: dict[str, tuple[str, ...]] = {
    "number": ("检查编号", "走访编号", "编号", "number"),
    "visited_at": ("检查时间", "进店时间", "到店时间", "检查日期", "走访日期", "visited at"),
    "unit": ("机构号", "网点号", "网点代码", "unit", "branch"),
    "inspector": ("检查员", "神秘人", "检查人", "走访人", "inspector"),
    "kind": ("检查类型", "检查方式", "类型", "kind"),
    "note": ("问题描述", "说明", "备注", "note"),
}
NEEDED = {"number": "编号", "visited_at": "检查时间", "unit": "机构号"}
KINDS = {"例行检查": "inspection", "检查": "inspection", "现场检查": "inspection", "复查": "inspection",
         "交叉检查": "cross", "神秘人": "mystery", "inspection": "inspection", "mystery": "mystery",
         "cross": "cross"}  # fmt: skip
LEVELS = {"0": 0, "1": 1, "2": 2, "0.0": 0, "1.0": 1, "2.0": 2}
NOT_APPLICABLE = {"", "-", "—", "不适用", "n/a", "na"}


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """Which column tells what; `items`: the lines. `standard`: of the bank's, which these forms count for; "" none."""

    fields: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    system: str = SYSTEM  # under whose name the numbers are known
    standard: str = ""
    kind: str = ""  # where no column tells it; "" is told by a mystery visitor's column
    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What a row tells; words are unmasked, and live in memory only."""

    row: int
    number: str
    visited_at: datetime
    unit: str
    inspector: str
    kind: str
    note: str
    levels: tuple[tuple[str, int | None], ...]  # line → level


def mapping(text: str) -> SheetMapping:
    """A mapping from TOML. Raises Fault."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Fault("映射文件不是有效的 TOML：%(reason)s", reason=str(error)) from None
    columns, layout, items = told.get("columns", {}), told.get("layout", {}), told.get("items", [])
    allowed = {"columns", "layout", "items", "system", "standard", "kind"}
    if unknown := sorted(set(told) - allowed) + sorted(set(columns) - set(USUAL)):
        raise Fault("映射文件里有不认识的名称“%(name)s”；可用的有 %(known)s", name=unknown[0], known="、".join(USUAL))
    words = {name: told.get(name, usual) for name, usual in (("system", SYSTEM), ("standard", ""), ("kind", ""))}
    texts = (*columns.values(), *layout.values(), *items, *words.values())
    if not all(isinstance(each, str) for each in texts) or not 0 < len(words["system"]) <= LONGEST_SYSTEM:
        raise Fault("映射文件里的列名与 system 应是文字，system 最多 %(most)s 个字", most=LONGEST_SYSTEM)
    if words["kind"] not in {"", *KINDS}:
        raise Fault("映射文件里的 kind 只能是 inspection、mystery 或 cross")
    parts = {name: layout[name] for name in ("encoding", "delimiter", "sheet") if name in layout}
    return SheetMapping(columns, tuple(items), words["system"], words["standard"], KINDS.get(words["kind"], ""),
                        Layout(**parts))  # fmt: skip


def plain(by: SheetMapping) -> dict[str, Any]:
    """The mapping as its TOML has it."""
    layout = {name: value for name in ("encoding", "delimiter", "sheet") if (value := getattr(by.layout, name))}
    words = {name: value for name in ("system", "standard", "kind") if (value := getattr(by, name))}
    return words | {"items": list(by.items), "columns": dict(by.fields)} | ({"layout": layout} if layout else {})


def whole(by: SheetMapping, columns: Sequence[str]) -> SheetMapping:
    """What was chosen and what is guessed. Raises Fault where a column is wanting."""
    guessed = {name: next((each for each in usual if each in columns), "") for name, usual in USUAL.items()}
    fields = {name: column for name, column in (guessed | dict(by.fields)).items() if column}
    items = by.items or tuple(each for each in columns if DOT in each)
    for name, title in NEEDED.items():
        if name not in fields:
            raise Fault("看不出哪一列是%(title)s；请用映射文件指明", title=title)
    if missing := [column for column in (*fields.values(), *items) if column not in columns]:
        found = quoted("、".join(columns))
        raise Fault("文件里没有“%(column)s”列；现有的列：%(found)s", column=missing[0], found=found)
    if not 0 < len(items) <= MOST_ITEMS:
        raise Fault('看不出哪些列是打分的项目；请在映射文件里写 items = ["…"]')
    mystery = fields.get("inspector") == "神秘人" and "kind" not in fields
    usual_kind = by.kind or ("mystery" if mystery else "inspection")
    return SheetMapping(fields, items, by.system, by.standard, usual_kind, by.layout)


def rows(path: Path, by: SheetMapping, meter: Meter | None = None) -> Iterator[Row | Refused]:
    """The rows of a CSV, XLSX or JSONL file. Raises Fault where it cannot be read as a whole."""
    return READERS[kind(path)](path, by.layout, meter)


def line_of(row: Row, by: SheetMapping, zone: str, now: datetime | None) -> SheetLine:
    """What this row says. Raises Fault with row and column."""
    cells = {name: row.fields.get(column, "").strip() for name, column in by.fields.items()}
    for name in NEEDED:
        if not cells[name]:
            column = by.fields[name]
            raise Fault("第 %(row)s 行“%(column)s”列：空着，这一项必须有；请补上", row=row.number, column=column)
    at, _precision = Dates().read(cells["visited_at"], zone, now, (row.number, by.fields["visited_at"]))
    levels = tuple((name, _level(row, name)) for name in by.items)
    return SheetLine(row.number, cells["number"], at, cells["unit"], cells.get("inspector", ""), _kind(row, by, cells),
                     cells.get("note", ""), levels)  # fmt: skip


def _kind(row: Row, by: SheetMapping, cells: Mapping[str, str]) -> str:
    said = cells.get("kind", "")
    if said and said not in KINDS:
        raise _unknown(row, by.fields["kind"], said, "、".join(each for each in KINDS if not each.isascii()))
    return KINDS.get(said, by.kind)


def _level(row: Row, column: str) -> int | None:
    said = row.fields.get(column, "").strip()
    if said.lower() in NOT_APPLICABLE:
        return None
    if said not in LEVELS:
        raise _unknown(row, column, said, "0、1、2")
    return LEVELS[said]


def _unknown(row: Row, column: str, said: str, near: str) -> Fault:
    message = "第 %(row)s 行“%(column)s”列：不认识“%(found)s”，可用的有：%(near)s；请更正，或清空"
    return Fault(message, row=row.number, column=column, found=quoted(said), near=near)
