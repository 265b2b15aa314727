"""How much does a need weigh, and would customers miss it? No number without its doubt, and none out of nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.needs.importance import Tally, importance
from huixiang.domain.needs.kano import ANSWERS, Kano, class_of, classified

parts = st.integers(1, 500).flatmap(
    lambda count: st.tuples(st.just(count), st.integers(0, count), st.integers(0, count), st.integers(count, 5_000))
)


def test_forty_of_a_thousand_half_of_them_negative_one_urgent() -> None:
    found = importance(Tally(40, 20, 4), 1000)
    assert found is not None
    assert found.frequency.value == pytest.approx(0.04)
    assert found.severity == pytest.approx(1 + 0.5 + 0.1)
    assert found.points.value == pytest.approx(1000 * 0.04 * 1.6)
    assert found.value == 1.0, "nobody knows what these customers are worth"


def test_nobody_speaks_of_it_is_no_data_and_not_zero() -> None:
    assert importance(Tally(), 1000) is None
    assert importance(Tally(), 0) is None


@given(parts)
def test_the_points_lie_within_their_interval_and_grow_with_what_is_told(part: tuple[int, int, int, int]) -> None:
    count, negative, urgent, of = part
    found = importance(Tally(count, negative, urgent), of)
    assert found is not None
    assert found.points.low <= found.points.value <= found.points.high
    assert 1 <= found.severity <= 3
    worse = importance(Tally(count, count, urgent), of, value=2.0)
    assert worse is not None
    assert worse.points.value >= 2 * found.points.value - 1e-9


def test_kanos_table_as_the_literature_has_it() -> None:
    assert class_of("like", "dislike") is Kano.ONE_DIMENSIONAL
    assert class_of("expect", "dislike") is Kano.MUST_BE
    assert class_of("like", "neutral") is Kano.ATTRACTIVE
    assert class_of("dislike", "like") is Kano.REVERSE
    assert class_of("like", "like") is class_of("dislike", "dislike") is Kano.QUESTIONABLE
    assert sum(class_of(one, other) is Kano.INDIFFERENT for one in ANSWERS for other in ANSWERS) == 9


def test_a_class_is_proven_only_where_it_stands_apart() -> None:
    assert classified([]) is None
    clear = classified([("expect", "dislike")] * 80 + [("like", "neutral")] * 20)
    assert clear is not None
    assert (clear.kano, clear.is_proven) == (Kano.MUST_BE, True)
    assert clear.worse is not None
    assert clear.worse.value == pytest.approx(0.8)
    even = classified([("expect", "dislike")] * 11 + [("like", "neutral")] * 10)
    assert even is not None
    assert not even.is_proven
