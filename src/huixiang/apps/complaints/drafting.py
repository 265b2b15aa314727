"""What would the letter say? The template of the day, filled with what the case knows; a person writes the rest."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from huixiang.apps.access.models import Unit, bank_name
from huixiang.apps.complaints.models import Case, Letterhead, LetterTemplate
from huixiang.apps.complaints.packs import clocks_of
from huixiang.apps.complaints.reasons import PAUSE_NAMES
from huixiang.apps.complaints.standings import History, history
from huixiang.domain.complaints.history import clock_events
from huixiang.domain.complaints.hours import moment
from huixiang.domain.complaints.letters import TITLES, draft, remedies

SHIPPED = Path(__file__).with_name("letter_texts.toml")


@dataclass(frozen=True, slots=True)
class Text:
    """A template: `version` finds it again, "product-1" or the number of a row."""

    version: str
    title: str
    body: str
    effective_from: date


def text_of(kind: str, day: date) -> Text:
    """The bank's own text of that day; the product's where it has none."""
    row = LetterTemplate.objects.in_force(kind, day)
    return _own(row) if row else _shipped(kind)


def title_of(kind: str, version: str) -> str:
    """As it stood over the letter that was written by this version."""
    row = LetterTemplate.objects.filter(kind=kind, pk=version).first() if version.isdecimal() else None
    return row.title if row else TITLES[kind]


def letterhead(unit: Unit) -> Letterhead:
    """Its own, or that of the nearest unit above; an empty one where nobody wrote any."""
    above = unit.path.strip("/").split("/")
    found = {each.unit.code: each for each in Letterhead.objects.filter(unit__code__in=above).select_related("unit")}
    return next((found[code] for code in reversed(above) if code in found), Letterhead())


def drafted(case: Case, kind: str, *, reason: str = "") -> tuple[str, Text]:
    """The text to start from, with the template it was made of. Chinese, whatever its writer reads."""
    text = text_of(kind, timezone.localdate())
    with override("zh-hans"):
        return draft(text.body, _values(history(case), reason)), text


def _values(read: History, reason: str) -> Mapping[str, str]:
    case, now, head = read.case, timezone.now(), letterhead(read.case.unit)
    reply = read.clock("reply", now)
    return {
        "编号": case.number,
        "收到日": day(case.received_at),
        "收到方式": str(case.get_way_display()),
        "投诉事项": case.title,
        "投诉请求": case.demand or "见您的投诉",
        "期限": day(reply.due) if reply and reply.due else "",
        "条文": reply.limit.clause if reply else "",
        "事由": _grounds(read, reason),
        "新期限": _longer(read, now),
        "四种救济途径": remedies(_review_days(read)),
        "银行": bank_name(),
        "机构": case.unit.name,
        "地址": head.address,
        "电话": head.phone,
        "日期": day(now),
        "处理结果": "",
        "理由": "",
    }


def _grounds(read: History, reason: str) -> str:
    """Of a refusal with its clause and what else can be done, as the case's own pack has them."""
    refusal = read.pack.refusal(reason)
    if refusal is None:
        return str(PAUSE_NAMES.get(reason, ""))
    return f"{refusal.title}（{refusal.clause}）。{refusal.offers}"


def _longer(read: History, now: datetime) -> str:
    """Until when, under the rule that was asked for? As the clock will read it once it is extended."""
    asked = read.standing().extension
    if asked is None:
        return ""
    found = clocks_of(read.case.pack).read(asked.rule, clock_events(read.entries, read.absorbed), moment(now))
    reply = next((each for each in found if each.limit.code == "reply"), None)
    return day(reply.due) if reply and reply.due else ""


def _review_days(read: History) -> int:
    limit = next(each for each in read.pack.clocks if each.code == "review_application")
    return limit.limits.get(read.case.rule) or max(limit.limits.values())


def day(at: date | datetime) -> str:
    on = timezone.localtime(at).date() if isinstance(at, datetime) else at
    return f"{on.year}年{on.month}月{on.day}日"


def _own(row: LetterTemplate) -> Text:
    return Text(str(row.pk), row.title, row.body, row.effective_from)


def _shipped(kind: str) -> Text:
    read = _read()
    return Text(read["version"], TITLES[kind], read[kind]["body"], read["effective_from"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(SHIPPED.read_text("utf-8"))
