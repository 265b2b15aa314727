"""Who is away today, and who stands in for her? Asked at each assignment, in the queue and by the table's guards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models import Absence


def stood_for(deputy: Staff, day: date | None = None) -> list[Staff]:
    """Those who are away and have this person as their deputy."""
    rows = Absence.objects.on(day or timezone.localdate()).filter(deputy=deputy).select_related("staff")
    return list({row.staff_id: row.staff for row in rows}.values())


def away(staff: Staff | None, day: date | None = None) -> Absence | None:
    """Her absence of the day, with the deputy; None where she is here."""
    if staff is None:
        return None
    return Absence.objects.on(day or timezone.localdate()).filter(staff=staff).select_related("deputy").first()


def away_among(people: Iterable[int]) -> dict[int, Absence]:
    """Of many at once: who of them is away today?"""
    rows = Absence.objects.on(timezone.localdate()).filter(staff_id__in=list(people)).select_related("deputy")
    return {row.staff_id: row for row in rows}
