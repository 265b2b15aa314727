"""Which rights are there to inspections, and what do they reach?"""

from __future__ import annotations

from django.db.models import Q

from huixiang.apps.access.models import Staff, Unit

SEE, DO, PLAN, APPROVE = "inspection.see", "inspection.do", "inspection.plan", "inspection.approve"
ANSWER, DECIDE, CALIBRATE = "inspection.answer", "inspection.decide", "inspection.calibrate"
EXPORT, IMPORT = "inspection.export", "inspection.import"


def within(staff: Staff, right: str, field: str = "unit") -> Q:
    """Rows of the units in which she holds the right; nobody's where she does not hold it at all."""
    if right not in staff.rights:
        return Q(pk__in=[])
    units = staff.scope(right)
    # Not the empty Q, which an "or" passes over.
    return ~Q(pk__in=[]) if units is None else Q(**{f"{field}__code__in": units})


def knows_visitors(staff: Staff, unit: Unit) -> bool:
    """May she read who this unit's mystery visitors are? Whoever plans or calibrates there; the units visited never."""
    return staff.holds(PLAN, unit) or staff.holds(CALIBRATE, unit)
