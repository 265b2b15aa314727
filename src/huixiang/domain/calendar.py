"""Is it a working day? Weekends, public holidays and the make-up workdays (调休) that pay for them, as dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays

SATURDAY = 5


class DayKind(StrEnum):
    """What is this day to a bank?"""

    WORKDAY = "workday"
    MAKE_UP = "make_up"  # 调休上班: a Saturday or Sunday on which everybody works
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # 法定节假日 and the days joined to it


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that differ from the plain week, as the State Council's yearly notice names them.

    `holidays` gives each day off its holiday's name; `make_up` are weekend days that are worked; `years` are those for
    which an official notice is known. For other years the answers follow the plain week alone: `is_official` tells.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    make_up: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def kind(self, day: date) -> DayKind:
        """What kind of day is it?"""
        if day in self.holidays:
            return DayKind.HOLIDAY
        if day in self.make_up:
            return DayKind.MAKE_UP
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY

    def is_workday(self, day: date) -> bool:
        """Is it worked, make-up days included?"""
        return self.kind(day) in {DayKind.WORKDAY, DayKind.MAKE_UP}

    def is_official(self, day: date) -> bool:
        """Does an official notice cover the year of this day?"""
        return day.year in self.years


@cache
def mainland() -> Calendar:
    """The calendar of mainland China for all years of which the library `chinesecalendar` holds the notice."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    return Calendar(
        holidays={day: names.get(name, name) for day, name in holidays.items()},
        make_up=frozenset(day for day in workdays if day.weekday() >= SATURDAY),
        years=frozenset(day.year for day in holidays),
    )
