"""How alike are two coders, said with its interval or not at all? And do more talks bring more?"""

from __future__ import annotations

import numpy as np
import pytest

from huixiang.domain import coding
from huixiang.domain.coding import Judged, Standing, Unknown
from huixiang.domain.statistics.sets import compared


def chosen(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def judged(talks: int, *pairs: tuple[frozenset[str], frozenset[str]]) -> list[Judged]:
    return [Judged(one, other, place % talks) for place, (one, other) in enumerate(pairs)]


BOTH_A, BOTH_B = (chosen("a"), chosen("a")), (chosen("b"), chosen("b"))
MIXED = [*[BOTH_A] * 12, *[BOTH_B] * 10, *[(chosen("a", "c"), chosen("a"))] * 4, *[(chosen(), chosen("b"))] * 4]


def test_agreement_is_told_with_its_interval_overall_and_by_code() -> None:
    found = coding.agreement(judged(4, *MIXED))
    assert found.value is not None
    assert found.interval
    assert (found.of, found.talks) == (30, 4)
    assert 0.3 < found.interval.low < found.value < found.interval.high <= 1
    by_code = coding.agreement_by_code(judged(4, *MIXED))
    assert list(by_code) == ["b", "a", "c"], "the least agreed on first, what cannot be told last"
    assert by_code["a"].value == pytest.approx(1)
    assert (by_code["c"].value, by_code["c"].why, by_code["c"].named) == (None, Unknown.FEW, 4)


def test_talks_that_differ_make_it_less_sure_and_two_talks_tell_nothing_of_that() -> None:
    """Six talks with the same answers in sum: mixed evenly, or coded well in five and badly in the sixth."""
    good, bad = [BOTH_A, BOTH_B] * 25, [(chosen("a"), chosen("b"))] * 10
    evenly = coding.agreement(judged(6, *good[:25], *bad, *good[25:]))
    apart = [Judged(*pair, place % 5) for place, pair in enumerate(good)] + [Judged(*pair, 5) for pair in bad]
    unevenly = coding.agreement(apart)
    assert evenly.value == unevenly.value
    assert evenly.interval
    assert unevenly.interval
    assert unevenly.interval.high - unevenly.interval.low > 2 * (evenly.interval.high - evenly.interval.low)
    two = coding.agreement(judged(2, *good, *bad))
    assert (two.value, two.interval, two.why) == (evenly.value, None, None), "no interval rather than a false one"


def test_too_few_or_all_the_same_is_no_figure() -> None:
    apart = (chosen("a"), chosen("b"))
    assert coding.agreement(judged(3, *[apart] * 19)).why is Unknown.FEW
    assert coding.agreement(judged(3, *[BOTH_A] * 40)).why is Unknown.SAME


def test_what_counts_is_what_both_said_or_a_third_settled() -> None:
    both, apart = [chosen("a"), chosen("a")], [chosen("a"), chosen()]
    assert coding.final(both, None) == chosen("a")
    assert (coding.standing(apart, None), coding.final(apart, None)) == (Standing.DISPUTED, None)
    assert (coding.standing(apart, chosen()), coding.final(apart, chosen())) == (Standing.SETTLED, chosen())
    assert coding.standing(apart[:1], None) is Standing.OPEN


def test_talk_by_talk_fewer_codes_are_new() -> None:
    steps = coding.saturation([("一", "ab"), ("二", "bc"), ("三", "ab")])
    assert [(step.new, step.total) for step in steps] == [(2, 2), (1, 3), (0, 3)]


def test_drawing_how_often_each_kind_comes_is_drawing_utterances() -> None:
    """Alpha of a sample told by counts is alpha of the sample itself; where all is alike there is none."""
    kinds = [(chosen("a"), chosen("a")), (chosen("a"), chosen("b")), (chosen("b"), chosen("b"))]
    times = np.array([[3, 2, 4], [9, 0, 0]])
    sample = [kind for kind, count in zip(kinds, times[0], strict=True) for _ in range(count)]
    found = compared(kinds).alphas(times)
    assert found[0] == pytest.approx(compared(sample).alpha())
    assert np.isnan(found[1])
