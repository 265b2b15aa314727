"""For which quarter or year is it reported, and with which is it compared?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from huixiang.domain.complaints.events import BadCase

_FORM = re.compile(r"(20\d\d)(?:Q([1-4]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar quarter, or a year where `quarter` is 0."""

    year: int
    quarter: int = 0

    @property
    def code(self) -> str:
        """2026Q3, or 2026."""
        return f"{self.year}Q{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def kind(self) -> str:
        return "quarter" if self.quarter else "year"

    @property
    def since(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def until(self) -> date:
        """Its last day, counted in."""
        return self.after().since - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def after(self) -> Period:
        if not self.quarter:
            return Period(self.year + 1)
        return Period(self.year + self.quarter // 4, self.quarter % 4 + 1)

    def before(self) -> Period:
        """The quarter before a quarter, the year before a year."""
        if not self.quarter:
            return Period(self.year - 1)
        return Period(self.year - (self.quarter == 1), (self.quarter - 2) % 4 + 1)

    def year_before(self) -> Period:
        return Period(self.year - 1, self.quarter)


def read_period(text: str) -> Period:
    """2026Q3 or 2026. Raises BadCase that says how it is written."""
    found = _FORM.fullmatch(text.strip().upper())
    if found is None:
        raise BadCase("报告期“%(period)s”要写成 2026Q3（季度）或 2026（年度）", period=text[:20])
    return Period(int(found[1]), int(found[2] or 0))


def period_of(day: date, *, of_year: bool = False) -> Period:
    """In which quarter, or year, does a day lie?"""
    return Period(day.year, 0 if of_year else (day.month + 2) // 3)
