"""Do the overview's numbers mean what they say? Steps without gaps, fair comparisons, words that tell sides apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.apps.feedback import timeline, wording
from huixiang.apps.feedback.comparison import comparison, under
from huixiang.apps.feedback.forms.filters import months_before
from huixiang.apps.feedback.standing import known_until, months, standing
from huixiang.domain.statistics import Interval
from huixiang.lake.questions import Count, Slice
from huixiang.web.templatetags.pages import bounds, change, percent, point_bounds
from tests import make
from tests.browser import voices as made

pytestmark = pytest.mark.one_database

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_a_silent_week_is_a_step_with_no_share_and_not_a_gap() -> None:
    line = timeline.steps(
        [Count(date(2026, 11, 2), 1, 0, 3), Count(date(2026, 11, 16), 2, 0, 0)], "week", date(2026, 12, 24)
    )
    assert [step.count.total for step in line] == [4, 0, 2]
    assert line[1].share is None
    assert timeline.chart(line)["share"] == [25.0, None, 100.0]


@pytest.mark.parametrize(
    ("by", "says"), [("month", "2026-11（未完）"), ("week", "2026-11-23 起（未完）"), ("day", "11-24")]
)
def test_the_step_that_has_not_ended_says_so(by: timeline.By, says: str) -> None:
    """A week's label names its year; a day counts as over in the evening of which one reads."""
    first = {"month": date(2026, 11, 1), "week": date(2026, 11, 23), "day": date(2026, 11, 24)}[by]
    (step,) = timeline.steps([Count(first, 1, 0, 3)], by, date(2026, 11, 24))
    assert step.label == says


def test_the_page_and_its_chart_round_half_up() -> None:
    found = Interval(0.23465, 0.0005, 0.33349)
    assert (percent(found), bounds(found)) == ("23.5%", "0.1%–33.3%")
    assert change(Interval(1.125, 1, 1)) == "+13%"
    line = [timeline.Step(date(2026, 11, 1), "", Count("", 0, 0, 0), found)]
    assert [timeline.chart(line)[name] for name in ("share", "low", "high")] == [[23.5], [0.1], [33.3]]


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    line = timeline.steps(
        [Count(date(2025, 11, 1), 0, 0, 1), Count(date(2026, 2, 1), 0, 0, 1)], "month", date(2026, 12, 24)
    )
    assert [step.label for step in line] == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_a_month_is_held_against_the_same_days_of_the_one_before_as_far_as_it_is_known() -> None:
    found = months(last=date(2026, 11, 20), known=date(2026, 11, 24))
    assert found.now == (date(2026, 11, 1), date(2026, 11, 24))
    assert found.before == (date(2026, 10, 1), date(2026, 10, 24))
    assert not found.is_whole


def test_a_month_that_is_over_is_held_against_a_whole_month() -> None:
    found = months(last=date(2026, 9, 12), known=date(2026, 11, 24))
    assert (found.now[1], found.before[0], found.before[1]) == (date(2026, 9, 30), date(2026, 8, 1), date(2026, 8, 31))
    assert found.is_whole


def test_an_export_that_ends_on_the_third_proves_no_fall(lake: Any) -> None:
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(33)]
    made.fill(lake, [made.record(10 * n + k, "排队太久", day) for n, day in enumerate(days) for k in range(10)])
    found = standing(lake, Slice(), months(days[-1], known_until(lake, Slice())))
    assert found.months.now == (date(2026, 5, 1), date(2026, 5, 3))
    assert found.growth is not None
    assert found.growth.low < 1 < found.growth.high


def test_a_chosen_period_cuts_the_month_and_the_one_before_alike() -> None:
    found = months(date(2026, 5, 12), date(2026, 5, 12), since=date(2026, 5, 3))
    assert found.now == (date(2026, 5, 3), date(2026, 5, 12))
    assert found.before == (date(2026, 4, 3), date(2026, 4, 12))


@given(DAYS, DAYS)
def test_the_month_before_always_ends_before_the_month(last: date, known: date) -> None:
    found = months(last, known)
    assert found.before[0] <= found.before[1] < found.now[0] <= found.now[1]
    assert (found.before[1] - found.before[0]).days <= 31


@given(DAYS, st.integers(0, 40))
def test_some_months_before_is_the_same_day_or_the_months_last(day: date, count: int) -> None:
    earlier = months_before(day, count)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == count
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


def test_three_angry_customers_do_not_outweigh_three_hundred() -> None:
    found = comparison([Count("few", 3, 0, 0), Count("many", 240, 30, 30), Count("none", 0, 0, 0)], str)
    assert [line.key for line in found.lines] == ["many", "few"]
    assert found.ceiling == 1.0
    assert found.overall is not None


def test_counts_climb_to_the_level_below_the_one_looked_at(bank: make.Bank) -> None:
    units = [bank.head_office, bank.north, bank.north_branch, bank.north_outlet, bank.north_outlet_2, bank.south]
    counts = [
        Count("N11", 1, 0, 0),
        Count("N12", 0, 2, 0),
        Count("S", 0, 0, 4),
        Count("", 5, 0, 0),
        Count("gone", 1, 0, 0),
    ]
    top = {count.key: count.total for count in under(counts, units, None)}
    assert top == {"N": 3, "S": 4, "": 6}
    assert {count.key for count in under(counts[:2], units, bank.north_branch)} == {"N11", "N12"}


def test_words_of_both_sides_say_nothing_and_a_new_word_is_called_new(db: None, lake: Any) -> None:
    now, before = date(2026, 11, 10), date(2026, 10, 10)
    records = [made.record(n, "手机银行闪退，气死人了，太差", now) for n in range(30)]
    records += [made.record(100 + n, "手机银行很快，非常满意，点赞", now) for n in range(30)]
    records += [made.record(200 + n, "手机银行卡顿，气死人了，太差", before) for n in range(30)]
    made.fill(lake, records)
    old, new = months(now, date(2026, 12, 24)).slices(Slice())
    blame = {word.word: word for word in wording.telling(lake, old, new, "negative")}
    assert blame["闪退"].trend == "new"
    assert "手机银行" not in blame
    alone = wording.telling(lake, None, new, "negative")
    assert {word.trend for word in alone} == {"unknown"}


def test_voices_of_unknown_date_stay_out_of_the_month(lake: Any) -> None:
    today = date(2026, 11, 24)
    made.fill(lake, [*(made.record(n, "排队太久，太差了", today) for n in range(4)), *made.undated(9)])
    found = standing(lake, Slice(), months(today, today))
    assert found.voices == 4
    assert found.growth is None  # nothing the month before: no ratio, rather than infinity
    assert found.ratings.mean is None


def test_the_banks_own_name_and_neutral_words_are_no_praise(bank: Any, lake: Any) -> None:
    now = date(2026, 11, 10)
    said = "海川银行的各位员工非常热情，更新很好用，非常满意，点赞"
    made.fill(lake, [made.record(n, said, now) for n in range(30)])
    bank.head_office.name = "海川银行总行"
    bank.head_office.save()
    praise = {word.word for word in wording.telling(lake, None, Slice(), "positive")}
    assert "非常满意" in praise
    assert not {"海川银行", "海川", "各位", "员工", "更新"} & praise


@pytest.mark.parametrize(
    ("low", "shown"), [(0.0004, "+0.04"), (-0.0004, "−0.04"), (0.00004, "+0.004"), (0.0, "0.0"), (0.012, "+1.2")]
)
def test_an_interval_shows_on_which_side_of_nothing_it_ends(low: float, shown: str) -> None:
    assert point_bounds(Interval(0.048, low, 0.093)) == f"{shown} ~ +9.3"
