"""Do days, errands and words have the shapes that docs/methods/simulation.md claims? On the smallest bank."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huixiang.domain.calendar import DayKind, mainland
from huixiang.simulation.demand import day_factors
from huixiang.simulation.speech.material import FOR, materials
from tests.simulation import outside


@pytest.fixture(scope="module")
def tickets(small: Path) -> pd.DataFrame:
    return outside.tickets(small)


def test_fewer_come_at_weekends_and_fewest_on_holidays(tickets: pd.DataFrame) -> None:
    counts = tickets.groupby("day").size()
    counts = counts.reindex(pd.date_range(counts.index.min(), counts.index.max()), fill_value=0)
    kinds = pd.Series([mainland().kind(day.date()) for day in counts.index], counts.index)
    assert {DayKind.WORKDAY, DayKind.WEEKEND, DayKind.HOLIDAY} <= set(kinds)
    mean = counts.groupby(kinds).mean()
    assert mean[DayKind.HOLIDAY] < 0.6 * mean[DayKind.WEEKEND] < 0.6 * 0.8 * mean[DayKind.WORKDAY]
    workdays = counts[kinds == DayKind.WORKDAY]
    by_weekday = workdays.groupby(workdays.index.day_of_week).mean()
    assert by_weekday.idxmax() == 0, "Mondays"


def test_a_busy_day_is_followed_by_busy_days() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(180)]
    drawn = [day_factors(days, mainland(), np.random.default_rng(seed), counters=True) for seed in range(20)]
    noise = np.log(drawn) - np.log(drawn).mean(axis=0)
    together = (noise[:, 1:] * noise[:, :-1]).mean() / (noise**2).mean()
    assert 0.35 < together < 0.55, "half of it is left on the next day"


def test_service_times_are_lognormal_within_an_errand(tickets: pd.DataFrame) -> None:
    served = tickets[tickets["handling"] > 0]
    logs = np.log(served["handling"]).groupby(served["service"].astype(str))
    assert logs.size().gt(1000).sum() >= 5
    frequent = logs.size()[logs.size() > 1000].index
    assert logs.std()[frequent].between(0.35, 0.8).all(), "half as long and twice as long are both usual"
    assert logs.skew()[frequent].abs().max() < 0.25, "lognormal: the logarithm leans to no side"


def test_the_grammar_knows_some_hundreds_of_aspects() -> None:
    known = {
        (key.partition(FOR)[0], aspect.parts)
        for key, material in materials().items()
        for facet in material.facets
        for aspect in facet.aspects
    }
    assert len(known) >= 300
