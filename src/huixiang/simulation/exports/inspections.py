"""What do the quality department and the mystery-visit agency hand in? A workbook, a CSV file, and who scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import numpy as np
import xlsxwriter

from huixiang.simulation.bank import Bank
from huixiang.simulation.events.inspections import ITEMS, OCCASIONS, Forms
from huixiang.simulation.exports.tables import CsvFile
from huixiang.simulation.moments import moments, written

MOST_FAULTS = 4  # that a form spells out, the gravest first
DAYS_TO_MEND = 15
PASS = 0.9  # of the points; the usual line of such forms
INSPECTION = ("检查编号", "检查类型", "检查时间", "机构号", "机构名称", "检查员")
MYSTERY = ("走访编号", "进店时间", "机构号", "机构名称", "神秘人", "等候分钟", "办理分钟")
RESULT = ("得分", "满分", "得分率", "问题描述")
INSPECTORS = ("检查员编号", "类别")


def write(folder: Path, bank: Bank, inspections: Forms, mystery: Forms) -> list[Path]:
    """`inspections/检查.xlsx`, 神秘人.csv and 检查员.csv: who inspects is in no personnel file."""
    place = folder / "inspections"
    place.mkdir(parents=True, exist_ok=True)
    kinds = ((inspections, "行内检查员"), (mystery, "第三方神秘人"))
    people = CsvFile(place / "检查员.csv", INSPECTORS)
    people.write((number, kind) for forms, kind in kinds for number in forms.inspectors)
    return [
        _workbook(place / "检查.xlsx", bank, inspections),
        _visits(place / "神秘人.csv", bank, mystery),
        people.close(),
    ]


def faults(forms: Forms, form: int) -> list[str]:
    """What does this form find fault with? The items without a point first, then those with one."""
    scores = forms.scores[form]
    order = np.argsort(scores, kind="stable")
    poor = [item for item in order.tolist() if 0 <= scores[item] < 2][:MOST_FAULTS]
    # Which of an item's phrases stands there follows from the visit: two who score one visit saw the same thing.
    return [ITEMS[item].fault[int(forms.visit[form]) % len(ITEMS[item].fault)] for item in poor]


def _workbook(path: Path, bank: Bank, forms: Forms) -> Path:
    """One row a form; the workbook's own date is the history's last day, so that the same seed gives the same bytes."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    book.set_properties({"title": "网点服务检查表", "created": datetime.combine(bank.scenario.until, time())})
    sheet, bold = book.add_worksheet("检查"), book.add_format({"bold": True})
    items = [f"{item.group}·{item.title}" for item in ITEMS]
    sheet.write_row(0, 0, (*INSPECTION, *items, *RESULT, "整改期限"), bold)
    percent = book.add_format({"num_format": "0.0%"})
    when = moments(bank.scenario.first_day, forms.day, forms.second).astype(datetime)
    names = _names(bank)
    for row, (outlet, at) in enumerate(zip(forms.outlet.tolist(), when.tolist(), strict=True)):
        code, kind = bank.network.codes[outlet], OCCASIONS[forms.occasion[row]]
        who = forms.inspectors[forms.inspector[row]]
        head = (f"JC{forms.visit[row]:06d}", kind, at, code, names[code], who, *forms.scores[row].tolist())
        sheet.write_row(row + 1, 0, head)
        points, most, share, found = _result(forms, row)
        sheet.write_row(row + 1, len(head), (points, most))
        sheet.write_number(row + 1, len(head) + 2, share, percent)
        due = f"{at + timedelta(DAYS_TO_MEND):%Y-%m-%d}" if share < PASS else ""
        sheet.write_row(row + 1, len(head) + 3, (found, due))
    book.close()
    return path


def _visits(path: Path, bank: Bank, forms: Forms) -> Path:
    shown = [n for n, item in enumerate(ITEMS) if item.mystery]
    file = CsvFile(path, (*MYSTERY, *(f"{ITEMS[n].group}·{ITEMS[n].title}" for n in shown), *RESULT))
    file.write(_visit_rows(bank, forms, shown))
    return file.close()


def _visit_rows(bank: Bank, forms: Forms, shown: Sequence[int]) -> Iterator[Sequence[object]]:
    names = _names(bank)
    when = written(moments(bank.scenario.first_day, forms.day, forms.second))
    for row, outlet in enumerate(forms.outlet.tolist()):
        code = bank.network.codes[outlet]
        minutes = (_minutes(forms.wait_minutes[row]), _minutes(forms.handling_minutes[row]))
        head = (
            f"SM{forms.visit[row]:06d}",
            when[row],
            code,
            names[code],
            forms.inspectors[forms.inspector[row]],
            *minutes,
        )
        points, most, share, found = _result(forms, row)
        yield *head, *forms.scores[row, shown].tolist(), points, most, f"{share:.1%}", found


def _result(forms: Forms, row: int) -> tuple[int, int, float, str]:
    scores = forms.scores[row]
    points, most = int(scores[scores >= 0].sum()), 2 * int((scores >= 0).sum())
    return points, most, round(points / most, 4), "；".join(faults(forms, row))


def _minutes(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.0f}"


def _names(bank: Bank) -> dict[str, str]:
    return {unit.code: unit.name for unit in bank.network.units}
