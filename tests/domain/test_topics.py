"""Topics that no list knows are found in the texts, and bear names that a reader understands."""

from __future__ import annotations

import numpy as np
import pytest

from huixiang.domain.understanding.topics import contrast, discover
from huixiang.domain.understanding.words import Words

# Made up for this test. Each line varies within a frame, as customers do.
LOGIN = "{a}登录就闪退|{a}一登录就闪退了|登录界面闪退,{a}|打开登录闪退{a}"
CODE = "{a}收不到验证码|验证码收不到{a}|一直收不到验证码,{a}|{a}短信验证码收不到"
QUEUE = "{a}排队太久,叫号慢|叫号慢,排队一小时{a}|{a}窗口排队叫号慢|排队叫号慢得很{a}"
FEES = "{a}乱扣年费|年费扣了两次{a}|信用卡年费乱扣,{a}|{a}年费不退"
MOODS = [
    "今天",
    "昨天又",
    "真的",
    "为什么",
    "上周开始",
    "新手机上",
    "我妈说",
    "客服说",
    "早上八点",
    "午休时",
    "周末",
    "下雨天",
]
SIDES = ["烦死了", "怎么回事", "求解决", "差评", "希望改进", "太失望", "急用", "没人管"]
WORDS = Words()


def voices() -> tuple[list[str], list[str]]:
    texts = [
        frame.format(a=mood) + "," + side
        for frames in (LOGIN, CODE, QUEUE, FEES)
        for frame in frames.split("|")
        for mood in MOODS
        for side in SIDES
    ]
    return texts, [f"v{n}" for n in range(len(texts))]


def test_what_customers_speak_of_is_found_and_named_in_their_words() -> None:
    texts, ids = voices()
    topics = discover(texts, ids, WORDS, most=8)
    said = dict(zip(ids, texts, strict=True))
    for theme in ("闪退", "验证码", "叫号", "年费"):
        about = [topic for topic in topics if theme in topic.name]
        assert about, [topic.name for topic in topics]
        assert sum(theme in said[each] for each in about[0].ids) >= 0.9 * about[0].count
        assert all(theme in said[each] for each in about[0].examples)


def test_the_same_voices_in_another_order_make_the_same_topics() -> None:
    texts, ids = voices()
    turned = np.random.default_rng(0).permutation(len(texts))
    assert discover([texts[n] for n in turned], [ids[n] for n in turned], WORDS) == discover(texts, ids, WORDS)


def test_what_nobody_filed_yet_comes_first_and_names_of_places_tell_nothing() -> None:
    texts, ids = voices()
    known = ["年费" not in text for text in texts]
    first = discover([f"滨江支行{text}" for text in texts], ids, WORDS, is_known=known, names=["滨江支行"])[0]
    assert "年费" in first.phrases
    assert first.unknown is not None
    assert first.unknown > 0.9
    assert "滨江" not in "".join(first.phrases)


def test_few_voices_have_no_topics_and_copies_are_one_voice() -> None:
    assert discover(["登录闪退", "登录闪退了"], ["a", "b"], WORDS) == []
    assert discover(["登录就闪退,差评"] * 500, [str(n) for n in range(500)], WORDS) == []
    with pytest.raises(ValueError, match="2 texts, but 1 ids"):
        discover(["一", "二"], ["a"], WORDS)


def test_what_sets_a_slice_apart_is_proven_and_what_all_say_is_not() -> None:
    here = {"登录": 80, "银行": 300, "排队": 2, "偶然": 4}
    there = {"登录": 20, "银行": 600, "排队": 90, "偶然": 3}
    told = contrast(here, 1000, there, 2000)
    assert [each.word for each in told] == ["登录"]
    assert told[0].ratio.low > 3
    assert told[0].q < 1e-6
    assert [each.word for each in contrast(there, 2000, here, 1000)] == ["排队"]
    assert contrast({}, 0, there, 2000) == []


def test_among_a_thousand_words_of_pure_chance_hardly_one_is_told() -> None:
    dice = np.random.default_rng(5)
    rates = dice.uniform(0.001, 0.05, 1000)
    here, there = (dict(enumerate(dice.binomial(3000, rates).tolist())) for _ in range(2))
    named_here, named_there = ({f"词{n}": count for n, count in side.items()} for side in (here, there))
    assert len(contrast(named_here, 3000, named_there, 3000)) <= 1
    assert len(contrast(named_here, 3000, named_there, 3000, q_at_most=0.999)) > 10
