"""How did a standard's figure stand in each month of the last year, held against today's target?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from huixiang.apps.standards import measuring
from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.values import Standard

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    found: Measured
    verdict: Verdict


def months(standard: Standard, today: date) -> list[Month]:
    """The last eleven whole months and this one so far, those with facts; [] where nobody measures it."""
    index = today.year * 12 + today.month - MONTHS
    since, until = date(index // 12, index % 12 + 1, 1), today - timedelta(days=1)
    aim = standard.aim
    if aim is None or since > until:
        return []
    found = measuring.by_month(measuring.count(standard, since, until) or ())
    return [Month(each, judge(aim, each)) for each in found]
