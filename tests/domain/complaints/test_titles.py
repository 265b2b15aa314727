"""What is a complaint called whose customer gave it no title? Its queue is read by these words alone."""

from __future__ import annotations

import pytest

from huixiang.domain.complaints.titles import LONGEST, Evidence, telling_clause

WAITING = Evidence("D.responsiveness.waiting", 0.99, ["等了66分钟", "排队"])
COUNTER = Evidence("A.front.premises", 0.91, ["大厅"])
CARD = Evidence("B.card", 0.9, ["换卡"])


def test_the_clause_that_tells_the_matter_comes_before_the_place_and_the_anger() -> None:
    said = "太过分了！我在大厅换卡，等了66分钟才轮到我。请处理。"
    assert telling_clause(said, [COUNTER, CARD, WAITING]) == "等了66分钟才轮到我"
    assert telling_clause(said, [COUNTER, CARD]) == "我在大厅换卡"
    assert telling_clause("环境不错，而且排队不久", [WAITING]) == "排队不久"


@pytest.mark.parametrize(
    ("said", "title"),
    [("唉！你们自己看看吧。", "你们自己看看吧"), ("  ", ""), ("气", "气"), ("长" * 99, "长" * LONGEST)],
)
def test_where_nothing_is_understood_it_begins_as_the_customer_did(said: str, title: str) -> None:
    assert telling_clause(said, []) == title


def test_an_amount_of_money_is_not_cut_in_two() -> None:
    charged = Evidence("C.fee", 0.9, ["扣了"])
    assert telling_clause("我去查账,发现扣了1,200元年费", [charged]) == "发现扣了1,200元年费"
