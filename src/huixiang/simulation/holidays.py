"""Which days are off, which are made up for? From the kept-up library `chinesecalendar`, as domain words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

from huixiang.domain.calendar import SATURDAY, Calendar


@cache
def mainland() -> Calendar:
    """The calendar of mainland China for all years of which the library holds the State Council's notice."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    return Calendar(
        holidays={day: names.get(name, name) for day, name in holidays.items()},
        make_up=frozenset(day for day in workdays if day.weekday() >= SATURDAY),
        years=frozenset(day.year for day in holidays),
    )


def unnoticed(days: Iterable[date]) -> list[int]:
    """For which of these days' years is no notice known? There the plain week stands, and the New Year is worked."""
    return sorted({day.year for day in days} - mainland().years)
