"""Is everybody's chance of being asked the one that was promised, and does the frame's account add up?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from huixiang.domain.surveys.fairness import Asked, Side, Verdict, evenness, handed_less_drawn
from huixiang.domain.surveys.sampling import Candidate, Rest, Rule, Why, allotted, draw, needed

TODAY = date(2026, 11, 28)


def frame(unit: str, count: int, tier: str = "", **more: object) -> list[Candidate]:
    return [Candidate(f"{unit}{tier}-{n}", unit, tier, **more) for n in range(count)]  # type: ignore[arg-type]


def chance(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_an_answer_stands_for_as_many_as_its_chance_says() -> None:
    """Weights of the drawn add up to the customers of each stratum, however unequal the strata are."""
    sample = draw(frame("N11", 900) + frame("N12", 30), Rule(size=60, is_even=True), TODAY, chance())
    stands_for: Counter[str] = Counter()
    for one in sample.chosen:
        stands_for[one.stratum] += 1 / one.probability  # type: ignore[assignment]
    assert {name: round(total, 6) for name, total in stands_for.items()} == {"N11": 900, "N12": 30}
    assert [s.drawn for s in sample.strata] == [30, 30], "the small branch can be judged too"


def test_everybody_is_drawn_as_often_as_was_promised() -> None:
    times, everyone = np.zeros(40), frame("N11", 40)
    for seed in range(2000):
        for one in draw(everyone, Rule(share=0.25), TODAY, chance(seed)).chosen:
            times[one.index] += 1
    # 500 expected each, standard deviation 19.4: five of them either way for the furthest of 40.
    assert np.abs(times - 500).max() < 97


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    everyone = frame("N11", 200)
    first, again, other = (draw(everyone, Rule(size=20), TODAY, chance(seed)) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_who_was_asked_a_short_while_ago_is_left_in_peace_and_counted() -> None:
    lately, often = (TODAY - timedelta(days=29),), tuple(TODAY - timedelta(days=d) for d in (40, 100, 200, 300))
    long_ago = tuple(TODAY - timedelta(days=d) for d in (30, 400, 500, 600, 700))
    everyone = [
        Candidate("a", "N11", asked_on=lately),
        Candidate("b", "N11", asked_on=often),
        Candidate("c", "N11", asked_on=long_ago),
        Candidate("d", "N11", has_opted_out=True),
        Candidate("e", "N11", can_be_reached=False),
        Candidate("f", "N11", is_left_out=True),
        Candidate("d", "N11"),  # another visit of hers, on which nobody noted what she wished
    ]
    sample = draw(everyone, Rule(share=1, rest=Rest(30, 4)), TODAY, chance())
    assert [everyone[one.index].customer for one in sample.chosen] == ["c"]
    (told,) = sample.strata
    assert told.left_out == {Why.OVER_ASKED: 2, Why.OPTED_OUT: 1, Why.NO_CONTACT: 1, Why.BY_HAND: 1, Why.REPEATED: 1}
    assert told.framed == told.eligible + sum(told.left_out.values())
    assert told.coverage == pytest.approx(1 / 6), "of six customers"


def test_who_comes_often_has_no_greater_chance() -> None:
    everyone = [Candidate("often", "N11")] * 9 + frame("N11", 9)
    drawn = [draw(everyone, Rule(size=1), TODAY, chance(seed)).chosen[0] for seed in range(2000)]
    asked = Counter(everyone[one.index].customer for one in drawn)
    assert all(one.probability == pytest.approx(0.1) for one in drawn)
    assert 130 < asked["often"] < 270, "200 expected, five standard deviations either way"
    assert len({one.index for one in drawn if everyone[one.index].customer == "often"}) == 9, "about any of the visits"


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 50), max_size=8), st.integers(1, 300), st.booleans())
def test_what_is_allotted_is_there_and_adds_up(eligible: dict[str, int], size: int, is_even: bool) -> None:
    found = allotted(eligible, Rule(size=size, is_even=is_even))
    assert sum(found.values()) == min(size, sum(eligible.values()))
    assert all(0 <= found[name] <= count for name, count in eligible.items())


def test_how_many_to_ask() -> None:
    assert needed(0.05, 10**9) == 385, "the well-known figure for ± 5 points"
    assert needed(0.05, 1000) == 278
    assert needed(0.05, 1000, answering=0.5) == 556
    assert needed(0.05, 200, answering=0.1) == 200, "more than there are cannot be asked"
    with pytest.raises(ValueError, match="makes no sense"):
        needed(0, 1000)


@pytest.mark.parametrize(
    "rule", [{}, {"share": 0.1, "size": 5}, {"share": 1.2}, {"size": 0}, {"size": 5, "by": ("age",)}]
)
def test_a_rule_without_sense_is_none(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"share|drawn|strata"):
        Rule(**rule)  # type: ignore[arg-type]


def test_who_asks_only_the_pleased_is_found_and_honest_units_are_not_named() -> None:
    honest = [Asked(f"N{n}", displeased_asked=20, displeased=100, others_asked=180, others=900) for n in range(20)]
    choosy = Asked("S11", displeased_asked=2, displeased=100, others_asked=198, others=900)
    small = Asked("S12", displeased_asked=0, displeased=4, others_asked=30, others=60)
    found = {one.who: one for one in evenness([*honest, choosy, small])}
    assert [who for who, one in found.items() if one.verdict is Verdict.UNEVEN] == ["S11"]
    assert found["S12"].verdict is Verdict.TOO_FEW
    assert found["S11"].times is not None
    assert found["S11"].times.high < 0.5
    assert found["N1"].times is not None
    assert found["N1"].times.value == pytest.approx(1)


def test_handed_links_answered_better_than_drawn_ones() -> None:
    """Only the branch that picked its customers is named; Welch's interval is scipy's."""
    rng = chance()
    drawn, same, picked = rng.normal(7, 2, 200), rng.normal(7, 2, 150), rng.normal(8.5, 1, 150)

    def side(scores: np.ndarray) -> Side:
        return Side(float(scores.mean()), float(scores.var(ddof=1) / scores.size), scores.size)

    few, even, chosen = handed_less_drawn([(side(each), side(drawn)) for each in (drawn[:9], same, picked)])
    assert [str(each.verdict) for each in (few, even, chosen)] == ["too_few", "not_proven", "higher"]
    assert few.less is None
    assert chosen.less is not None
    known = ttest_ind(picked, drawn, equal_var=False).confidence_interval()
    assert (chosen.less.low, chosen.less.high) == pytest.approx((known.low, known.high))
