"""Which holidays follow one another, and for which years is no notice known?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from huixiang.domain.calendar import Calendar, DayKind, mainland


def holiday_run(day: date, calendar: Calendar) -> list[str]:
    """The names of all holidays that follow one another around this day; none where it is not one of them.

    The library names each day by itself: 1 to 8 October 2025 are 国庆节 but for the 6th, which it calls 中秋.
    """
    if calendar.kind(day) is not DayKind.HOLIDAY:
        return []
    found = [calendar.holidays[day]]
    for step in (timedelta(days=-1), timedelta(days=1)):
        other = day + step
        while calendar.kind(other) is DayKind.HOLIDAY:
            found.append(calendar.holidays[other])
            other += step
    return found


def unnoticed(days: Iterable[date]) -> list[int]:
    """For which of these days' years is no notice known? There the plain week stands, and the New Year is worked."""
    return sorted({day.year for day in days} - mainland().years)
