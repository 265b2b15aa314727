"""What the regulator wants counted: whole, raw and merged, with bases that exist, and ranks that are no chance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.returns import (
    By,
    Case,
    Count,
    Missing,
    Per,
    Shares,
    counted,
    rank_list,
    standing,
    uncoded,
    with_official_codes,
)
from huixiang.domain.statistics.rates import ranked, rate
from huixiang.domain.understanding.book import shipped

BOOK = shipped("taxonomy")
DAY = date(2026, 3, 2)


def case(number: str, business: str = "B.card.debit", cause: str = "C.rules", **more: str) -> Case:
    told = {"channel": "A.front.premises", "region": "north", "unit": "n1", "merged_into": ""} | more
    return Case(number, DAY, business, cause, **told)


def test_repeats_are_kept_in_one_count_and_merged_in_the_other() -> None:
    told = counted([case("T1"), case("T2", merged_into="T1"), case("T3", "B.card.credit", region="south")], BOOK)
    assert told.to_report().total == Count(raw=3, merged=2)
    assert told.by(By.BUSINESS) == {("B.card.credit",): Count(1, 1), ("B.card.debit",): Count(2, 1)}
    assert told.by(By.BUSINESS, By.REGION, depth=1) == {
        ("B.card", "north"): Count(2, 1),
        ("B.card", "south"): Count(1, 1),
    }


def test_an_unclassified_case_blocks_the_report_and_is_named() -> None:
    before = Case("T4", date(2018, 1, 1), "B.loan", "C.rules", "A.back", "north", "n1")  # the standard was not yet
    told = counted([case("T1"), case("T2", cause=""), case("T3", business="B"), case("T5", "C.rules"), before], BOOK)
    assert told.unclassified == [
        Missing("T2", ("cause",)),
        Missing("T3", ("business",)),
        Missing("T5", ("business",)),
        Missing("T4", ("channel", "business", "cause")),
    ]
    assert told.total == Count(1, 1)
    with pytest.raises(BadCase, match="还有 4 件未按 JR/T 0169 分类，不能报送：T2、T3、T5、T4"):
        told.to_report()


def test_official_numbers_come_from_the_banks_own_table_and_are_never_made_up() -> None:
    told = counted([case("T1")], BOOK)
    assert uncoded(BOOK, told) == ("A.front.premises", "B.card.debit", "C.rules")
    coded = with_official_codes(BOOK, {"B.card.debit": "B0201", "C.rules": "C03"})
    assert uncoded(coded, told) == ("A.front.premises",)
    with pytest.raises(BadCase, match="不在分类树里"):
        with_official_codes(BOOK, {"B.cards": "B02"})
    with pytest.raises(BadCase, match="同时给了"):
        with_official_codes(BOOK, {"B.loan": "B02", "B.card": "B02"})


def test_shares_are_rounded_one_by_one_and_sums_from_the_counts() -> None:
    """A bank published 33.6, 29.1 and 14.3 as 77.1 together; what it showed adds to 77.0."""
    shares = Shares({"debit": 3_364, "credit": 2_914, "loan": 1_434, "other": 2_288}, digits=1)
    assert [shares.of(code) for code in ("debit", "credit", "loan")] == [
        Decimal("33.6"),
        Decimal("29.1"),
        Decimal("14.3"),
    ]
    assert shares.of("debit", "credit", "loan") == Decimal("77.1")
    assert shares.shown_total == Decimal("99.9")
    assert (Shares({}).of("debit"), Shares({"debit": 0}).shown_total) == (None, None)


def test_without_a_base_there_is_no_data_and_not_nought() -> None:
    told = rank_list({"n1": 3, "n2": 0, "n3": 2}, {"n1": 20_000, "n2": 10_000, "n3": 0}, Per.TEN_THOUSAND_CUSTOMERS)
    assert [(each.who, each.rate.value) for each in told.placed] == [("n2", 0.0), ("n1", 1.5)]
    assert told.no_data == ("n3",)


def test_garwoods_interval_is_that_of_the_tables() -> None:
    ten, none = rate(10, 1), rate(0, 1)
    assert ten is not None
    assert none is not None
    assert (ten.low, ten.high) == pytest.approx((4.795, 18.390), abs=1e-3)
    assert (none.low, none.high) == pytest.approx((0.0, 3.689), abs=1e-3)


def test_branches_that_chance_alone_may_part_are_not_ranked() -> None:
    chance = ranked(
        {f"b{n}": count for n, count in enumerate((1, 3, 4, 6, 2))}, dict.fromkeys((f"b{n}" for n in range(5)), 1e4)
    )
    assert {(each.best, each.worst, each.apart) for each in chance.placed} == {(1, 5, False)}
    clear = ranked({"few": 5, "some": 60, "more": 70, "many": 300}, dict.fromkeys(("few", "some", "more", "many"), 1e4))
    assert [(each.who, each.best, each.worst, each.apart) for each in clear.placed] == [
        ("few", 1, 1, True),
        ("some", 2, 3, False),
        ("more", 2, 3, False),
        ("many", 4, 4, True),
    ]


def test_the_places_hold_for_all_at_once_in_nineteen_of_twenty_lists() -> None:
    generator = np.random.default_rng(0)
    means = np.linspace(20, 120, 12)
    wrong = 0
    for _ in range(400):
        counts = dict(enumerate(generator.poisson(means).tolist()))
        placed = ranked(counts, dict.fromkeys(counts, 1.0)).placed
        wrong += any(not each.best <= each.who + 1 <= each.worst for each in placed)
    assert wrong <= 0.05 * 400


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_everybodys_own_place_lies_in_his_range(counts: list[int]) -> None:
    for place, each in enumerate(ranked(dict(enumerate(counts)), dict.fromkeys(range(len(counts)), 1.0)).placed, 1):
        assert 1 <= each.best <= place <= each.worst <= len(counts)


def test_the_circulars_median_of_peers() -> None:
    """State-owned banks in the first quarter of 2022, complaints for a thousand branches."""
    told = standing(235.3, [1200.4, 267.1, 235.3, 232.5, 153.9, 84.0])
    assert told is not None
    assert (round(told.median, 1), told.place, told.of) == (233.9, 4, 6)
    assert standing(1.0, [2.0]) is None
