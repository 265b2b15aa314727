"""Which days are off, which are made up for? From the kept-up library `chinesecalendar`, as domain words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

from huixiang.domain.calendar import SATURDAY, Calendar, DayKind


@cache
def mainland() -> Calendar:
    """The calendar of mainland China for all years of which the library holds the State Council's notice."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    return Calendar(
        holidays={day: names.get(name, name) for day, name in holidays.items()},
        make_up=frozenset(day for day in workdays if day.weekday() >= SATURDAY),
        years=frozenset(day.year for day in holidays),
    )


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
