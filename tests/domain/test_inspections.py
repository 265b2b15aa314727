"""Are scores, draws, agreement and severity what their pages say?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.calendar import mainland
from huixiang.domain.inspections.agreeing import agreement
from huixiang.domain.inspections.findings import State, answer_due, standing
from huixiang.domain.inspections.sampling import Looker, NobodyFor, Place, Wanted, draw, loads
from huixiang.domain.inspections.scoring import Mark, score, typical
from huixiang.domain.inspections.severity import adjusted, severities

DAYS = tuple(date(2026, 11, 2) + timedelta(days=n) for n in range(20))
PLACES = [Place(f"N{n:02}", "outlet N" if n < 10 else "outlet S") for n in range(15)]


def test_what_does_not_apply_counts_for_neither_side() -> None:
    found = score([Mark(2, 2), Mark(4, 1), Mark(6, None), Mark(2, 0)])
    assert found is not None
    assert (found.points, found.most, found.share) == (4, 8, 0.5)
    assert score([Mark(2, None)]) is None
    assert typical([0.9] * 9) is None
    told = typical([0.8, 1.0] * 10)
    assert told is not None
    assert 0.8 < told.low < 0.9 < told.high < 1.0


@given(seed=st.integers(0, 2**32), percent=st.integers(1, 100), twice=st.integers(0, 100), visits=st.integers(1, 3))
def test_a_draw_keeps_its_strata_its_days_and_sends_nobody_home(
    seed: int, percent: int, twice: int, visits: int
) -> None:
    lookers = [Looker("1", frozenset({"N00", "N12"})), Looker("2", frozenset({"N01"})), Looker("3", frozenset())]
    wanted = Wanted(DAYS, (540, 720), visits, percent, twice)
    found = draw(PLACES, lookers, wanted, np.random.default_rng(seed))
    assert found == draw(PLACES, lookers, wanted, np.random.default_rng(seed))
    strata = {place.unit: place.stratum for place in PLACES}
    units = {each.unit for each in found}
    assert {strata[unit] for unit in units} == {"outlet N", "outlet S"}
    assert len(found) == visits * len(units)
    not_to = {each.number: each.not_to for each in lookers}
    for each in found:
        assert each.day in DAYS
        assert 540 <= each.minute < 720
        assert len(set(each.lookers)) == len(each.lookers)
        assert not any(each.unit in not_to[number] for number in each.lookers)
    if not twice:
        # Whoever may go everywhere is at most as busy as the least busy plus what the others may not do.
        assert max(loads(found).values()) - min(loads(found).get(n, 0) for n in "123") <= 1 + 2 * visits
    with pytest.raises(NobodyFor):
        draw([Place("N00", "x")], lookers[:1], wanted, np.random.default_rng(seed))


def test_agreement_is_alpha_for_ordered_levels() -> None:
    """Checked by hand: two raters, ordinal distance, Krippendorff (2011)."""
    dice = np.random.default_rng(1)
    same = [[[level, level]] for level in (0, 1, 2, 2)]
    assert agreement(same, dice).alpha == 1
    assert agreement([[[2, 2]]] * 12, dice).alpha is None
    near, far = ([[[0, 0]], [[2, 2]], [[0, worse]], [[2, 2]], [[1, 1]]] for worse in (1, 2))
    one, other = agreement(near, dice).alpha, agreement(far, dice).alpha
    assert one is not None
    assert other is not None
    assert other < one < 1
    # Values 0 0 2 2 0 1 2 2 1 1: n = (3, 3, 4); the pair 0-1 is 3 apart (3/2 + 3/2), 1-2 is 3.5, 0-2 is 6.5.
    expected = 3 * 3 * 9 + 3 * 4 * 3.5**2 + 3 * 4 * 6.5**2
    assert one == pytest.approx(1 - 9 * 9 / expected)


def test_who_meets_poor_units_is_not_taken_for_harsh_and_few_cases_tell_nothing() -> None:
    dice = np.random.default_rng(3)
    truth = {"a": 6.0, "b": 0.0, "c": -6.0}
    # a meets the poor units: alone she would look far harsher than she is.
    cases = []
    for n in range(60):
        pair = [("a", "b"), ("b", "c"), ("a", "c")][n % 3]
        quality = 60.0 if "a" in pair else 90.0
        cases.append({who: quality - truth[who] + dice.normal(0, 3) for who in pair})
    found = severities(cases)
    for who, severity in truth.items():
        told = found.by[who].told
        assert told is not None
        assert told.low < severity < told.high
    assert [found.by[who].is_proven for who in "abc"] == [True, False, True]
    assert adjusted(80, found.by["a"]) == pytest.approx(86, abs=2)
    few = severities(cases[:9])
    assert all(each.told is None for each in few.by.values())
    assert adjusted(80, few.by["a"]) is None


def test_a_finding_goes_its_way_and_no_other() -> None:
    assert standing([("raise", 0), ("dispute", None), ("withdraw", None)]).level == 2
    assert standing([("raise", 1), ("lapse", None)]) == standing([("raise", 1), ("accept", None)])
    assert standing([("raise", 0), ("dispute", None)]).state is State.DISPUTED
    for wrong in (
        [("accept", None)],
        [("raise", 0), ("uphold", None)],
        [("raise", 0), ("accept", None), ("dispute", None)],
    ):
        with pytest.raises(ValueError, match="cannot follow"):
            standing(wrong)
    assert answer_due(date(2026, 9, 30), mainland()) == date(2026, 10, 13)  # the holidays of October do not count
