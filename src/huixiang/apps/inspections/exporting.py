"""How do findings leave for the ledger of problems, and visits for other systems? One row each, words masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.inspections.models import Finding, Visit
from huixiang.apps.standards.names import called, reads_chinese
from huixiang.channels import export

FINDING = (
    gettext_lazy("编号"),
    gettext_lazy("检查编号"),
    gettext_lazy("方式"),
    gettext_lazy("机构号"),
    gettext_lazy("机构名称"),
    gettext_lazy("发现日期"),
    gettext_lazy("标准"),
    gettext_lazy("版本"),
    gettext_lazy("项目"),
    gettext_lazy("打分"),
    gettext_lazy("现在计为"),
    gettext_lazy("状态"),
    gettext_lazy("说明"),
    gettext_lazy("照片数"),
    gettext_lazy("答复期限"),
)
VISIT = (
    gettext_lazy("检查编号"),
    gettext_lazy("方式"),
    gettext_lazy("机构号"),
    gettext_lazy("机构名称"),
    gettext_lazy("到店时间"),
    gettext_lazy("检查人"),
    gettext_lazy("得分"),
    gettext_lazy("满分"),
    gettext_lazy("得分率"),
    gettext_lazy("标准"),
)
LEVELS = {None: gettext_lazy("不适用"), 0: gettext_lazy("未做到"), 1: gettext_lazy("部分做到"), 2: gettext_lazy("做到")}


def of_findings(rows: Iterable[Finding]) -> tuple[list[str], Iterator[Sequence[Any]]]:
    return [str(name) for name in FINDING], map(_finding, rows)


def _finding(row: Finding) -> Sequence[Any]:
    visit, answer = row.visit, row.answer
    form = answer.form
    return (row.pk, visit.number, visit.get_kind_display(), row.unit.code, row.unit.name, f"{row.raised_on}",
            form.code or called(form), form.version.number if form.version else "", called_line(answer),
            str(LEVELS[answer.level]), str(LEVELS[row.level]), row.get_state_display(), answer.note,
            answer.photos.count(), f"{row.due_on}")  # fmt: skip


def called_line(answer: Any) -> str:
    """Its words in the reader's language."""
    return str(answer.text if reads_chinese() else answer.english)


def of_visits(rows: Iterable[Visit], by: Staff) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Mystery visitors as the reader may know them."""
    return [str(name) for name in VISIT], (_visit(row, by) for row in rows)


def _visit(row: Visit, by: Staff) -> Sequence[Any]:
    share = "" if row.share is None else f"{100 * row.share:.1f}%"
    codes = _("、").join(form.code or form.title for form in row.forms.all())
    at = f"{row.visited_at:%Y-%m-%d %H:%M}" if row.visited_at else ""
    return (row.number, row.get_kind_display(), row.unit.code, row.unit.name, at, row.shown_who(by), row.points,
            row.most, share, codes)  # fmt: skip


def record(by: Staff | str, what: str, count: int, kind: str, source: str) -> None:
    """What left, on record before it leaves."""
    audit.record("inspection.export", by=by, on_kind="inspection", source=source, what=what, count=count, format=kind)


def write(path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A file on disk, by its ending."""
    if path.suffix == ".xlsx":
        export.write_sheet(path, title, header, rows)
    else:
        path.write_text("".join(export.csv_lines(header, rows)), "utf-8")
