"""What stands on a unit's scorecard this month? Of each standard with a line in the appraisal, its own number."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.standards import measuring
from huixiang.apps.standards.models import in_force_on
from huixiang.domain.standards.conformance import Measured
from huixiang.domain.standards.scorecard import Line, scorecard
from huixiang.domain.standards.values import Standard


def scored(unit: Unit, since: date, until: date, staff: Staff) -> list[Line]:
    """By the standards in force at the end, or today if that is sooner: nobody is judged by what did not hold yet.

    A number whose right the person lacks in this unit is not told.
    """
    standards = [each for each in in_force_on(min(until, timezone.localdate())) if each.appraisal]
    found = {each.code: value for each in standards if (value := _of(each, unit, since, until, staff))}
    return scorecard(standards, found)


def _of(standard: Standard, unit: Unit, since: date, until: date, staff: Staff) -> Measured | None:
    """The whole bank's at its root, also of what belongs to no unit."""
    right = measuring.right_of(standard)
    if right is None or not staff.holds(right, unit):
        return None
    if unit.parent_id is None:
        return measuring.whole(measuring.count(standard, since, until) or ())
    return next(
        (each for each in measuring.count_by_unit(standard, since, until) or () if each.unit == unit.code), None
    )
