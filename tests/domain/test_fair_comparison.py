"""Are branches compared fairly: by what they do, not by whom they serve, nor by how many?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.statistics.funnel import funnel
from huixiang.domain.statistics.mixing import moved, standardised

CELL = st.tuples(st.integers(0, 50), st.integers(50, 400))
MIX = st.dictionaries(st.sampled_from(["private", "gold", "ordinary"]), CELL, min_size=1)


def test_a_branch_of_private_clients_is_no_better_than_its_neighbours() -> None:
    """Late in all: 5 % of private clients, 30 % of others. It has the same rates, and nine in ten are private."""
    everybody = {"private": (50, 1000), "ordinary": (2700, 9000)}
    found = standardised({"private": (45, 900), "ordinary": (30, 100)}, everybody)
    assert found.raw is not None
    assert found.raw.high < 0.10
    assert found.direct is not None
    assert found.direct.low < 0.275 < found.direct.high
    assert found.ratio is not None
    assert found.ratio.value == pytest.approx(1.0)


def test_who_serves_hardly_anybody_of_most_is_not_standardised_but_held_against_what_was_expected() -> None:
    found = standardised({"private": (90, 900), "ordinary": (2, 5)}, {"private": (50, 1000), "ordinary": (2700, 9000)})
    assert found.direct is None
    assert found.covered == pytest.approx(0.1)
    assert found.ratio is not None
    assert found.ratio.low > 1.4, "twice as many of them wait too long"
    assert standardised({}, {"private": (1, 2)}).ratio is None


def test_a_change_of_customers_is_called_so_and_not_better_service() -> None:
    before = {"private": (10, 200), "ordinary": (540, 1800)}
    more_private = {"private": (60, 1200), "ordinary": (240, 800)}
    shifted = moved(before, more_private)
    assert shifted is not None
    assert shifted.told == "mix"
    assert shifted.by_rate.value == pytest.approx(0.0)
    faster = moved(before, {"private": (5, 200), "ordinary": (360, 1800)})
    assert faster is not None
    assert faster.told == "rate"
    nothing = moved(before, before)
    assert nothing is not None
    assert nothing.told == "unproven"
    assert moved(before, {}) is None


@given(MIX, MIX)
def test_what_was_done_and_for_whom_add_up_to_the_change(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    found = moved(before, after)
    assert found is not None
    shares = [sum(c for c, _ in each.values()) / sum(n for _, n in each.values()) for each in (before, after)]
    assert found.total.value == pytest.approx(shares[1] - shares[0])
    assert found.by_rate.value + found.by_mix.value == pytest.approx(found.total.value)


def test_how_sure_a_mix_is_was_tried_on_many_draws() -> None:
    """Who comes is drawn, and who is late: the intervals hold what is true in about 95 of 100."""
    dice = np.random.default_rng(1)
    held = {"by_rate": 0, "by_mix": 0}
    truth = {"by_rate": 0.0, "by_mix": (0.5 - 0.2) * (0.05 - 0.3)}
    for _ in range(400):
        before, after = (
            {"p": dice.binomial(n_p := dice.binomial(2000, w), 0.05), "o": 0} | {"n": n_p} for w in (0.2, 0.5)
        )
        cells = []
        for drawn in (before, after):
            ordinary = 2000 - drawn["n"]
            cells.append(
                {"p": (int(drawn["p"]), int(drawn["n"])), "o": (int(dice.binomial(ordinary, 0.3)), int(ordinary))}
            )
        found = moved(*cells)
        assert found is not None
        for name in held:
            part = getattr(found, name)
            held[name] += part.low <= truth[name] <= part.high
    assert all(0.91 <= count / 400 <= 0.99 for count in held.values())


def test_a_funnel_calls_out_who_differs_and_not_the_smallest() -> None:
    dice = np.random.default_rng(2)
    counts = {f"B{at}": (int(dice.binomial(of, 0.1)), int(of)) for at, of in enumerate(dice.integers(20, 4000, 60))}
    counts["bad"] = (400, 2000)
    counts["tiny"] = (2, 5)
    counts["closed"] = (0, 0)
    found = funnel(counts)
    assert found is not None
    assert [point.who for point in found.points if point.stands_out] == ["bad"]
    low, high = found.limits(5)
    assert low == 0
    assert high > 0.4
    assert funnel({"A": (1, 2)}) is None


def test_large_branches_that_differ_a_little_by_themselves_do_not_all_stand_out() -> None:
    dice = np.random.default_rng(3)
    levels = np.clip(dice.normal(0.1, 0.015, 60), 0.01, 1)
    found = funnel({at: (int(dice.binomial(50_000, level)), 50_000) for at, level in enumerate(levels)})
    assert found is not None
    assert found.apart == pytest.approx(0.015, rel=0.4)
    assert sum(point.stands_out for point in found.points) <= 3
