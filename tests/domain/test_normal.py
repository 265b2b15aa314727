"""Two texts that a reader takes for the same have one normal form, and a hit shows where the customer wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.domain.understanding.normal import highlight, normalise


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ＡＰＰ１２３！", "app123!"),
        ("轉賬很慢，登錄不上", "转账很慢,登录不上"),
        ("  打不开 \u3000\n 闪退\t ", "打不开 闪退"),
        ("好用😀👍", "好用😀👍"),
        ("转\u200b账", "转账"),
        ("cafe\u0301", "café"),
        ("", ""),
    ],
)
def test_the_normal_form_is_half_width_simplified_and_lower_case(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(st.text("轉賬登錄ＡＢc１２3 \u3000，。😀好㎏", max_size=40))
def test_a_normal_text_is_its_own_normal_form(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text("乾隆通寶轉帳回覆藉口後面著", min_size=1, max_size=12), st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + data.draw(st.integers(1, 2))]
    assert normalise(piece) in normalise(text)
    assert any(hit for _, hit in highlight(text, piece))


@given(st.text(max_size=60))
def test_any_text_has_a_normal_form_in_utf_8(text: str) -> None:
    normalise(text + "\ud800好").encode("utf-8")


def test_a_hit_is_found_in_whatever_form_it_was_written() -> None:
    assert highlight("我要轉賬１００元，转账呢", "转账 100") == [
        ("我要", False),
        ("轉賬１００", True),
        ("元，", False),
        ("转账", True),
        ("呢", False),
    ]


def test_one_character_that_folds_to_two_is_marked_as_a_whole() -> None:
    assert highlight("重５㎏左右", "kg") == [("重５", False), ("㎏", True), ("左右", False)]


def test_marks_upon_a_character_belong_to_it() -> None:
    assert highlight("去cafe\u0301喝", "café") == [("去", False), ("cafe\u0301", True), ("喝", False)]
    assert highlight("ｶﾞｽ代", "ガス") == [("ｶﾞｽ", True), ("代", False)]


def test_one_character_words_and_all_terms_are_marked() -> None:
    assert highlight("卡，太卡了", "卡 太") == [("卡", True), ("，", False), ("太卡", True), ("了", False)]


def test_nothing_sought_marks_nothing() -> None:
    assert highlight("打不开", "  ") == [("打不开", False)]
    assert highlight("", "打") == []


@given(st.text(max_size=40), st.text(max_size=4))
def test_the_pieces_are_the_text_again(text: str, query: str) -> None:
    assert "".join(piece for piece, _ in highlight(text, query)) == text
