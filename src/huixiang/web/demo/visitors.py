"""What did visitors write into the branch's book? Uploaded as on the page; of three rows that cannot be read one is
mended, one given up, and one waits."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import actions, quarantine
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.web.demo import BRANCH, QUALITY_MANAGER
from huixiang.web.demo.working import work_off

FILE = "来客意见簿.csv"
MISDATED, UNDATED, ILLEGIBLE = "LY-05", "LY-03", "LY-06"
WRITTEN = {  # number: days ago, and what is written
    "LY-01": (9, "大厅里的椅子坏了两把，老人没地方坐。"),
    "LY-02": (8, "柜员说话清楚，手续讲了两遍，我听懂了，谢谢。"),
    UNDATED: (7, "希望填单台旁边放一副老花镜。"),
    "LY-04": (6, "轮椅进门的坡道太陡，一个人上不去，希望改一改。"),
    MISDATED: (5, "中午只开一个窗口，等了四十分钟，能不能错开吃饭？"),
    ILLEGIBLE: (4, "（字迹无法辨认）"),
}


def bring_the_book(today: date) -> None:
    """Once. The branch manager sees it among her imports; mended and given up by the quality manager."""
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    book = Import.objects.filter(file_name=FILE).first()
    if book is None:
        book = actions.receive_upload(FILE, [_written(today)], by=manager, source="cli")
    if book.started_at is None:
        mapping = Path(__file__).with_name("visitors.toml").read_text("utf-8")
        choice = Choice("csv", mapping, branch=Unit.objects.get(code=BRANCH))
        actions.begin_import(book, choice, by=manager, source="cli")
    book.refresh_from_db()
    if work_off(book.job):
        _settle(book, manager)


def _written(today: date) -> bytes:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["编号", "日期", "意见"])
    for number, (days, words) in WRITTEN.items():
        rows.writerow([number, _date(number, today - timedelta(days=days)), words])
    return table.getvalue().encode("utf-8-sig")


def _date(number: str, day: date) -> str:
    """As the hand wrote it: three of the dates are none."""
    slips = {UNDATED: "上周三", ILLEGIBLE: "不详", MISDATED: f"{day:%Y}-13-{day:%d}"}
    return slips.get(number, f"{day:%Y-%m-%d}")


def _settle(book: Import, manager: Staff) -> None:
    waiting = book.quarantine.filter(state=Quarantined.State.OPEN, mended_by=None)
    rows = {quarantine.fields(row)["编号"]: row for row in waiting}
    if row := rows.get(MISDATED):
        day = book.created_at.date() - timedelta(days=WRITTEN[MISDATED][0])
        fields = quarantine.fields(row) | {"日期": f"{day:%Y-%m-%d}"}
        actions.mend_row(row, fields, by=manager, source="cli")
    if row := rows.get(ILLEGIBLE):
        actions.discard_rows(
            book, waiting.filter(pk=row.pk), "演示：字迹与日期都无法辨认，已向网点问过。", by=manager, source="cli"
        )
    if rows.keys() & {MISDATED, ILLEGIBLE}:
        print("来客意见簿：修正一行，放弃一行，一行待修正 / visitors' book: a row mended, one given up, one waits")  # noqa: T201
