"""How does a report become a PDF? Set by typst on this machine; what is told reaches it as data, never as markup."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import typst

from huixiang.apps.access.models import bank_name
from huixiang.apps.intake.posters import FONT
from huixiang.apps.subscriptions.reports import Report
from huixiang.channels.contract import Fault

PAGE = Path(__file__).with_name("report.typ")


def pdf(report: Report, name: str, on: date) -> bytes:
    """Raises Fault where this machine has no Chinese letters."""
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成报告；请安装 Debian 软件包 fonts-noto-cjk")
    told = {
        "bank": bank_name(), "name": name, "title": report.title, "day": f"{on}", "words": report.words,
        "facts": report.facts, "columns": report.columns, "rows": report.rows, "note": report.note,
    }  # fmt: skip
    words = {"told": json.dumps(told, ensure_ascii=False), "font": FONT}
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs=words)
