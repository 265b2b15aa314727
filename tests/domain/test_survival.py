"""How long do complaints take when some are still open? Against textbook numbers and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from huixiang.domain.statistics.intervals import Interval
from huixiang.domain.statistics.survival import Reached, incidence, survival

# Freireich et al. (1963), weeks in remission; printed in Kalbfleisch and Prentice (2002) and many others.
MP6 = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP6_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_textbooks_patients() -> None:
    curve = survival(MP6, MP6_ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.share == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)
    assert curve.quantile(0.5) == Reached(23, 13, None)  # the upper end is not reached: said, not guessed
    mean = curve.restricted_mean(35)
    assert mean is not None
    assert (mean.value, (mean.high - mean.value) / 1.96) == pytest.approx((23.287, 2.827), abs=2e-3)
    assert survival(PLACEBO, np.ones(21)).quantile(0.5) == Reached(8, 4, 11)


def test_who_leaves_open_cases_out_looks_quicker_than_he_is() -> None:
    closed = [day for day, ended in zip(MP6, MP6_ENDED, strict=True) if ended]
    assert survival(closed, np.ones(len(closed))).quantile(0.5).value == 10
    assert survival(MP6, MP6_ENDED).quantile(0.5).value == 23


def test_what_was_not_reached_is_not_told() -> None:
    young = survival([3, 5, 5, 8], [0, 1, 0, 0])
    assert young.quantile(0.5) == Reached(None, 5, None)
    assert young.restricted_mean(30) is None  # nobody was watched for thirty days
    assert young.still_open(30) is None
    assert young.still_open(2) == Interval(1.0, 1.0, 1.0)
    none = survival([], [])
    assert [young.watched(day) for day in (0, 5, 6, 9)] == [4, 3, 1, 0]
    assert survival([2, 4], [1, 1]).quantile(0.5).high is None  # both have ended: of others that proves nothing
    assert (none.quantile(0.5), none.restricted_mean(1), none.still_open(0)) == (Reached(None, None, None), None, None)


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")  # where nobody is left: NaN in both
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=2, max_size=40))
def test_scipy_says_the_same(cases: list[tuple[int, bool]]) -> None:
    ended = [float(days) for days, over in cases if over]
    if not ended:
        return
    curve = survival([days for days, _ in cases], [over for _, over in cases])
    theirs = stats.ecdf(stats.CensoredData(ended, right=[float(days) for days, over in cases if not over]))
    assert curve.share == pytest.approx(theirs.sf.evaluate(curve.times), abs=1e-12)
    ends = theirs.sf.confidence_interval(0.95, method="log-log")
    for mine, bound in ((curve.low, ends.low), (curve.high, ends.high)):
        known = ~np.isnan(mine)
        assert mine[known] == pytest.approx(bound.evaluate(curve.times)[known], abs=1e-9)


def test_with_one_way_of_ending_incidence_is_the_rest_of_the_curve() -> None:
    curve, ended = survival(MP6, MP6_ENDED), incidence(MP6, MP6_ENDED, 1)
    assert ended.share == pytest.approx(1 - curve.share)
    assert ended.low == pytest.approx(1 - curve.high)
    assert ended.high == pytest.approx(1 - curve.low)


def test_a_withdrawn_complaint_is_not_one_still_open() -> None:
    """By hand: four cases, answered on days 1 and 3, withdrawn on day 2, open on day 4."""
    days, ends = [1, 2, 3, 4], [1, 2, 1, 0]
    answered, withdrawn = incidence(days, ends, 1), incidence(days, ends, 2)
    assert answered.share.tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert withdrawn.share.tolist() == pytest.approx([0.0, 0.25, 0.25])
    as_if_open = 1 - survival(days, [1, 0, 1, 0]).share[-1]
    assert as_if_open == pytest.approx(0.625)  # too many: the withdrawn one was given an answer it cannot have


def test_without_open_cases_the_intervals_spread_is_the_binomials() -> None:
    """A share of a fixed number has variance p(1-p)/n, whatever else may end a case."""
    generator = np.random.default_rng(0)
    days, ends = generator.integers(1, 40, 500), generator.integers(1, 3, 500)
    told = incidence(days, ends, 1)
    place = 19
    share, rest = told.share[place], 1 - told.share[place]
    spread = 1.959964 * np.sqrt(share * rest / 500) / (rest * abs(np.log(rest)))
    assert told.high[place] == pytest.approx(1 - rest ** np.exp(spread), abs=1e-9)


@pytest.mark.parametrize(("days", "ended"), [([1, 2], [1]), ([-1.0], [1]), ([float("nan")], [1])])
def test_what_is_no_duration_is_refused(days: list[float], ended: list[int]) -> None:
    with pytest.raises(ValueError, match="duration"):
        survival(days, ended)
