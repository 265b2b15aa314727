"""How much does a need weigh, and would customers miss it? No number without its doubt, and none out of nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.needs.importance import Tally, importance
from huixiang.domain.needs.kano import Counted, Kano, ahead, class_of, classified, weighed
from huixiang.domain.statistics import Interval, share
from huixiang.domain.surveys.kano_pairs import ANSWERS
from huixiang.domain.tiers import SHIPPED, BadTiers, Tier, Tiers, checked

parts = st.integers(1, 500).flatmap(
    lambda count: st.tuples(st.just(count), st.integers(0, count), st.integers(0, count), st.integers(count, 5_000))
)


def test_forty_of_a_thousand_half_of_them_negative_one_urgent() -> None:
    found = importance(Tally(40, 20, 4), 1000)
    assert found is not None
    assert found.frequency.value == pytest.approx(0.04)
    assert found.severity == pytest.approx(1 + 0.5 + 0.1)
    assert found.points.value == pytest.approx(1000 * 0.04 * 1.6)
    assert found.value.mean == Interval(1.0, 1.0, 1.0), "nobody set what these customers are worth"
    assert found.points == found.plain


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
    twice = Tiers(SHIPPED.tiers, unknown=2.0)
    worse = importance(Tally(count, count, urgent), of, twice)
    assert worse is not None
    assert worse.points.value >= 2 * found.points.value - 1e-9
    assert worse.points.low <= worse.points.value <= worse.points.high


def test_who_weighs_more_makes_a_need_weigh_more_and_how_many_are_known_is_told() -> None:
    """Of forty, ten hold gold cards (3), ten are ordinary (1), and of twenty nobody knows it (1)."""
    gold = Tiers(tuple(replace(tier, weight=3.0) if tier.code == "gold" else tier for tier in SHIPPED.tiers))
    found = importance(Tally(40, 0, 0, (("", 20), ("gold", 10), ("ordinary", 10))), 1000, gold)
    assert found is not None
    assert found.value.mean.value == pytest.approx(1.5)
    assert (found.value.known, found.value.of, found.value.differs) == (20, 40, True)
    assert found.points.value == pytest.approx(60)
    assert found.plain.value == pytest.approx(40)
    assert found.points.high - found.points.low > 1.5 * (found.plain.high - found.plain.low), (
        "one more factor is unsure"
    )


def test_a_word_leads_to_one_class_or_to_none() -> None:
    assert [SHIPPED.code_of(word) for word in ("金卡客户", " 私行 ", "Gold", "白金卡", "钻石", "")] == [
        "gold", "private", "gold", "platinum", "", "",
    ]  # fmt: skip
    for wrong, said in (
        (Tiers((*SHIPPED.tiers, Tier("diamond", "钻石", words=("金卡",)))), "两次"),
        (Tiers((Tier("Gold", "金卡"),)), "小写"),
        (Tiers((Tier("gold", "金卡", weight=0.0),), unknown=0.0), "全是 0"),
        (Tiers((Tier("gold", "金卡", weight=-1.0),)), "之间"),
    ):
        with pytest.raises(BadTiers, match=said):
            checked(wrong)
    assert checked(SHIPPED).is_even


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


def test_a_lead_of_some_over_others_is_less_sure_than_of_two_separate_groups() -> None:
    """Where only two classes are answered, the lead is twice the distance from one half, and so are its ends."""
    half = share(60, 100)
    found = classified([("expect", "dislike")] * 60 + [("like", "neutral")] * 40)
    assert found is not None
    assert half is not None
    assert found.margin.low == pytest.approx(2 * half.low - 1, abs=0.002), "as in every result: of 100, worth 99"
    assert found.margin.high == pytest.approx(2 * half.high - 1, abs=0.002)
    alone = classified([("expect", "dislike")] * 10)
    assert alone is not None
    assert 0 < alone.margin.low < 0.6, "ten of ten are not everybody"


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 200))
def test_a_lead_lies_within_its_interval_and_within_the_possible(one: int, other: int, rest: int) -> None:
    of = one + other + rest
    found = ahead(*(each for count in (one, other) if (each := share(count, of))))
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_who_stands_for_more_customers_weighs_more_but_counts_once() -> None:
    """Ten gold cards, each drawn with a tenth of the chance, stand for a hundred; how sure it is follows the ten."""
    plain = [Counted("expect", "dislike", 60, 60.0, 60.0, 0), Counted("like", "neutral", 10, 100.0, 1000.0, 1)]
    found = weighed(plain)
    assert found is not None
    assert (found.kano, found.n, found.counts[Kano.MUST_BE]) == (Kano.ATTRACTIVE, 70, 60)
    assert found.shares[Kano.ATTRACTIVE].value == pytest.approx(100 / 160)
    assert found.better is not None
    assert found.better.value == pytest.approx(100 / 160)
    assert weighed([Counted("like", "like", 5, 0.0, 0.0)]) is None, (
        "they were handed their links: nobody knows for whom"
    )
    every = weighed([Counted("like", "like", 12, 12.0, 12.0)])
    assert every is not None
    assert (every.kano, every.better, every.worse) == (Kano.QUESTIONABLE, None, None)
