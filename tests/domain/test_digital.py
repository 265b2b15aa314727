"""Shares of what comes in swarms, availability to the minute, and who is never asked to go to the screen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.digital import BANDS, Clock, Spell, of_each, together
from huixiang.domain.digital.clusters import clustered_share, odds_share, swarming_sum
from huixiang.domain.digital.funnels import StepCount, funnel
from huixiang.domain.digital.substitution import DayLoad, Served, freed, hidden, may_move
from huixiang.domain.statistics import share

MIDNIGHT = datetime(2026, 3, 1)  # noqa: DTZ001  # by the bank's clock


def spell(begin_minute: int, minutes: int, name: str = "登录", *, planned: bool = False) -> Spell:
    began = MIDNIGHT + timedelta(minutes=begin_minute)
    return Spell(name, began, began + timedelta(minutes=minutes), planned)


def test_planned_hours_are_told_apart_and_overlapping_incidents_count_once() -> None:
    clock = Clock(MIDNIGHT, MIDNIGHT + timedelta(days=1))
    spells = [spell(600, 30), spell(620, 30), spell(60, 120, planned=True), spell(170, 20)]
    (found,) = of_each(spells, ["登录"], clock)
    assert (found.promised, found.planned, found.down, found.incidents) == (1440 - 120, 120, 50 + 10, 3)
    day, night = (together("", of_each(spells, ["登录", "短信"], clock, hours)) for hours in ("day", "night"))
    assert (day.promised, day.down, night.down) == (2 * 14 * 60, 50, 10)
    assert found.up is not None
    assert found.up.low < found.up.value == 1 - 60 / 1320 < found.up.high


def test_an_outage_that_is_not_over_lasts_to_the_end() -> None:
    clock = Clock(MIDNIGHT, MIDNIGHT + timedelta(hours=2))
    (found,) = of_each([Spell("登录", MIDNIGHT + timedelta(minutes=100, seconds=30), None)], [], clock)
    assert found.down == 20


def test_days_without_any_incident_are_not_perfect_for_sure() -> None:
    (found,) = of_each([], ["登录"], Clock(MIDNIGHT, MIDNIGHT + timedelta(days=30)))
    assert found.up is not None
    assert found.up.value == found.up.high == 1
    assert found.up.low < 1


@given(st.lists(st.floats(1, 600), min_size=1, max_size=30))
def test_a_sum_of_incidents_lies_within_its_interval(sizes: list[float]) -> None:
    found = swarming_sum(sizes, 60)
    assert 0 <= found.low <= found.value <= found.high


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 100)), min_size=1, max_size=40))
def test_days_that_differ_make_a_share_less_sure_than_single_tries_would(parts: list[tuple[int, int]]) -> None:
    found, plain = clustered_share(parts), share(sum(n for n, _ in parts), sum(of for _, of in parts))
    assert found is not None
    assert plain is not None
    assert found.low <= plain.low <= found.value <= plain.high <= found.high


def test_who_comes_often_counts_as_one_person() -> None:
    many, few = odds_share((100, 100), (100, 100)), odds_share((100, 2500), (100, 2500))
    assert many is not None
    assert few is not None
    assert few.low < many.low < 0.5 < many.high < few.high
    assert odds_share((0, 0), (0, 0)) is None


def test_the_old_and_those_of_unknown_age_never_count_as_such_who_may_move() -> None:
    assert [band for band in (*BANDS, "") if may_move(band)] == ["0-29", "30-44", "45-59"]


def test_what_fewer_visits_free_is_a_part_of_what_they_take_and_few_days_tell_nothing() -> None:
    days = [DayLoad(MIDNIGHT.date() + timedelta(days=n), 10, 50.0 + n % 3) for n in range(20)]
    found = freed(days, 20)
    assert found.minutes is not None
    assert found.hours is not None
    assert found.minutes.value == pytest.approx(0.2 * sum(day.minutes for day in days) / 20)
    assert found.hours.value == found.minutes.value / 60
    assert freed(days[:9], 20).minutes is None


def test_a_group_that_would_follow_from_the_sum_is_hidden_with_the_small_one() -> None:
    lines = [Served("", key, counter=n, counter_people=n) for key, n in (("a", 4), ("b", 30), ("c", 12))]
    assert hidden(lines) == {"a", "c"}
    assert hidden(lines[1:]) == frozenset()
    two = [Served("", key, counter=n, counter_people=n) for key, n in (("a", 3), ("b", 30), ("c", 2), ("d", 40))]
    assert hidden(two) == {"a", "b", "c"}, "the five of both would follow from the sum"


def test_no_step_is_called_the_worst_where_intervals_overlap() -> None:
    def steps(*stops: int) -> list[StepCount]:
        return [StepCount("转账", f"{n}", n, 100, 100 - stop, stop, 0, 100, 0) for n, stop in enumerate(stops, 1)]

    assert [line.is_worst for line in funnel(steps(10, 12, 9))] == [False] * 3
    assert [line.is_worst for line in funnel(steps(3, 40, 5))] == [False, True, False]
