"""How alike are two coders, said with its interval or not at all? And do more talks bring more?"""

from __future__ import annotations

import numpy as np
import pytest

from huixiang.domain import coding
from huixiang.domain.coding import Standing, Unknown
from huixiang.domain.statistics.sets import compared


def chosen(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def test_agreement_is_told_with_its_interval_overall_and_by_code() -> None:
    pairs = [(chosen("a"), chosen("a"))] * 12 + [(chosen("b"), chosen("b"))] * 10
    pairs += [(chosen("a", "c"), chosen("a"))] * 4 + [(chosen(), chosen("b"))] * 4
    found = coding.agreement(pairs, np.random.default_rng(1))
    assert found.alpha
    assert found.of == 30
    assert 0.3 < found.alpha.low < found.alpha.value < found.alpha.high < 1
    by_code = coding.agreement_by_code(pairs, np.random.default_rng(1))
    assert list(by_code) == ["b", "a", "c"], "the least agreed on first, what cannot be told last"
    assert by_code["a"].alpha
    assert by_code["a"].alpha.value == pytest.approx(1)
    assert (by_code["c"].alpha, by_code["c"].why, by_code["c"].named) == (None, Unknown.FEW, 4)


def test_too_few_or_all_the_same_is_no_figure() -> None:
    dice = np.random.default_rng(1)
    assert coding.agreement([(chosen("a"), None)] * 99, dice).of == 0, "coded by one is no pair"
    assert coding.agreement([(chosen("a"), chosen("b"))] * 19, dice).why is Unknown.FEW
    assert coding.agreement([(chosen("a"), chosen("a"))] * 40, dice).why is Unknown.SAME


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
