"""Do people come in bursts as long as real ones, early on paydays, and now and then by the bus?"""

from __future__ import annotations

from datetime import date

import numpy as np

from huixiang.simulation.bank.units import _tree
from huixiang.simulation.demand import BRANCH_PEAKS, arrivals, branch_days, shape
from huixiang.simulation.scenario import Scenario

ROWS, A_DAY = 1500, 300.0
OPENS, CLOSES = 9 * 3600, 17 * 3600


def counts(groups: float = 0.0) -> np.ndarray:  # type: ignore[type-arg]
    """Arrivals of each ten minutes of many days."""
    dice, every = np.random.default_rng(5), np.ones(ROWS, dtype=np.int64)
    row, second = arrivals(A_DAY * every, OPENS * every, CLOSES * every, shape(BRANCH_PEAKS), dice, groups=groups)
    found = np.zeros((ROWS, 48))
    np.add.at(found, (row, (second - OPENS) // 600), 1)
    return found


def test_a_burst_lasts_minutes_to_an_hour() -> None:
    seen = counts()
    rest = seen / seen.mean(axis=0) - 1

    def together(slots: int) -> float:
        """How far the rate goes along with itself so much later; Poisson's noise has no part in it."""
        return float((rest[:, :-slots] * rest[:, slots:]).mean())

    assert seen.sum() / ROWS == 300 or abs(seen.sum() / ROWS / A_DAY - 1) < 0.02
    assert 0.07 < together(1) < 0.12
    assert 0.35 < together(3) / together(1) < 0.75
    assert together(12) / together(1) < 0.15


def test_a_bus_brings_many_within_ten_minutes() -> None:
    alone, grouped = counts(), counts(groups=0.5)
    assert 4 < (grouped.sum() - alone.sum()) / ROWS < 9
    usual = alone.mean(axis=0)
    assert (grouped > usual + 5 * np.sqrt(usual)).sum() > 2 * (alone > usual + 5 * np.sqrt(usual)).sum()


def test_on_paydays_people_come_in_the_morning() -> None:
    days = [date(2026, 6, 15), date(2026, 6, 16)]
    weights = branch_days(days, np.array([0, 1])).weights
    before_ten = weights[:, : 10 * 6].sum(axis=1)
    assert before_ten[0] > 1.3 * before_ten[1]


def test_no_code_of_a_region_begins_like_another_however_many_there_are() -> None:
    units, outlets = _tree(Scenario(branches=2041), ("city",) * 2041)
    regions = [unit.code for unit in units if unit.level == "分行"]
    assert len(regions) == 103
    assert len({len(code) for code in regions}) == len({len(code) for code in outlets}) == 1
    assert all(sum(outlet.startswith(region) for outlet in outlets) <= 20 for region in regions)
    assert len(set(outlets)) == 2041
