"""How do the voices chosen leave for a spreadsheet? Row by row in bounded memory; no cell can run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.names import CHANNELS, KINDS, SENTIMENTS
from huixiang.channels.export import safe_cell
from huixiang.lake.questions import Voice

MOST_SHEET_ROWS = 1_048_575  # what a worksheet holds beneath its header
COLUMNS = (
    gettext_lazy("编号"),
    gettext_lazy("渠道"),
    gettext_lazy("时间"),
    gettext_lazy("机构号"),
    gettext_lazy("产品"),
    gettext_lazy("版本"),
    gettext_lazy("评分"),
    gettext_lazy("标题"),
    gettext_lazy("内容"),
    gettext_lazy("银行的回复"),
    gettext_lazy("情感"),
    gettext_lazy("负面概率"),
    gettext_lazy("中性概率"),
    gettext_lazy("正面概率"),
    gettext_lazy("判断来源"),
    gettext_lazy("性质"),
    gettext_lazy("事项"),
    gettext_lazy("风险"),
    gettext_lazy("关键短语"),
    gettext_lazy("重复于"),
)
_LINES = 500  # rows sent at once


def csv_lines(voices: Iterable[Voice]) -> Iterator[str]:
    """The file's text in pieces. It begins with a byte order mark, without which Excel misreads UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(name) for name in COLUMNS])
    lines = []
    for voice in voices:
        lines.append(writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in _cells(voice)]))
        if len(lines) == _LINES:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def write_sheet(voices: Iterable[Voice], path: Path) -> None:
    """A workbook on disk. Text is written as text, so that it can't be a formula or a link however it begins."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(str(_("客户之声")))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 7, 14)
        sheet.set_column(8, 9, 60)
        sheet.write_row(0, 0, [str(name) for name in COLUMNS], book.add_format({"bold": True}))
        for number, voice in enumerate(voices, start=1):
            sheet.write_row(number, 0, [_fitting(cell) for cell in _cells(voice)])


def _cells(voice: Voice) -> list[Any]:
    return [
        voice.id,
        str(CHANNELS.get(voice.channel, voice.channel)),
        _when(voice),
        voice.branch or "",
        voice.product,
        voice.product_version,
        "" if voice.rating is None else round(voice.rating, 2),
        voice.title,
        voice.text,
        voice.reply,
        str(SENTIMENTS.get(voice.sentiment, voice.sentiment)),
        round(voice.negative, 4),
        round(voice.neutral, 4),
        round(voice.positive, 4),
        voice.understood_by,
        str(KINDS.get(voice.kind or "", voice.kind or "")),
        "；".join(findings.path(code) for code in voice.topics),
        "；".join(findings.name("risks", code) for code in voice.risks),
        "；".join(voice.phrases),
        voice.duplicate_of or "",
    ]


def _when(voice: Voice) -> str:
    """As exactly as is known, as on the page."""
    if voice.said_precision == "time":
        return timezone.localtime(voice.said_at).strftime("%Y-%m-%d %H:%M")
    return voice.said_on.isoformat() if voice.said_precision == "day" else _("日期不明")


def _fitting(cell: Any) -> Any:
    # The format's own limit; the CSV file holds the whole.
    return cell[:32_766] + "…" if isinstance(cell, str) and len(cell) > 32_767 else cell


class _Echo:
    """A file for csv.writer that hands each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text
