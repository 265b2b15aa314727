"""Are the results' formulas right? Against those of the books answer by answer, against scipy, against the truth."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from huixiang.domain import statistics
from huixiang.domain.surveys import comparing, crosstabs, drivers, weighting
from huixiang.domain.surveys.questionnaire import Kind
from huixiang.domain.surveys.scores import Scale, scored, stars
from huixiang.domain.surveys.small_cells import hidden, hidden_cells
from huixiang.domain.surveys.weighting import Sample

NPS, CSAT = Scale(Kind.NPS, 10), Scale(Kind.CSAT, 5)


def each(y: object, stratum: object = 0, w: object = 1.0, sizes: object = None) -> Sample:
    """One cell an answer."""
    values = np.asarray(y, dtype=float)
    strata = np.broadcast_to(np.asarray(stratum, dtype=np.int64), values.shape).copy()
    weight = np.broadcast_to(np.asarray(w, dtype=float), values.shape).copy()
    known = None if sizes is None else np.asarray(sizes, dtype=float)
    return Sample(values, strata, np.ones_like(values), weight, weight**2, known)


def by_hand(y: np.ndarray, stratum: np.ndarray, w: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """The stratified Hájek mean and its linearised variance, as the books write them."""
    mean = (w * y).sum() / w.sum()
    z = w * (y - mean) / w.sum()
    variance = 0.0
    for h in np.unique(stratum):
        own = z[stratum == h]
        variance += (1 - len(own) / sizes[h]) * len(own) / (len(own) - 1) * ((own - own.mean()) ** 2).sum()
    return mean, variance


def test_the_weighted_mean_is_that_of_the_books() -> None:
    dice = np.random.default_rng(5)
    stratum, sizes = dice.integers(0, 4, 200), np.array([500.0, 900.0, 2000.0, 120.0])
    w, y = np.array([5.0, 12.0, 40.0, 2.0])[stratum] * dice.uniform(0.8, 1.2, 200), dice.integers(1, 6, 200) + stratum
    found = weighting.means(each(y, stratum, w, sizes))
    mean, variance = by_hand(y, stratum, w, sizes)
    assert found.value[0] == pytest.approx(mean)
    assert found.variance[0] == pytest.approx(variance)
    # Cells of alike answers tell the same as the answers.
    keys, place = np.unique(np.stack([y, stratum]), axis=1, return_inverse=True)
    n, sw, sq = (np.bincount(place.ravel(), v) for v in (np.ones(200), w, w**2))
    cells = weighting.means(Sample(keys[0].astype(float), keys[1], n.astype(float), sw, sq, sizes))
    assert cells.variance[0] == pytest.approx(variance)
    # Drawn anew, samples vary by as much, where the part of the population that was asked is small.
    drawn = weighting.bootstrap(each(y, stratum, w), np.random.default_rng(1), 4000)
    free = by_hand(y, stratum, w, np.full(4, 1e12))[1]
    assert np.var(drawn) == pytest.approx(free, rel=0.1)


def test_unweighted_it_is_what_everybody_knows() -> None:
    y = np.array([1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1], dtype=float)
    found, plain = weighting.share(each(y)), statistics.share(8, 12)
    assert found is not None
    assert plain is not None
    # p(1-p)/s² · n of Bessel's correction: eleven answers' worth.
    assert found.low == pytest.approx(weighting.wilson(8 / 12, 11).low)
    assert weighting.wilson(8 / 12, 12) == plain
    assert weighting.effective(12, 12) == 12
    everybody = weighting.share(each(np.ones(30)))
    assert everybody is not None
    assert everybody.low == pytest.approx(weighting.wilson(1.0, 30).low)


def test_nps_by_an_interval_that_holds_the_truth() -> None:
    truth, held = 100 * (0.4 - 0.25), 0
    for seed in range(60):
        points = np.random.default_rng(seed).choice([3, 8, 10], 300, p=[0.25, 0.35, 0.4])
        found = scored(NPS, each(points), draws=400)
        assert found is not None
        held += found.score.low <= truth <= found.score.high
    assert held >= 53
    score = scored(NPS, each([10, 9, 8, 6, 0]))
    assert score is not None
    assert score.score.value == 0.0
    assert (score.good.value, score.bad.value) == (0.4, 0.4)
    assert [stars(Kind.NPS, 10), stars(Kind.CSAT, 1), stars(Kind.CES, 4)] == [5, 1, 3]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(2, 12))
def test_what_is_hidden_cannot_be_reckoned_from_the_rest(counts: list[int], fewest: int) -> None:
    out = hidden(counts, fewest)
    assert {place for place, n in enumerate(counts) if 0 < n < fewest} <= out
    shown = [place for place, n in enumerate(counts) if n and place not in out]
    if out and shown:
        assert len(out) > 1
        assert sum(counts[place] for place in out) >= fewest


@settings(max_examples=40)
@given(st.integers(2, 5), st.integers(2, 5), st.integers(0, 99))
def test_no_line_of_a_table_hides_one_cell_alone(rows: int, columns: int, seed: int) -> None:
    table = np.random.default_rng(seed).integers(0, 60, (rows, columns))
    out = hidden_cells(table, 10)
    assert out[(table > 0) & (table < 10)].all()
    for cells, marks in ((table, out), (table.T, out.T)):
        for line, mark in zip(cells, marks, strict=True):
            assert mark.sum() != 1 or not (line[~mark] > 0).any()


def test_shapley_is_the_mean_over_all_orders_and_adds_up() -> None:
    dice = np.random.default_rng(3)
    x = dice.normal(size=(500, 4))
    x[:, 1] += x[:, 0]
    y = x @ [0.5, 0.3, 0.1, 0.0] + dice.normal(size=500)
    together = np.corrcoef(np.column_stack([x, y]), rowvar=False)

    def explained(chosen: tuple[int, ...]) -> float:
        if not chosen:
            return 0.0
        design = np.column_stack([np.ones(500), x[:, chosen]])
        rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return float(1 - rest.var() / y.var())

    orders = list(permutations(range(4)))
    by_hand = np.zeros(4)
    for order in orders:
        for place, aspect in enumerate(order):
            by_hand[aspect] += explained(order[: place + 1]) - explained(order[:place])
    assert drivers.shapley(together[None])[0] == pytest.approx(by_hand / len(orders), abs=1e-6)
    weights = drivers.relative_weights(together[None])[0]
    assert weights.sum() == pytest.approx(explained((0, 1, 2, 3)))
    assert weights == pytest.approx(by_hand / len(orders), abs=0.02)  # Johnson's come close


def test_what_is_no_driver_is_not_called_one() -> None:
    dice = np.random.default_rng(4)
    x = dice.integers(1, 6, (400, 3)).astype(float)
    y = np.clip(np.rint(x[:, 0] + dice.normal(0, 0.8, 400)), 1, 5)
    found = drivers.drivers(["态度", "等候", "环境"], x, y, np.ones(400))
    assert found is not None
    assert found.drivers[0].name == "态度"
    assert [driver.is_ahead for driver in found.drivers] == [True, False, False]
    assert (found.drivers[0].best, found.drivers[0].worst) == (1, 1)
    assert drivers.drivers(["态度"], x[:40, :1], y[:40], np.ones(40)) is None


def test_a_cross_table_without_weights_is_pearsons_and_with_clusters_is_wider() -> None:
    dice = np.random.default_rng(6)
    row = dice.integers(0, 3, 600)
    column = (row * (dice.random(600) < 0.2) + dice.integers(0, 3, 600)) % 3
    ones = np.ones(600)
    found = crosstabs.crosstab(crosstabs.Pairs(row, column, np.zeros(600, int), ones, ones, ones), 3, 3)
    plain = stats.chi2_contingency(found.counts, correction=False)
    assert found.test is not None
    # The same but for n/(n-1), and an F whose second degrees of freedom are many.
    assert found.test.f * 4 == pytest.approx(plain.statistic * 599 / 600, rel=0.02)
    assert found.test.p == pytest.approx(plain.pvalue, rel=0.1)
    w = dice.choice([1.0, 9.0], 600)
    uneven = crosstabs.crosstab(crosstabs.Pairs(row, column, np.zeros(600, int), ones, w, w**2), 3, 3)
    assert uneven.test is not None
    assert uneven.test.deff == pytest.approx(600 / weighting.effective(w.sum(), (w**2).sum()), rel=0.1)


def test_without_a_difference_hardly_a_branch_is_called_different() -> None:
    dice = np.random.default_rng(7)
    group = dice.integers(0, 40, 4000)
    names = [f"U{n}" for n in range(40)]
    level = comparing.compared(CSAT, each(dice.integers(1, 6, 4000)), group, names)
    assert sum(one.differs for one in level) <= 1
    spread = np.std([one.score.value for one in level if one.score])
    assert np.std([one.shrunken for one in level]) < 0.6 * spread
    worse = np.where((group == 3) & (dice.random(4000) < 0.9), 1, dice.integers(1, 6, 4000))
    found = comparing.compared(CSAT, each(worse), group, names)
    called = sorted((one.q, one.name) for one in found if one.q is not None and one.differs)
    assert called[0][1] == "U3"
    assert len(called) <= 2  # one of some twenty may be so by chance
    # Branch 0 serves more of the pleased class; with the mix of all it is like the others.
    mix = (dice.random(4000) < np.where(group == 0, 0.8, 0.3)).astype(int)
    pleased = np.where(mix == 1, 5, 3) + dice.integers(-1, 1, 4000)
    told = comparing.compared(CSAT, each(pleased), group, names, comparing.Mix(mix, 2))
    assert told[0].score is not None
    assert told[0].standardised is not None
    rest = float(pleased.mean())
    assert abs(told[0].standardised - rest) < 0.5 * abs(told[0].score.value - rest)


def test_two_hidden_cells_of_two_people_would_be_one_and_one() -> None:
    two = hidden_cells(np.array([[1, 1, 50], [30, 40, 60]]), 10)
    assert two[0].all()  # two hidden of two people would be one and one


def test_who_asks_all_of_them_has_nothing_left_to_be_unsure_of() -> None:
    points = np.repeat([0.0, 5, 8, 10], 30)
    widths = [
        scored(Scale(Kind.NPS, 10), each(points, sizes=[people])).score
        for people in (1e9, 160.0, 120.0)  # type: ignore[union-attr]
    ]
    far, near, none = (interval.high - interval.low for interval in widths)
    assert near == pytest.approx(far / 2, rel=0.01)
    assert none == 0
