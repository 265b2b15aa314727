"""When is a unit open, and which days are off? Head office's dated rows over the product's calendar."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Max

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints.models import HolidayYear, OpeningTerm
from huixiang.domain.calendar import Calendar, mainland
from huixiang.domain.complaints.hours import OFFICE, OpenHours, Opening
from huixiang.domain.complaints.openings import opening_of

SECONDS, REREAD = 5, 300  # for how long a process trusts what it knows; after which time units may have moved
NOTICE_MONTH = 11  # in which the State Council's notice of the next year comes out
_known = list[tuple[float, tuple[int, ...]]]()  # when it was asked, and what was told; at most one


def version() -> tuple[int, ...]:
    """Changes with every row; asked of the database at most every five seconds. The first is 0 without own hours."""
    if not _known or time.monotonic() - _known[0][0] > SECONDS:
        last = OpeningTerm.objects.aggregate(last=Max("pk"))["last"] or 0
        years = HolidayYear.objects.aggregate(last=Max("pk"))["last"] or 0
        _known[:] = [(time.monotonic(), (last, years, int(time.time() // REREAD) if last else 0))]
    return _known[0][1]


def forget() -> None:
    """What was written now holds now."""
    _known.clear()


def calendar() -> Calendar:
    """The product's, with the years that the bank wrote in place of its own."""
    own = {row.year: row for row in HolidayYear.objects.order_by("year", "pk")}
    if not own:
        return mainland()
    base = mainland()
    off = {day: name for day, name in base.holidays.items() if day.year not in own}
    worked = {day for day in base.make_up if day.year not in own}
    for row in own.values():
        off |= {date.fromisoformat(day): name for day, name in row.holidays.items()}
        worked |= {date.fromisoformat(day) for day in row.make_up}
    return Calendar(off, frozenset(worked), base.years | frozenset(own))


def missing_year(today: date) -> int | None:
    """The year of which nobody knows the holidays yet: this one, and from November on the next."""
    known = calendar().years
    wanted = [today.year, *([today.year + 1] if today.month >= NOTICE_MONTH else [])]
    return next((year for year in wanted if year not in known), None)


class Hours(Mapping[str, OpenHours]):
    """Of each unit that has hours of its own, or stands below one that has. Made when first asked for."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._paths = dict(Unit.objects.values_list("code", "path"))
        self._terms = dict[str, list[tuple[date, Opening | None]]]()
        for row in OpeningTerm.objects.select_related("unit").order_by("effective_from", "pk"):
            hours = opening_of(row.hours) if row.hours else None
            self._terms.setdefault(row.unit.code, []).append((row.effective_from, hours))
        self._made = dict[tuple[str, ...], OpenHours]()

    def __getitem__(self, code: str) -> OpenHours:
        above = tuple(each for each in self._paths.get(code, "").strip("/").split("/") if each in self._terms)
        if not above:
            raise KeyError(code)
        if above not in self._made:
            self._made[above] = OpenHours(self._dated(above), self._calendar)
        return self._made[above]

    def _dated(self, above: tuple[str, ...]) -> list[tuple[date, Opening]]:
        """From each day on which anything changes, the hours of the nearest unit that has its own then."""
        days = sorted({day for each in above for day, _hours in self._terms[each]})
        return [(date.min, OFFICE), *((day, self._on(above, day)) for day in days)]

    def _on(self, above: tuple[str, ...], day: date) -> Opening:
        for each in reversed(above):
            then = [hours for since, hours in self._terms[each] if since <= day]
            if then and then[-1] is not None:
                return then[-1]
        return OFFICE

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)


def on(unit: Unit, day: date) -> tuple[Unit | None, OpeningTerm | None]:
    """Whose hours hold for this unit on a day: its own, or of which unit above; None for the product's office hours."""
    above = unit.path.strip("/").split("/")
    rows = OpeningTerm.objects.filter(unit__code__in=above, effective_from__lte=day).select_related("unit")
    last = {row.unit.code: row for row in rows.order_by("effective_from", "pk")}
    row = next((last[code] for code in reversed(above) if code in last and last[code].hours), None)
    return (row.unit, row) if row else (None, None)
