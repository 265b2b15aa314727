"""Do control charts find what moved, say since when, and keep quiet in a quiet year?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from huixiang.domain.statistics.control import Alert, Kind, Series, alerts, chart, grouped
from huixiang.domain.statistics.control.series import Floats
from huixiang.domain.statistics.intervals import Interval

FIRST, PAST, DAYS = date(2024, 1, 1), 400, 500


def series(kind: Kind, values: Floats, of: Floats | None = None) -> Series:
    return Series(FIRST, values, kind, of)


def waits(dice: np.random.Generator, level: float = 12.0) -> Floats:
    """Minutes: Mondays are long, Sundays closed."""
    days = np.arange(DAYS)
    usual = np.log(level) + np.array([0.3, 0.0, 0.0, 0.0, 0.1, -0.2, np.nan])[days % 7]
    return np.exp(usual + 0.15 * dice.standard_normal(DAYS))


def found(one: Series) -> list[Alert]:
    return alerts(chart(one, np.arange(len(one)) < PAST), PAST, len(one))


def test_a_branch_that_lost_two_tellers_is_named_with_the_day_and_the_size() -> None:
    values = waits(np.random.default_rng(1))
    values[450:] *= 1.5
    (one,) = found(series(Kind.TIMES, values))
    assert one.is_up
    assert one.since_earliest <= FIRST + timedelta(days=450) <= one.since_latest
    assert one.raised_on <= FIRST + timedelta(days=460)
    assert one.size.low < 1.5 < one.size.high
    assert one.ended_on is None


def test_mondays_and_closed_sundays_are_no_alert() -> None:
    quiet = [series(Kind.TIMES, waits(np.random.default_rng(seed))) for seed in range(40)]
    assert sum(bool(found(one)) for one in quiet) <= 3


def test_a_shift_that_ends_is_one_alert_and_the_next_one_another() -> None:
    values = waits(np.random.default_rng(3))
    values[410:430] *= 1.6
    values[470:] *= 0.6
    first, second = found(series(Kind.TIMES, values))
    assert first.ended_on is not None
    assert first.ended_on < FIRST + timedelta(days=445)
    assert (first.is_up, second.is_up) == (True, False)


def test_one_wild_day_is_told_at_once_and_moves_no_month() -> None:
    values = waits(np.random.default_rng(4))
    values[420] *= 8
    (one,) = found(series(Kind.TIMES, values))
    assert (one.raised_on, one.window) == (FIRST + timedelta(days=420), 1)
    assert one.ended_on is not None


@pytest.mark.parametrize(("kind", "draw"), [
    (Kind.SHARES, lambda dice, of, by: dice.binomial(of.astype(int), 0.1 * by)),
    (Kind.RATES, lambda dice, of, by: dice.poisson(0.1 * of * by)),
])  # fmt: skip
def test_shares_and_rates_follow_how_many_came(kind: Kind, draw: Callable[..., Floats]) -> None:
    """Ten times the customers with the same share late is no alert; the same customers with twice as many late is."""
    dice = np.random.default_rng(5)
    of = np.where(np.arange(DAYS) < 450, 100.0, 1000.0)
    assert not found(series(kind, draw(dice, of, 1.0).astype(float), of))
    of[:] = 100.0
    by = np.where(np.arange(DAYS) < 450, 1.0, 2.0)
    (one,) = found(series(kind, draw(dice, of, by).astype(float), of))
    assert one.size.low < 2 < one.size.high
    low, centre, high = chart(series(kind, draw(dice, of, by).astype(float), of), np.arange(DAYS) < PAST).band
    assert 0 <= low[420] < centre[420] < high[420]
    assert centre[420] == pytest.approx(0.1, abs=0.02)


def test_laney_sees_that_large_branches_vary_more_than_chance() -> None:
    """With thousands of cases a plain p chart calls half of all days out of control (Laney 2002)."""
    dice = np.random.default_rng(6)
    of = np.full(DAYS, 20_000.0)
    late = dice.binomial(20_000, np.clip(dice.normal(0.1, 0.01, DAYS), 0.05, 0.2)).astype(float)
    one = chart(series(Kind.SHARES, late, of), np.arange(DAYS) < PAST)
    assert one.factor > 15
    assert not alerts(one, PAST, DAYS)
    assert np.mean(np.abs(one.distances) > 3) < 0.02
    assert np.mean(np.abs(one.distances) * np.sqrt(one.factor) > 3) > 0.4


def test_days_that_lean_on_each_other_widen_the_limits_and_too_few_days_tell_nothing() -> None:
    dice = np.random.default_rng(7)
    noise = dice.standard_normal(DAYS)
    for day in range(1, DAYS):
        noise[day] = 0.6 * noise[day - 1] + 0.8 * noise[day]
    leaned = chart(series(Kind.LEVELS, 80 + noise), np.arange(DAYS) < PAST)
    assert leaned.leaning == pytest.approx(0.6, abs=0.12)
    assert leaned.factor == pytest.approx(1.0, abs=0.35)
    with pytest.raises(ValueError, match="too few"):
        chart(series(Kind.LEVELS, 80 + noise), np.arange(DAYS) < 12)
    with pytest.raises(ValueError, match="denominator"):
        series(Kind.SHARES, noise)


def alert(since: int, *, is_up: bool = True, p: float = 1e-6) -> Alert:
    day = FIRST + timedelta(days=since)
    near = timedelta(days=2)
    return Alert(day + 4 * near, is_up, 7, p, day, day - near, day + near, Interval(1.5, 1.3, 1.7))


def test_a_region_that_moved_together_is_told_once_and_one_branch_by_itself() -> None:
    above = {"A1": "A", "A2": "A", "A3": "A", "A4": "A", "B1": "B", "B2": "B", "A": "HQ", "B": "HQ"}
    charted = {"A": 4, "B": 2, "HQ": 2}
    raised = {"A1": [alert(10)], "A2": [alert(11, p=1e-9)], "A3": [alert(9)], "A4": [alert(90)]}
    raised["B1"] = [alert(10, is_up=False)]
    groups = {group.unit: group for group in grouped(raised, above, charted)}
    assert groups["A"].parts == ("A1", "A2", "A3")
    assert groups["A"].first.p == 1e-9
    assert set(groups) == {"A", "A4", "B1"}
    all_of_it = grouped({unit: [alert(10)] for unit in ("A1", "A2", "A3")}, above, {"A": 40})
    assert [group.unit for group in all_of_it] == ["A1", "A2", "A3"], "three of forty are not the region"


def rushes(dice: np.random.Generator, often: Floats) -> Series:
    """Nearly nobody waits too long; on some days, each with this chance, there is a rush and many do."""
    of = dice.integers(150, 250, DAYS).astype(np.float64)
    part = np.where(dice.random(DAYS) < often, dice.beta(2, 5, DAYS), 0.002)
    return series(Kind.SHARES, dice.binomial(of.astype(int), part).astype(float), of)


def test_one_rush_more_is_no_shift_and_rushes_every_other_day_are() -> None:
    quiet = [rushes(np.random.default_rng(seed), np.full(DAYS, 0.06)) for seed in range(40)]
    assert sum(bool(found(one)) for one in quiet) <= 2
    for seed in range(5):
        one, *_ended_and_begun_anew = found(
            rushes(np.random.default_rng(seed), np.where(np.arange(DAYS) < 430, 0.06, 0.5))
        )
        assert one.is_up
        assert one.since_earliest <= FIRST + timedelta(days=430) <= one.since_latest
        assert one.size.low > 1
