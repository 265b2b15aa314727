"""What does management need to know of a quarter (管理摘要)? Counts as in the return, the rest by the events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from huixiang.apps.complaints import figuring, returning, tallying
from huixiang.apps.complaints.figuring import Figures as Outcomes
from huixiang.apps.complaints.models import CaseQuerySet, Event
from huixiang.apps.complaints.outcomes import SUPERVISORS, outcomes
from huixiang.apps.complaints.return_packs import return_rules
from huixiang.apps.complaints.returning import Figures, Question, plain
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.classes import PAID
from huixiang.domain.complaints.moves import moved
from huixiang.domain.complaints.periods import Period
from huixiang.domain.complaints.resolution import Sign
from huixiang.domain.statistics.intervals import difference, share

LOOKED_AT = ("business", "cause")
STEPS = ("apply_review", "dispute", "mediate", "reopen", "extend")


@dataclass(frozen=True, slots=True)
class _Told:
    """The outcomes of two periods; None where they are too few, or `fault` where they are too many for a page."""

    now: Outcomes | None
    before: Outcomes | None
    fault: Fault | None = None


def summarised(asked: Question, at: datetime) -> Figures:
    """All numbers of the summary, with those of the return in `return`."""
    period, rows = asked.period, tallying.counting(tallying.of_period(asked.rows, asked.period))
    told = returning.reckoned(asked, at)
    has_before = bool(told["totals"]["before"]["received"])  # a quarter without any register is none of no complaints
    before = tallying.of_period(asked.rows, period.before())
    found = _outcomes(rows, before, at)
    return {
        "return": told,
        "fewest": return_rules().fewest,
        "has_before": has_before,
        "moves": [line for table in LOOKED_AT if has_before for line in _moves(told["tables"][table], table, period)],
        "causes": _causes(told),
        "outcomes": _of_outcomes(found),
        "fault": found.fault,
        "money": _money(rows),
        "steps": _steps(rows),
        "escalated": sum(line["raw"] for line in told["tables"]["way"] if line["code"] in SUPERVISORS),
    }


def _outcomes(rows: CaseQuerySet, before: CaseQuerySet, at: datetime) -> _Told:
    try:
        now, earlier = (_enough(figuring.figures(outcomes(each, at))) for each in (rows, before))
    except Fault as fault:
        return _Told(None, None, fault)
    return _Told(now, earlier)


def _enough(found: Outcomes) -> Outcomes | None:
    return found if found.count >= figuring.LEAST else None


def _moves(lines: list[dict[str, Any]], table: str, period: Period) -> list[dict[str, Any]]:
    found = moved([(line["before"], line["raw"]) for line in lines], (period.before().days, period.days))
    return [
        {"table": table, "code": line["code"], "old": each.old, "new": each.new, "change": plain(each.change),
         "way": each.way.value}
        for line, each in zip(lines, found, strict=True)
    ]  # fmt: skip


def _causes(told: Figures) -> list[dict[str, Any]]:
    whole = told["totals"]["now"]["classed"]
    lines = [line for line in told["tables"]["cause"] if line["raw"]][:5]
    return [{"code": line["code"], "raw": line["raw"], "share": plain(share(line["raw"], whole))} for line in lines]


def _of_outcomes(found: _Told) -> dict[str, Any]:
    """Of those with an end, a due date, a window: each by its own denominator."""
    now, before = found.now, found.before
    if now is None:
        return {}
    told: dict[str, Any] = {
        "count": now.count,
        "median": [now.median.value, now.median.low, now.median.high],
        "nine_in_ten": [getattr(now.quantiles[-1][1], end) for end in ("value", "low", "high")],
        "late": now.late,
        "due": now.due,
        "late_share": plain(now.share_late),
        "resolved": now.resolved.yes,
        "judged": now.resolved.judged,
        "resolved_share": plain(now.resolved.value),
        "coverage": now.resolved.coverage,
        "to_regulator": now.resolved.reasons.get(Sign.REGULATOR, 0),
    }
    if before is not None:
        told |= {
            "median_before": [before.median.value, before.median.low, before.median.high],
            "late_change": plain(difference((before.late, before.due), (now.late, now.due))),
            "resolved_change": plain(
                difference((before.resolved.yes, before.resolved.judged), (now.resolved.yes, now.resolved.judged))
            ),
        }
    return told


def _money(rows: CaseQuerySet) -> dict[str, int]:
    """What was paid, as the last classing of each case says, and for how many cases."""
    lines = Event.objects.filter(case__in=rows.order_by().values("pk"), verb="classify", told__classes__has_key=PAID)
    last = {case: told["classes"][PAID] for case, told in lines.order_by("seq").values_list("case_id", "told")}
    paid = [int(fen) for fen in last.values() if str(fen or "").isdecimal() and int(fen)]
    return {"cases": len(paid), "fen": sum(paid)}


def _steps(rows: CaseQuerySet) -> dict[str, int]:
    """Of how many of these cases was each done, at least once?"""
    lines = Event.objects.filter(case__in=rows.order_by().values("pk"), verb__in=STEPS).order_by()
    found = dict(lines.values_list("verb").annotate(Count("case", distinct=True)))
    return {verb: found.get(verb, 0) for verb in STEPS}
