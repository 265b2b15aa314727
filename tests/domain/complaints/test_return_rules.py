"""For which days is a quarter reported, and by when?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.periods import Period, period_of, read_period
from huixiang.domain.complaints.return_rules import read_return_rules, shipped_return_rules
from huixiang.domain.complaints.returns import SCALE


def test_a_period_is_written_as_banks_write_it() -> None:
    third = read_period("2026q3")
    assert (third.since, third.until, third.days) == (date(2026, 7, 1), date(2026, 9, 30), 92)
    assert (third.before().code, third.year_before().code) == ("2026Q2", "2025Q3")
    assert read_period("2026Q1").before().code == "2025Q4"
    assert read_period("2028").days == 366
    with pytest.raises(BadCase, match="2026Q3"):
        read_period("2026Q5")


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.booleans())
def test_periods_leave_no_day_out(day: date, of_year: bool) -> None:
    found = period_of(day, of_year=of_year)
    assert found.since <= day <= found.until
    assert found.before().after() == found == read_period(found.code)
    assert found.before().until.toordinal() + 1 == found.since.toordinal()


def test_the_deadline_and_each_rate_are_data_with_a_clause() -> None:
    rules = shipped_return_rules("cn-2020")
    assert rules is not None
    told = rules.deadline(Period(2026, 3))
    assert told is not None
    assert told[0] == date(2026, 10, 15)
    assert told[1].unsure, "the day of the law was not read: it is said so"
    assert {each.per for each in rules.rates} == set(SCALE)
    with pytest.raises(BadCase, match="deadline"):
        read_return_rules("")
