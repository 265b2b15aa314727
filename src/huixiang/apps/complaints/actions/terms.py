"""Who is told when, when is a unit open, which days are off? Each a new row from a day on; nothing old is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints import opening
from huixiang.apps.complaints.actions.proposing import demand
from huixiang.apps.complaints.models import HolidayYear, OpeningTerm, RulePack, WarningTerm
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import Opening
from huixiang.domain.complaints.openings import holidays_of, plain_of
from huixiang.domain.complaints.warning import MOST_PERCENT, Level


def set_warnings(percents: Mapping[Level, int | None], *, pack: str, effective_from: date, by: Staff,
                 source: str = "") -> WarningTerm:  # fmt: skip
    """From this day on. Whoever is higher up is not told earlier; a level without a number is not told."""
    demand(by)
    _from_today(effective_from)
    if pack and not RulePack.objects.filter(code=pack).exists():
        raise Fault("没有规则包“%(code)s”：请核对", code=pack[:40])
    told = [percents[level] for level in Level if percents.get(level) is not None]
    if not told or not all(0 < percent <= MOST_PERCENT for percent in told if percent is not None):
        raise Fault("请至少给一级写 1 到 %(most)s 的百分数", most=MOST_PERCENT)
    if told != sorted(told, key=lambda percent: percent or 0):
        raise Fault("上级不应早于下级得知：百分数要由低到高")
    with transaction.atomic():
        values = {level.value: percents.get(level) for level in Level}
        row = WarningTerm.objects.create(pack=pack, effective_from=effective_from, by=by, **values)
        _recorded("warnings", row.pk, by, source, pack=pack, effective_from=f"{effective_from}", **values)
    return row


def set_hours(unit: Unit, hours: Opening | None, *, effective_from: date, by: Staff, why: str = "",
              source: str = "") -> OpeningTerm:  # fmt: skip
    """Its opening hours from this day on; None: as the unit above again. Time that has passed keeps what it had."""
    demand(by)
    _from_today(effective_from)
    try:
        plain = None if hours is None else plain_of(hours)
    except BadCase as bad:
        raise Fault(bad.message, column=None, **bad.params) from None
    with transaction.atomic():
        row = OpeningTerm.objects.create(unit=unit, effective_from=effective_from, hours=plain, by=by, why=_said(why))
        _recorded("hours", row.pk, by, source, unit=unit.code, effective_from=f"{effective_from}", why=row.why)
        transaction.on_commit(opening.forget)
    opening.forget()
    return row


def set_holidays(year: int, text: str, *, notice: str, by: Staff, why: str = "", source: str = "") -> HolidayYear:
    """A year's days off and make-up days. Raises Fault with the line; years that are over stay as they were."""
    demand(by)
    if year < timezone.localdate().year or year > 2059:
        raise Fault("只能写今年及以后的年份：过去的期限已按当时的放假通知计算")
    if not notice.strip():
        raise Fault("请写明放假通知的文号与日期")
    try:
        off, worked = holidays_of(text, year)
    except BadCase as bad:
        raise Fault(bad.message, column=None, **bad.params) from None
    with transaction.atomic():
        row = HolidayYear.objects.create(year=year, source=notice.strip()[:120], by=by, why=_said(why),
                                         holidays={f"{day}": name for day, name in sorted(off.items())},
                                         make_up=sorted(map(str, worked)))  # fmt: skip
        _recorded("holidays", row.pk, by, source, year=year, off=len(off), worked=len(worked),
                  why=row.why)  # fmt: skip
        transaction.on_commit(opening.forget)
    opening.forget()
    return row


def _said(why: str) -> str:
    return masked_value("", why.strip())[:200]


def _from_today(day: date) -> None:
    if day < timezone.localdate():
        raise Fault("起用日期已经过去：请写今天或以后的日期")


def _recorded(what: str, pk: int, by: Staff, source: str, **told: Any) -> None:
    audit.record(
        "complaint.rules", by=by, on_kind="complaint_term", on_id=f"{what}-{pk}", source=source, deed=what, **told
    )
