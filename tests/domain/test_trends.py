"""A rise is told when it is proven, against the topic's own past; quiet days stay quiet."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.statistics import benjamini_hochberg, benjamini_yekutieli
from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import Rule, Verdict, look
from huixiang.domain.statistics.tails import at_least

FIRST = date(2025, 1, 1)
# Benjamini and Hochberg (1995), section 4.2: fifteen hypotheses of a study of thrombolytics, of which the method
# finds four at 5 % and Bonferroni's three.
THEIRS = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
          0.7590, 1.0000]  # fmt: skip


def panel(counts: np.ndarray, volume: float | np.ndarray = 100.0, **days: frozenset[date]) -> Panel:
    volumes = np.broadcast_to(np.asarray(volume, dtype=float), counts.shape).copy()
    keys = tuple((f"topic {row}", "HC") for row in range(len(counts)))
    return Panel(keys, FIRST, counts.astype(float), volumes, **days)


def usual(seed: int, rate: float = 2.0, days: int = 430, topics: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, (topics, days))


def test_of_fifteen_p_values_the_authors_find_four() -> None:
    q = benjamini_hochberg(THEIRS)
    assert (q <= 0.05).sum() == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)
    assert q[5] == pytest.approx(0.0298 * 15 / 7)  # a later one lends it its value: q never falls as p grows
    assert (benjamini_yekutieli(THEIRS) <= 0.05).sum() == 3


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_keeps_the_order_of_p_and_never_lies_below_it(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    order = np.argsort(p, kind="stable")
    assert (np.diff(q[order]) >= -1e-15).all()
    assert (q >= np.array(p) - 1e-15).all()
    assert (benjamini_yekutieli(p) >= q).all()


def test_what_is_no_p_value_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        benjamini_hochberg([0.2, 1.2])


def test_an_unsure_rate_makes_the_exact_conditional_test() -> None:
    # 2 voices in 100 days, then 5 in 10 days: P(X >= 5) for X binomial of 7 with 10/110 is 0.00011140662746788646.
    mean, doubt = 3 * 10 / 100, 1 / 3
    assert at_least(5, mean, mean + mean**2 * doubt) == pytest.approx(0.00011140662746788646, rel=1e-9)
    assert at_least(3, 0.5, 0.5) == pytest.approx(1 - np.exp(-0.5) * (1 + 0.5 + 0.125))
    assert at_least(0, 0.5, 0.9) == 1.0


def test_a_tripled_topic_is_rising_and_says_since_when_and_by_how_much() -> None:
    counts = usual(1)
    counts[4, -5:] = 9
    found = look(panel(counts), 429, Rule()).findings()
    one = found[0]
    assert (one.topic, one.verdict) == ("topic 4", Verdict.RISING)
    assert one.since == FIRST + timedelta(days=425)
    assert one.ratio is not None
    assert one.ratio.low > 1.5
    assert one.ratio.low < one.observed / one.expected < one.ratio.high
    assert all(other.verdict is Verdict.UNPROVEN for other in found[1:])


def test_twice_the_volume_is_no_rise_of_the_topic() -> None:
    counts, volumes = usual(2), np.full((8, 430), 100.0)
    counts[:, -20:] *= 3
    assert look(panel(counts, volumes), 429, Rule()).findings()[0].is_proven
    volumes[:, -20:] *= 3
    assert not any(one.is_proven for one in look(panel(counts, volumes), 429, Rule()).findings())


def test_what_happens_every_monday_and_every_holiday_is_no_news() -> None:
    days = [FIRST + timedelta(days=n) for n in range(450)]
    holidays = frozenset(day for day in days if day.day in {1, 2, 3} and day.month % 2 == 0)
    busy = np.array([4.0 if day.weekday() == 0 else 1.0 for day in days])
    busy[[day in holidays for day in days]] = 6.0
    counts = np.random.default_rng(3).poisson(2 * busy, (8, 450))
    first_monday = next(n for n, day in enumerate(days) if day >= date(2026, 3, 2) and day.weekday() == 0)
    holiday = days.index(date(2026, 2, 1))
    for on in (first_monday, holiday):
        assert not look(panel(counts, holidays=holidays), on, Rule()).findings()[0].is_proven
    assert look(panel(counts), holiday + 2, Rule()).findings()[0].is_proven  # whose calendar nobody told


def test_an_outbreak_of_last_year_does_not_hide_that_of_today() -> None:
    counts = usual(4)
    counts[0, 100:121] = 30
    counts[0, -3:] = 9
    look_now = look(panel(counts), 429, Rule())
    assert look_now.finding(0).verdict is Verdict.RISING
    assert look_now.finding(0).expected == pytest.approx(2.0 * look_now.finding(0).window, rel=0.35)


def test_a_topic_nobody_ever_spoke_of_is_new_once_chance_is_excluded() -> None:
    counts = np.vstack([usual(5), np.zeros((1, 430))])
    counts[8, -1] = 2
    assert look(panel(counts), 429, Rule()).finding(8).verdict is Verdict.UNPROVEN  # two voices prove nothing
    counts[8, -1] = 5
    found = look(panel(counts), 429, Rule()).finding(8)
    assert (found.verdict, found.observed) == (Verdict.NEW, 5)


def test_where_even_all_voices_would_prove_nothing_that_is_said() -> None:
    few = look(panel(usual(6, rate=0.3), 1.0), 429, Rule())
    assert {one.verdict for one in few.findings()} == {Verdict.TOO_FEW}
    young = look(panel(usual(6, days=50)), 49, Rule()).findings()
    assert {one.verdict for one in young} == {Verdict.NO_PAST}


def test_days_that_swarm_need_more_than_days_that_do_not() -> None:
    dice = np.random.default_rng(7)
    even, swarming = dice.poisson(4.0, (8, 430)), dice.poisson(dice.gamma(1.0, 4.0, (8, 430)))
    even[0, -1] = swarming[0, -1] = 18
    assert look(panel(even), 429, Rule()).finding(0).is_proven
    assert not look(panel(swarming), 429, Rule()).finding(0).is_proven


def test_a_panel_that_does_not_fit_and_a_rule_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="one row a key"):
        Panel((("fees", "HC"),), FIRST, np.zeros((2, 9)), np.zeros((2, 9)))
    with pytest.raises(ValueError, match="never negative"):
        panel(-np.ones((1, 9)))
    with pytest.raises(ValueError, match="guard"):
        Rule(windows=(1, 60))
