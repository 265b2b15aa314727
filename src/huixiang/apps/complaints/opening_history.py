"""Who changed opening hours and holidays, when, why, and what is otherwise since? For pages and API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from huixiang.apps.access.sentences import told
from huixiang.apps.complaints.models import HolidayYear, OpeningTerm
from huixiang.domain.calendar import mainland
from huixiang.domain.complaints.opening_changes import holiday_changes, hours_changes
from huixiang.domain.complaints.openings import opening_of
from huixiang.domain.complaints.running import Warned

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """A row, and what it says otherwise than the one before it."""

    row: Any  # of OpeningTerm or HolidayYear
    differences: list[str]


def of_hours() -> list[Change]:
    """The latest first; each held against the row of its unit that held before it."""
    last = OpeningTerm.objects.order_by("-effective_from", "-pk").values_list("unit_id", flat=True)
    units = set(last[:SHOWN])
    before, found = dict[int, OpeningTerm](), list[Change]()
    for row in OpeningTerm.objects.filter(unit__in=units).select_related("unit", "by").order_by("effective_from", "pk"):
        earlier, before[row.unit_id] = before.get(row.unit_id), row
        old = opening_of(earlier.hours) if earlier and earlier.hours else None
        found.append(Change(row, _said(hours_changes(old, opening_of(row.hours) if row.hours else None))))
    return found[::-1][:SHOWN]


def of_holidays() -> list[Change]:
    """The latest first; the first of a year against what came with the product, where that knows the year."""
    base = mainland()
    before = {
        year: (
            {f"{day}": name for day, name in base.holidays.items() if day.year == year},
            [f"{day}" for day in base.make_up if day.year == year],
        )
        for year in base.years
    }
    found = list[Change]()
    for row in HolidayYear.objects.select_related("by").order_by("pk"):
        now = row.holidays, row.make_up
        found.append(Change(row, _said(holiday_changes(before.get(row.year, ({}, [])), now))))
        before[row.year] = now
    return found[::-1][:SHOWN]


def _said(changes: Iterable[Warned]) -> list[str]:
    """Days of the week are called as their reader calls them."""
    return [
        told(each.message, {k: gettext(v) if k == "day" else v for k, v in each.params.items()}) for each in changes
    ]
