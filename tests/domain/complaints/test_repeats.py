"""When is a complaint proposed as the same one again before anybody has classed it? By words, helped by a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huixiang.domain.complaints.repeats import Said, Why, repeats

# The same matter in other words: the lien is not struck off; the rate is not as agreed.
LIEN = Said("1", "p-1", 1_780_000_000, "抵押登记未及时注销", frozenset({"B.loan", "C.contract"}),
            frozenset({"房贷", "抵押", "注销"}), {}, frozenset({"B.loan", "C.contract"}))  # fmt: skip
RATE = replace(LIEN, number="2", normal="利率调整与合同约定不一致", words=frozenset({"利率", "合同", "约定"}))


def by_rules(said: Said) -> Said:
    return replace(said, proposed=frozenset())


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        (LIEN, RATE, (Why.CUSTOMER, Why.PROPOSED, Why.TOPICS)),
        (by_rules(LIEN), by_rules(RATE), ()),
        (by_rules(replace(LIEN, classes={"business": "B.loan", "cause": "C.contract"})), RATE,
         (Why.CUSTOMER, Why.PROPOSED, Why.TOPICS)),
        (by_rules(replace(LIEN, classes={"business": "B.card", "cause": "C.funds"})), RATE, ()),
        (by_rules(replace(LIEN, classes={"business": "B.loan.home", "cause": "C.contract"})), RATE,
         (Why.CUSTOMER, Why.PROPOSED, Why.TOPICS)),
        (LIEN, replace(RATE, customer="p-2"), ()),
        (LIEN, replace(RATE, customer=""), ()),
    ],
    ids=["by the model", "by rules alone", "the earlier one classed alike", "classed otherwise", "finely",
         "of another customer", "of nobody known"],
)  # fmt: skip
def test_what_the_model_proposes_helps_but_never_across_customers(one: Said, two: Said, why: tuple[Why, ...]) -> None:
    assert tuple(reason for found in repeats(two, [one]) for reason in found.reasons) == why
