"""How many days or open hours lie between two moments, and when is the n-th over? By sums kept for every day.

Moments are whole seconds of Chinese time since 1970-01-01 00:00 there; China has had one offset since 1991.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate

from huixiang.domain.calendar import SATURDAY, Calendar, DayKind

CHINA = timezone(timedelta(hours=8))
EPOCH = date(1970, 1, 1).toordinal()
DAY = 86_400
_FIRST, _LAST = date(2000, 1, 1).toordinal(), date(2060, 1, 1).toordinal()

Span = tuple[int, int]  # seconds after midnight: opened, closed


def moment(at: datetime) -> int:
    """Seconds of an aware time. Raises ValueError outside the years that are counted, or without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} names no time zone")
    local = at.astimezone(CHINA)
    if not _FIRST < local.toordinal() < _LAST:
        raise ValueError(f"{at.isoformat()} lies outside the years 2000 to 2059")
    return (local.toordinal() - EPOCH) * DAY + local.hour * 3600 + local.minute * 60 + local.second


def time_of(seconds: int) -> datetime:
    """The other way of `moment`."""
    return datetime(1970, 1, 1, tzinfo=CHINA) + timedelta(seconds=seconds)


def day_of(seconds: int) -> int:
    """The number of its day, as `date.toordinal` has it."""
    return seconds // DAY + EPOCH


@dataclass(frozen=True, slots=True)
class Opening:
    """When is a unit open? `week` holds the spans of Monday to Sunday; a split day has two.

    A bank's branch may be open on Saturday though nobody else works. On public holidays it is closed, unless `holiday`
    says otherwise; on a make-up workday it keeps Monday's hours unless `make_up` does. `special` days win over all.
    """

    week: tuple[tuple[Span, ...], ...]
    holiday: tuple[Span, ...] = ()
    make_up: tuple[Span, ...] | None = None
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has seven days, not {len(self.week)}")
        for spans in (*self.week, self.holiday, self.make_up or (), *self.special.values()):
            edges = [0, *(edge for span in spans for edge in span), DAY]
            if edges != sorted(edges) or any(opened == closed for opened, closed in spans):
                raise ValueError(f"{spans}: spans must follow each other within one day")

    def on(self, day: date, kind: DayKind) -> tuple[Span, ...]:
        """The spans of one day."""
        if day in self.special:
            return self.special[day]
        if kind is DayKind.HOLIDAY:
            return self.holiday
        if kind is DayKind.MAKE_UP:
            return self.week[0] if self.make_up is None else self.make_up
        return self.week[day.weekday()]


_MORNING_AND_AFTERNOON = ((9 * 3600, 12 * 3600), (13 * 3600 + 1800, 17 * 3600))
OFFICE = Opening(week=(_MORNING_AND_AFTERNOON,) * SATURDAY + ((),) * 2)


class Days:
    """Working days up to each day, make-up days included. Calendar days need no table."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        days = map(date.fromordinal, range(_FIRST, _LAST + 1))
        self._worked = list(accumulate(map(calendar.is_workday, days), initial=0))

    def worked(self, day: int) -> int:
        """How many working days are there up to and with this one?"""
        return self._worked[day - _FIRST + 1]

    def when_worked(self, number: int) -> int:
        """The day with which so many working days are over."""
        return bisect_left(self._worked, number) + _FIRST - 1

    def workday_from(self, day: int) -> int:
        """This day if it is worked, else the next that is."""
        return self.when_worked(self.worked(day - 1) + 1)


class OpenHours:
    """The seconds a unit was open up to each day; `openings` are in force from their days on, the first from ever."""

    def __init__(self, openings: Opening | Sequence[tuple[date, Opening]], calendar: Calendar) -> None:
        dated = [(date.min, openings)] if isinstance(openings, Opening) else openings
        days = [date.fromordinal(day) for day in range(_FIRST, _LAST + 1)]
        starts = [since.toordinal() for since, _opening in dated]
        own = (dated[max(bisect_right(starts, day.toordinal()) - 1, 0)][1] for day in days)
        self._spans: Sequence[tuple[Span, ...]] = [
            opening.on(day, calendar.kind(day)) for day, opening in zip(days, own, strict=True)
        ]
        self._before = list(accumulate((sum(b - a for a, b in spans) for spans in self._spans), initial=0))
        if not self._before[-1]:
            raise ValueError("a unit that is never open cannot keep a limit of hours")

    def open_before(self, at: int) -> int:
        """For how many seconds has it been open up to this moment?"""
        place, second = day_of(at) - _FIRST, at % DAY
        return self._before[place] + sum(min(b, second) - a for a, b in self._spans[place] if a < second)

    def when_open(self, seconds: int) -> int:
        """The moment at which it has been open for so long."""
        place = bisect_left(self._before, seconds) - 1
        left, last = seconds - self._before[place], 0
        for opened, closed in self._spans[place]:
            last = min(closed, opened + left)
            left -= closed - opened
            if left <= 0:
                break
        return (place + _FIRST - EPOCH) * DAY + last
