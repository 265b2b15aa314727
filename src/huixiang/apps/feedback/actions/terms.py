"""How long shall be kept what comes by a channel? Whole-bank staff say it, having seen what would go; never before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import row_terms, terms
from huixiang.apps.feedback.models import Term
from huixiang.apps.feedback.terms import Amount
from huixiang.channels.contract import Fault

RIGHT = "retention.manage"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What can be set of a channel; None: without a limit."""

    months: int | None = None
    manner: str = Term.Manner.FIGURES.value
    row_days: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would go if it held today, and from which day it holds. What a customer was promised longer waits."""

    before: str  # the first month that would be kept; "" where no month goes
    voices: Amount
    words: int  # voices that become figures with it (see terms.turns)
    rows: int
    from_on: date | None
    rows_from_on: date | None

    @property
    def takes(self) -> bool:
        return bool(self.voices.all or self.words or self.rows)


def effect(channel: str, wanted: Wanted, *, by: Staff | str) -> Effect:
    """Look, and change nothing. Raises Fault, or PermissionDenied."""
    _may_set(by)
    _check(channel, wanted)
    was, today = terms.of(channel), timezone.localdate()
    months, rows_from = _from(was, wanted, today)
    before = "" if wanted.months is None else terms.before(today, wanted.months)
    found = terms.stored(channel, until=before) if before else Amount()
    if wanted.manner == Term.Manner.DELETE:
        found = Amount(found.voices + found.figures, found.figures, found.calls, found.posts)
    rows = row_terms.over(was, wanted.row_days, today, at_once=True).count()
    return Effect(before, found, _words(channel, wanted, before), rows, months, rows_from)


def settle_term(channel: str, wanted: Wanted, *, sure: bool, by: Staff | str, source: str = "") -> Term:
    """Set it; it begins to hold after some days. Raises Fault, also where something would go and nobody is sure."""
    found = effect(channel, wanted, by=by)
    if found.takes and not sure:
        raise _unsure(channel, wanted, found)
    with transaction.atomic():
        term, _ = Term.objects.select_for_update().get_or_create(channel=channel)
        months, rows_from = _from(term, wanted, timezone.localdate())
        term.months, term.manner, term.row_days = wanted.months, wanted.manner, wanted.row_days
        term.from_on, term.rows_from_on = months, rows_from
        term.save()
        days = {"from_on": months, "rows_from_on": rows_from}
        detail = {
            "months": term.months,
            "manner": str(term.manner),
            "row_days": term.row_days,
            **{name: day.isoformat() for name, day in days.items() if day},
            "voices": found.voices.all,
            "rows": found.rows,
        }
        audit.record_many([audit.Deed("term.change", "channel", channel, detail)], by=by, source=source)
    return term


def _unsure(channel: str, wanted: Wanted, found: Effect) -> Fault:
    if channel not in terms.BESIDES:
        message = "这个期限会清除 %(voices)s 条声音与记录、清空 %(rows)s 行隔离的行；请先核对，再确认"
        return Fault(message, voices=found.voices.all, rows=found.rows)
    told = terms.BESIDES[channel].words.going(found.voices.all, wanted.manner, found.before)
    return Fault("这个期限会清除：%(told)s；请先核对，再确认", told=told)


def _words(channel: str, wanted: Wanted, before: str) -> int:
    """How many voices would become figures along with it?"""
    caps = terms.BESIDES[channel].caps if channel in terms.BESIDES else ""
    if not caps or not before or wanted.manner != Term.Manner.FIGURES:
        return 0
    return terms.stored(caps, until=before).voices


def _from(was: Term, wanted: Wanted, today: date) -> tuple[date | None, date | None]:
    """From which day on? What takes more than before waits for some days; what takes less holds at once."""
    grace = today + terms.GRACE
    is_milder = was.months is not None and wanted.months is not None and wanted.months >= was.months
    is_milder = is_milder and wanted.manner in (was.manner, Term.Manner.FIGURES)
    months = (was.from_on if is_milder else grace) if wanted.months is not None else None
    is_longer = was.row_days is not None and wanted.row_days is not None and wanted.row_days >= was.row_days
    rows = (was.rows_from_on if is_longer else grace) if wanted.row_days is not None else None
    return months, rows


def _check(channel: str, wanted: Wanted) -> None:
    names = terms.named()
    if channel not in names:
        raise Fault("没有名为“%(name)s”的渠道；可选 %(names)s", name=channel[:24], names="、".join(names))
    if wanted.row_days is not None and channel in terms.BESIDES:
        raise Fault("这里没有隔离的行可设期限；请只设保存几个月")
    if wanted.manner not in Term.Manner.values:
        raise Fault("到期之后只能是 figures（只留统计）或 delete（全部清除）")
    if wanted.months is not None and not terms.LEAST_MONTHS <= wanted.months <= terms.MOST_MONTHS:
        raise Fault("保存月数应在 %(least)s 到 %(most)s 之间", least=terms.LEAST_MONTHS, most=terms.MOST_MONTHS)
    if wanted.row_days is not None and not terms.LEAST_DAYS <= wanted.row_days <= terms.MOST_DAYS:
        raise Fault("隔离的行的保存天数应在 %(least)s 到 %(most)s 之间", least=terms.LEAST_DAYS, most=terms.MOST_DAYS)


def _may_set(by: Staff | str) -> None:
    if not isinstance(by, str) and (RIGHT not in by.rights or by.scope(RIGHT) is not None):
        raise PermissionDenied
