"""Which figures have moved: where, since when, by how much, how sure, and what customers speak of more since?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huixiang.apps.access.door import requires, who
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback.models import Rise
from huixiang.apps.feedback.views import trends
from huixiang.apps.standards import charting
from huixiang.apps.standards import monitoring as watched
from huixiang.apps.standards.charting import Figure
from huixiang.apps.standards.models import SEE, Shift, ShiftWatch

SHOWN = timedelta(days=365)  # after its end
MOST_ENDED = 40
BEFORE, AFTER = timedelta(days=14), timedelta(days=28)  # in which a topic that rises may have moved with it
AS_MEASURED = 2  # times the reckoned: what benchmarks.control gives on days with heavier tails


@dataclass(frozen=True, slots=True)
class Told:
    """One shift as the page tells it; `followers` are units that moved with it, `rises` topics of the same weeks."""

    shift: Shift
    figure: Figure | None
    unit: str
    followers: list[str]
    rises: list[trends.Told]

    @property
    def odds(self) -> int:
        """Chance alone gives as much in one look of so many, to two digits."""
        number = min(1 / max(self.shift.p, 1e-9), 1e9)
        return int(float(f"{number:.1e}"))


@never_cache
@requires(SEE)
@require_safe
def monitoring(request: HttpRequest) -> HttpResponse:
    staff, today = who(request), timezone.localdate()
    shown = leading(staff)
    recent = shown.exclude(ended_on=None).filter(ended_on__gte=today - SHOWN)
    last = ShiftWatch.objects.order_by("-on").first()
    context = {
        "open": told(shown.open(), staff),
        "ended": told(recent[:MOST_ENDED], staff),
        "last": last,
        "most": AS_MEASURED * last.false_a_year if last else None,
        "figures": [each.title for each in charting.figures() if may_see(each, staff)],
        "guard": watched.GUARD,
        "fewest": watched.FEWEST_DAYS,
    }
    return render(request, "standards/monitoring.html", context)


def may_see(figure: Figure, staff: Staff) -> bool:
    return figure.right in staff.rights and (not figure.is_whole or staff.holds(figure.right, None))


def leading(staff: Staff) -> Any:
    """Those that follow no other that this person may see."""
    seen = Shift.objects.visible_to(staff)
    return seen.exclude(led_by__in=seen.values("pk"))


def told(shifts: Iterable[Shift], staff: Staff) -> list[Told]:
    rows, names = list(shifts), dict(Unit.objects.values_list("code", "name"))
    beneath = followers(staff)
    return [
        Told(
            row,
            charting.figure(row.figure),
            unit_name(row.unit, names),
            [unit_name(unit, names) for unit in sorted(beneath.get(row.pk, ()))],
            moved(row, staff),
        )
        for row in rows
    ]


def followers(staff: Staff) -> dict[int, list[str]]:
    """By the shift that leads: the units of all that follow it, and of those that follow these."""
    rows = {pk: (led_by, unit) for pk, led_by, unit in
            Shift.objects.visible_to(staff).order_by().values_list("pk", "led_by", "unit")}  # fmt: skip
    found: dict[int, list[str]] = {}
    for pk, (_leader, unit) in rows.items():
        if (first := _first(pk, rows)) != pk:
            found.setdefault(first, []).append(unit)
    return found


def _first(pk: int, rows: Mapping[int, tuple[int | None, str]]) -> int:
    """Who leads this one's leader, and so on up."""
    for _step in range(len(rows)):
        leader = rows[pk][0]
        if leader is None or leader not in rows:
            break
        pk = leader
    return pk


def unit_name(unit: str, names: dict[str, str]) -> str:
    return names.get(unit, unit) if unit else _("全行")


def moved(shift: Shift, staff: Staff) -> list[trends.Told]:
    """Topics that customers of the same unit began to speak of more in the same weeks: beside it, not its cause."""
    if "overview.see" not in staff.rights:
        return []
    begun = shift.since_earliest - BEFORE, shift.since_latest + AFTER
    return trends.told(Rise.objects.visible_to(staff).filter(unit=shift.unit, since__range=begun), staff)
