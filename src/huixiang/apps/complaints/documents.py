"""What is put into the envelope? The letter under the bank's head, as PDF and as a Word file that says the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typst
from django.utils import timezone

from huixiang.apps.access.models import Unit, bank_name
from huixiang.apps.complaints.drafting import day, letterhead, title_of
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.word_file import word_file
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.intake.posters import FONT
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.letters import addressed

PAGE = Path(__file__).with_name("letter.typ")
PREVIEW = "预览"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on the paper. `mark` lies across it where it is not a letter yet."""

    bank: str
    unit: str
    address: str
    phone: str
    number: str
    title: str
    paragraphs: tuple[str, ...]
    date: str
    mark: str = ""


def sheet_of(event: Event, words: str, name: str) -> Sheet:
    """The letter that was sealed with this line; without a name, as who may not know whom it is to may read it."""
    case = event.case
    unit = Unit.objects.get(code=event.unit_code)
    told_at = event.told.get("told_at")
    at = time_of(told_at) if told_at else event.at
    said = addressed(words, name) if name else masked_value("", addressed(words))
    return _sheet(case, unit, title_of(event.verb, str(event.told.get("letter", ""))), said, day(at))


def preview_of(case: Case, title: str, words: str) -> Sheet:
    return _sheet(case, case.unit, title, addressed(words), day(timezone.now()), PREVIEW)


def _sheet(case: Case, unit: Unit, title: str, said: str, on: str, mark: str = "") -> Sheet:
    head, paragraphs = letterhead(unit), tuple(line.strip() for line in said.splitlines() if line.strip())
    return Sheet(bank_name(), unit.name, head.address, head.phone, case.number, title, paragraphs, on, mark)


def pdf(sheet: Sheet) -> bytes:
    """Raises Fault where this machine has no Chinese letters."""
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成公文；请安装 Debian 软件包 fonts-noto-cjk，或下载 Word 文件")
    words = {"told": json.dumps(asdict(sheet), ensure_ascii=False), "font": FONT}
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs=words)


def word(sheet: Sheet) -> bytes:
    """The same as .docx, to be put on the bank's own paper."""
    return word_file(
        head=(sheet.bank, sheet.unit),
        title=sheet.title,
        number=f"编号：{sheet.number}",
        body=sheet.paragraphs,
        foot=(f"{sheet.bank} {sheet.unit}".strip(), "（盖章处）", sheet.date),
        reached=" · ".join(filter(None, (sheet.unit, sheet.address, sheet.phone and f"电话 {sheet.phone}"))),
    )
