"""A share is told with its interval, and a change is proven or is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.statistics import agreement, difference, mean, share

COUNTS = st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    interval = share(81, 263)  # Newcombe (1998), Statistics in Medicine 17:857, table I
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)


def test_newcombes_difference_is_that_of_the_textbook() -> None:
    gap = difference((48, 80), (56, 70))  # Newcombe (1998), 17:873, example (a), method 10, turned round
    assert gap is not None
    assert (round(gap.low, 4), round(gap.high, 4)) == (0.0524, 0.3339)


def test_no_data_is_not_nought_per_cent() -> None:
    assert share(0, 0) is None
    assert difference((0, 0), (1, 2)) is None


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


@given(COUNTS, COUNTS)
def test_the_estimate_lies_in_its_interval(before: tuple[int, int], after: tuple[int, int]) -> None:
    for interval in (share(*before), difference(before, after)):
        assert interval is not None
        assert interval.low <= interval.value <= interval.high


def test_the_mean_of_few_ratings_is_less_sure_than_the_normal_law_says() -> None:
    interval = mean(4.0, 1.0, 10)
    assert interval is not None
    assert interval.high - 4.0 == pytest.approx(2.262157 / 10**0.5, abs=1e-3)  # t, 9 degrees of freedom, 97.5 %
    assert mean(5.0, 0.5, 9) is None
    many = mean(4.0, 1.0, 100_000)
    assert many is not None
    assert many.high - 4.0 == pytest.approx(1.959964 / 100_000**0.5, rel=1e-4)


def test_agreement_is_that_of_krippendorffs_own_examples() -> None:
    four = ("123321412...", "1233224125.3", ".333234225 1.".replace(" ", ""), "1233244125 1.".replace(" ", ""))
    units = zip(*[[None if value == "." else value for value in judge] for judge in four], strict=True)
    assert agreement(units) == pytest.approx(0.743, abs=0.0005)
    assert agreement(zip("0100000010", "1110010000", strict=True)) == pytest.approx(0.095, abs=0.0005)


def test_agreement_knows_when_there_is_nothing_to_compare() -> None:
    assert agreement([("a", None), (None, "b")]) is None
    assert agreement([("a", "a"), ("a", "a")]) is None
    assert agreement([("a", "a"), ("b", "b")]) == 1
