"""On which day does an effect begin or end, where its file counts from the history's last day, as "-8 months"?

Such a date is a cut between two days, so much time before the end of the last one: an effect `from` it begins on the
day after the cut, one `to` it ends on the day before. What ends with "-4 months" and what begins with it adjoin.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

BEGIN, END = "begin", "end"
_COUNTED = re.compile(r"-(\d{1,4}) (day|week|month)s?")
_DAYS = {"day": 1, "week": 7}


def readable(text: str) -> bool:
    """Is this a date counted from the last day, or one of the two words?"""
    return text in {BEGIN, END} or _COUNTED.fullmatch(text) is not None


def first(text: str, begin: date, until: date) -> date:
    """The first day of what begins `from` here."""
    return before(text, begin, until) + timedelta(days=1)


def before(text: str, begin: date, until: date) -> date:
    """The last day before the cut: that of what goes on `to` here."""
    if text == BEGIN:
        return begin - timedelta(days=1)
    found = _COUNTED.fullmatch(text)
    if text == END or found is None:
        return until
    number, unit = int(found[1]), found[2]
    return months_before(until, number) if unit == "month" else until - timedelta(days=number * _DAYS[unit])


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of a month stays the last, and 31 becomes 28 where it must."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    last = monthrange(year, month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_last else min(day.day, last))
