"""Which units keep a standard, and which do not? Each within reach with its number, interval and verdict; no rank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.standards import measuring
from huixiang.domain.standards.conformance import Measured, Verdict, judge
from huixiang.domain.standards.values import Standard

ORDER = (Verdict.MISSED, Verdict.NEAR, Verdict.UNPROVEN, Verdict.MET)  # what asks for somebody stands first


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit with all below it."""

    unit: Unit
    found: Measured
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ByUnit:
    """Lines by verdict, within each in the order of the organisation. `counts`: of each verdict, in ORDER."""

    lines: tuple[UnitLine, ...]
    counts: tuple[tuple[Verdict, int], ...]


def by_unit(standard: Standard, since: date, until: date, staff: Staff) -> ByUnit | None:
    """None where its facts do not tell units apart, or the person may see none of them."""
    right = measuring.right_of(standard)
    reach = {unit.code: unit for unit in Unit.objects.visible_to(staff, right)} if right else {}
    found = measuring.count_by_unit(standard, since, until) if reach else None
    if found is None or standard.aim is None:
        return None
    lines = [UnitLine(reach[each.unit], each, judge(standard.aim, each)) for each in found if each.unit in reach]
    counts = Counter(line.verdict for line in lines)
    ranked = sorted(lines, key=lambda line: (ORDER.index(line.verdict), line.unit.path))
    return ByUnit(tuple(ranked), tuple((verdict, counts[verdict]) for verdict in ORDER))
