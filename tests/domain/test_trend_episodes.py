"""One rise, one alert: on the day that it is provable, and none in a quiet year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from huixiang.domain.statistics.episodes import replay, watch
from huixiang.domain.statistics.panel import Panel
from huixiang.domain.statistics.surveillance import Rule
from huixiang.domain.statistics.tails import at_least

FIRST, DAYS, TOPICS = date(2024, 1, 1), 760, 10
RULE = Rule()


def bank(seed: int, factor: np.ndarray | None = None) -> tuple[Panel, np.ndarray]:
    """A bank with weekdays, a season and growing volume; `factor` raises the first topic."""
    dice = np.random.default_rng(seed)
    t = np.arange(DAYS)
    volumes = dice.poisson(np.where(t % 7 < 5, 120, 60) * (1 + t / DAYS), (TOPICS, DAYS)).astype(float)
    season = 1 + 0.2 * np.sin(2 * np.pi * t / 365.25 + dice.uniform(0, 6, (TOPICS, 1)))
    mean = volumes * np.exp(dice.uniform(-6, -2.5, (TOPICS, 1))) * season
    risen = mean.copy()
    mean[0] = 0.02 * volumes[0]
    risen[0] = mean[0] * (1.0 if factor is None else factor)
    keys = tuple((f"topic {row}", "HC") for row in range(TOPICS))
    return Panel(keys, FIRST, dice.poisson(risen).astype(float), volumes), mean


def raised(begin: int, end: int, times: float) -> np.ndarray:
    factor = np.ones(DAYS)
    factor[begin:end] = times
    return factor


def provable(panel: Panel, mean: np.ndarray, begin: int) -> date:
    """The day on which who knows the true mean would first be sure, at the level of the smallest p of the day."""
    level = RULE.level / TOPICS / len(RULE.windows)
    for day in range(begin, DAYS):
        for window in RULE.windows:
            days = slice(day - window + 1, day + 1)
            expected = mean[0, days].sum()
            if at_least(panel.counts[0, days].sum(), expected, expected) <= level:
                return panel.day(day)
    raise AssertionError("never provable")


def test_a_planted_spike_is_found_on_the_day_it_is_provable_and_alerts_once() -> None:
    panel, mean = bank(6, raised(700, 721, 3.0))
    episodes = replay(panel, panel.day(690), panel.day(745), RULE, every=28)
    assert [each.key for each in episodes] == [("topic 0", "HC")]
    one = episodes[0]
    assert one.alert.on == provable(panel, mean, 700)
    assert abs(one.alert.since - panel.day(700)) <= timedelta(days=3)
    assert one.ended == "over"
    assert one.ended_on is not None
    assert panel.day(721) <= one.ended_on <= panel.day(735)


def test_a_quiet_year_raises_no_alarm() -> None:
    panel, _ = bank(2)
    assert replay(panel, panel.day(DAYS - 365), panel.day(DAYS - 1), RULE, every=56) == []


def test_a_slow_rise_that_stays_is_told_once_and_becomes_usual() -> None:
    factor = raised(600, DAYS, 2.5)
    factor[580:600] = np.linspace(1.0, 2.5, 20)
    panel, _ = bank(3, factor)
    episodes = replay(panel, panel.day(570), panel.day(740), RULE, every=35)
    assert [(each.key[0], each.ended) for each in episodes] == [("topic 0", "usual")]
    assert panel.day(585) <= episodes[0].alert.on <= panel.day(610)


def test_the_same_night_asked_twice_says_the_same() -> None:
    panel, _ = bank(1, raised(700, 721, 3.0))
    once = watch(panel, panel.day(712), RULE)
    again = watch(panel, panel.day(712), RULE, once.episodes)
    assert len(once.alerts) == 1
    assert again.alerts == ()
    assert again.episodes == once.episodes
