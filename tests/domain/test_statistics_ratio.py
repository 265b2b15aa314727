"""Is a growing count proven to grow? Laws of the ratio of two counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.statistics import ratio

COUNTS, DAYS = st.integers(1, 5000), st.integers(1, 31)


@given(COUNTS, COUNTS, DAYS, DAYS)
def test_the_interval_holds_its_value_and_narrows_with_more_voices(old: int, new: int, before: int, after: int) -> None:
    few, many = ratio((old, before), (new, after)), ratio((old * 9, before), (new * 9, after))
    assert few is not None
    assert many is not None
    assert few.low <= few.value <= few.high
    assert many.value == pytest.approx(few.value)
    assert many.high / many.low < few.high / few.low


@given(COUNTS, COUNTS, DAYS, DAYS)
def test_turned_round_it_is_the_inverse(old: int, new: int, before: int, after: int) -> None:
    there, back = ratio((old, before), (new, after)), ratio((new, after), (old, before))
    assert there is not None
    assert back is not None
    assert there.low == pytest.approx(1 / back.high)
    assert there.high == pytest.approx(1 / back.low)


def test_twelve_after_ten_proves_nothing_and_nothing_before_is_no_data() -> None:
    found = ratio((10, 30), (12, 30))
    assert found is not None
    assert found.low < 1 < found.high
    assert ratio((0, 30), (12, 30)) is None
    assert ratio((10, 0), (12, 30)) is None
