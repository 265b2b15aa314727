"""The bank's words stay whole, and only words that tell something are kept."""

from __future__ import annotations

import pytest

from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.phrases import Phrases
from huixiang.domain.understanding.words import Words

WORDS = Words()


@pytest.mark.parametrize(
    "word",
    [
        "中国银行",
        "手机银行",
        "大堂经理",
        "刷脸",
        "数字人民币",
        "登录不上",
        "打不开",
        "网点",
        "信用卡",
        "动账通知",
        "u盾",
    ],
)
def test_a_word_of_the_bank_stays_whole(word: str) -> None:
    assert word in WORDS.cut(normalise(f"昨天我的{word}，真的让人意外"))


def test_only_content_words_are_kept() -> None:
    assert WORDS.cut("我 的 app 在 2023 年 还是 打不开 ！！！ 😡 13次 了") == ("app", "打不开")


def test_words_repeat_as_they_occur_and_single_opinions_count() -> None:
    assert WORDS.cut("慢，网点太慢，网点慢") == ("慢", "网点", "太慢", "网点", "慢")


def test_a_bank_adds_words_of_its_own() -> None:
    assert "云上小微贷" not in WORDS.cut("云上小微贷放款快")
    assert "云上小微贷" in Words(["云上小微贷"]).cut("云上小微贷放款快")
    assert "云上小微贷" not in Words().cut("云上小微贷放款快"), "one bank's words must not leak into another's"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("更新之后登录总是打不开", "登录 打不开"),
        ("客服态度差", "客服 态度差"),
        ("真是垃圾的软件", "垃圾 软件"),
        ("人脸识别一直失败，验证码收不到", "验证码收不到"),
        ("界面不好看", "界面 不好看"),
        ("排队时间太长", "排队时间 太长"),
        ("转账很方便", "转账 很方便"),
    ],
)
def test_a_key_phrase_pairs_what_is_spoken_of_with_what_is_said(text: str, phrase: str) -> None:
    pieces = WORDS.tokens(text)
    found = Phrases().read(pieces, WORDS.content(pieces))
    assert phrase in found


def test_a_phrase_does_not_reach_over_the_end_of_a_clause() -> None:
    pieces = WORDS.tokens("我去了网点。真难吃")
    assert Phrases().read(pieces, ()) == ()


def test_phrases_are_few_and_each_once() -> None:
    pieces = WORDS.tokens("登录打不开，" * 30 + "转账慢，界面丑，客服差，网点少，额度低，理财亏，验证码收不到")
    found = Phrases().read(pieces, WORDS.content(pieces))
    assert len(found) == len(set(found)) == 5
