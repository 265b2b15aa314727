"""Which denominators does a file bring? CSV or XLSX, read as files of units are; one bad row and none is taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from huixiang.apps.access.models import Unit
from huixiang.apps.access.roster.plan import cells, choice, day, headed, needed, titles
from huixiang.apps.access.roster.sheet import rows
from huixiang.apps.complaints.models import Denominator
from huixiang.channels.contract import Fault, Refused

COLUMNS: dict[str, tuple[str, ...]] = {
    "unit": ("机构号", "unit"),
    "kind": ("分母", "kind"),
    "on": ("日期", "on"),
    "value": ("数量", "value"),
    "source": ("来源", "source"),
}
MOST_ROWS = 20_000
Given = tuple[str, Unit, date, int, str]


def read(path: Path, units: dict[str, Unit]) -> list[Given]:
    """All rows of the file. Raises Fault that names the row and what to write instead."""
    found: list[Given] = []
    for row in headed(rows(path), COLUMNS, *COLUMNS):
        try:
            if isinstance(row, Refused):
                raise row.fault
            names = titles(row, COLUMNS)
            given = cells(row, COLUMNS)
            needed(given, names, *COLUMNS)
            found.append(_one(given, names, units))
        except Fault as fault:
            raise Fault("第 %(row)s 行：%(fault)s", row=row.number, fault=fault) from None
        if len(found) > MOST_ROWS:
            raise Fault("文件超过 %(most)s 行：请分成几个", most=MOST_ROWS)
    if not found:
        raise Fault("文件里没有一行数据")
    return found


def _one(given: dict[str, str], names: dict[str, str], units: dict[str, Unit]) -> Given:
    unit = units.get(given["unit"])
    if unit is None:
        raise Fault("您的范围内没有机构“%(code)s”：请核对机构号。", code=given["unit"][:32])
    on = day(given["on"], names["on"])
    number = given["value"].replace(",", "").removesuffix(".0")
    if not number.isdecimal() or on is None:
        raise Fault("数量“%(value)s”不是整数", value=given["value"][:40])
    kind = choice(given["kind"], Denominator.Kind.choices, names["kind"])
    return kind, unit, on, int(number), given["source"]
