"""Which cases must be told up the tree at once, since their words carry risk? Marked when found, until it is known."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.complaints.models import Case, CaseQuerySet, RiskMark
from huixiang.apps.feedback import findings, rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.escalating import (
    LADDER,
    Duty,
    Escalation,
    duty,
    is_high_enough,
    read_escalations,
    shipped_escalations,
)
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import time_of
from huixiang.domain.complaints.lifecycle import APPROVE
from huixiang.domain.complaints.standing import Entry
from huixiang.domain.complaints.warning import Level
from huixiang.domain.understanding.contract import Risk
from huixiang.domain.understanding.understander import Understander

RULES = "HUIXIANG_RISK_ESCALATION"
UNKNOWN_LEVEL = "urgent"  # of a code that the book of today no longer names: rather too early than too late


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case with risks that nobody of the level has known of yet; the most urgent duty of all of them."""

    case: Case
    marks: tuple[RiskMark, ...]
    duty: Duty
    is_for_me: bool

    @property
    def since(self) -> datetime:
        return min(mark.found_at for mark in self.marks)


def escalations() -> tuple[Escalation, ...]:
    """The bank's own where HUIXIANG_RISK_ESCALATION names a file, else those of the product. Raises Fault."""
    named = os.environ.get(RULES, "").strip()
    return _own(named, timezone.localdate()) if named else shipped_escalations()


@lru_cache(maxsize=2)
def _own(named: str, _read_on: date) -> tuple[Escalation, ...]:
    """Read once a day and process: the lists ask for it on every page."""
    try:
        return read_escalations(rulebooks.text_of(Path(named)))
    except BadCase as bad:
        raise Fault(bad.message, **dict[str, Any](bad.params)) from None


def mark(case: Case, own: Iterable[Risk], told: Iterable[str], at: datetime, voice_id: str = "") -> None:
    """Note what was found, in the caller's transaction; `told` are codes that a voice brought, without their words.

    What is known of already waits anew only where another text says it.
    """
    found = {code: RiskMark(case=case, code=code, level=level_of(code)) for code in told}
    for risk in own:
        found[risk.code] = RiskMark(case=case, code=risk.code, level=risk.level, words=list(risk.why)[:8])
    for each in found.values():
        each.found_at, each.voice_id = at.replace(microsecond=0), voice_id  # whole seconds, as the events count
    RiskMark.objects.bulk_create(found.values(), ignore_conflicts=True)
    codes = list(dict.fromkeys([*case.risks, *found]))
    if codes != case.risks:
        case.risks = codes
        Case.objects.filter(pk=case.pk).update(risks=codes)


def found_in(cases: Sequence[Case]) -> list[list[Risk]]:
    """By the words of the risk book, as in voices."""
    read = _understander().read([f"{case.title}\n{case.text}" for case in cases], [True] * len(cases))
    return [list(each.risks) for each in read]


@cache
def _understander() -> Understander:
    """By the product's own rules: made once a process, when the first complaint is taken down."""
    return Understander()


def level_of(code: str) -> str:
    node = rulebooks.book("risks", timezone.localdate()).named(code)
    return (node.level if node else "") or UNKNOWN_LEVEL


def settle(case: Case, entries: Sequence[Entry]) -> bool:
    """Which marks are known? As the events say: known are those of its codes that were found before it."""
    wrong = unsettled(RiskMark.objects.filter(case=case), entries) if case.risks else []
    for each in wrong:
        RiskMark.objects.filter(pk=each.pk).update(is_known=not each.is_known)
    return bool(wrong)


def unsettled(marks: Iterable[RiskMark], entries: Sequence[Entry]) -> list[RiskMark]:
    """Those of a case's marks that say of being known another thing than its events."""
    known = [(time_of(entry.at), set(entry.told["risks"])) for entry in entries if entry.verb == "acknowledge"]
    return [
        each
        for each in marks
        if each.is_known != any(each.code in codes and each.found_at <= at for at, codes in known)
    ]


def waits(case: Case) -> list[RiskMark]:
    return list(RiskMark.objects.filter(case=case, is_known=False)) if case.risks else []


def highest(marks: Iterable[RiskMark], now: datetime) -> Duty | None:
    """Of several risks, the level furthest up; of the same level the one that goes on first."""
    rules = escalations()
    duties = [duty(each.code, each.level, each.found_at, now, rules) for each in marks]
    return min(duties, key=lambda each: (-LADDER.index(each.level), each.next_at or now), default=None)


def told(case: Case, by: Staff, at: datetime) -> dict[str, Any]:
    """What the table of verbs is asked of the risks of this case."""
    marks = [each for each in waits(case) if each.found_at <= at]
    found = highest(marks, at)
    return {
        "ranks": frozenset(level.value for level in ranks(by, case.unit, APPROVE)),
        "must_know": found.level.value if found else "",
        "risks": frozenset(each.code for each in marks),
    }


def ranks(by: Staff, unit: Unit, right: str) -> set[Level]:
    """As which levels does he stand to a case of this unit, by his posts with this right?"""
    found = set()
    for post in by.posts_with(right):
        if post.unit.parent_id is None:
            found.add(Level.HEAD_OFFICE)
        elif post.unit_id == unit.pk:
            found.add(Level.UNIT)
        elif unit.path.startswith(post.unit.path):
            found.add(Level.SUPERIOR)
    return found


def unknown(seen: CaseQuerySet) -> CaseQuerySet:
    """Of these cases, open or not, those of which a risk is not known yet."""
    return seen.filter(pk__in=RiskMark.objects.filter(is_known=False).values("case"))


def count(seen: CaseQuerySet, most: int) -> int:
    return unknown(seen).order_by()[: most + 1].count()


def waiting(by: Staff, now: datetime, most: int) -> list[Waiting]:
    """Those this person must know of first, then the most urgent, then the oldest."""
    rows = unknown(Case.objects.visible_to(by)).select_related("unit", "handler").prefetch_related("risk_marks")
    found = []
    for case in rows.order_by("-pk")[:most]:
        marks = tuple(each for each in case.risk_marks.all() if not each.is_known)
        due = highest(marks, now)
        if due:
            found.append(Waiting(case, marks, due, is_high_enough(ranks(by, case.unit, APPROVE), due.level)))
    return sorted(found, key=lambda each: (not each.is_for_me, -LADDER.index(each.duty.level), each.since))


def name(code: str) -> str:
    return findings.name("risks", code)
