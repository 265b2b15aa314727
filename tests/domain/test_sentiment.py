"""A complaint is heard as one, praise as praise, and what is neither is not forced to be either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import tones
from huixiang.domain.understanding.contract import LABELS, Sentiment
from huixiang.domain.understanding.feelings import strengths
from huixiang.domain.understanding.lexicon import entries
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.register import Register
from huixiang.domain.understanding.sentiment import Sentiments
from huixiang.domain.understanding.understander import Understander
from huixiang.domain.understanding.words import Words

WORDS, MODEL = Words(), Sentiments()


def read(text: str) -> Sentiment:
    normal = normalise(text)
    return MODEL.read([normal], [WORDS.tokens(normal)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "更新以后一直闪退，根本打不开",
        "登录不上去，验证码也收不到",
        "排队两个小时，窗口只开一个，服务态度差",
        "乱扣费，没有任何提醒，太失望了",
        "不好用",
        "一点都不方便",
        "为什么老是打不开？",
        "界面挺好看，但是太卡了，转账总是失败",
        "垃圾😡😡😡",
        "👎👎",
        "客服互相推诿，问题至今没有解决",
        "登錄不上，太差勁了",
    ],
)
def test_a_complaint_is_heard(text: str) -> None:
    assert read(text).label == "negative", read(text)


@pytest.mark.parametrize(
    "text",
    [
        "非常好用，转账很方便",
        "大堂经理很热情，耐心帮我办好了",
        "以前有点慢，但是现在非常流畅，点赞",
        "到账速度快，没有手续费，强烈推荐",
        "服务周到，感谢工作人员👍",
        "😍😍😍",
    ],
)
def test_praise_is_heard(text: str) -> None:
    assert read(text).label == "positive", read(text)


@pytest.mark.parametrize(
    "text",
    ["请问周末营业吗？", "我在网点办了一张储蓄卡", "信用卡额度怎么查询", "工行的", "123", "", "希望增加指纹登录功能"],
)
def test_a_question_or_a_plain_fact_is_neither(text: str) -> None:
    assert read(text).label == "neutral", read(text)


@pytest.mark.parametrize(
    "text",
    [
        "转出去的钱三天了一直没到账",
        "同一笔还款扣了两次",
        "在大厅等了两个小时",
        "柜台跑了三趟，死活不给办",
        "未经本人同意开通了短信服务",
        "有什么用？留着它干嘛",
    ],
)
def test_a_complaint_told_as_plain_fact_is_heard(text: str) -> None:
    assert read(text).label == "negative", read(text)


@pytest.mark.parametrize(
    ("cost", "gain"),
    [("手续费很高", "收益很高"), ("利率太高了", "积分很多"), ("额度低", "手续费低"), ("门槛高", "额度高")],
)
def test_high_and_low_depend_on_what_is_spoken_of(cost: str, gain: str) -> None:
    assert read(cost).negative > read(cost).positive
    assert read(gain).positive > read(gain).negative


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("老哥，我申请的二卡秒批了，额度一般", "neutral"),
        ("查询次数多了容易被拒，先养着", "neutral"),
        ("老哥，这家提额真心坑，抠门", "negative"),
        ("恭喜楼主下卡", "positive"),
    ],
)
def test_talk_among_card_holders_is_read_in_its_own_way(text: str, label: str) -> None:
    assert read(text).label == label, read(text)


def test_what_is_said_to_the_bank_is_no_talk_among_customers() -> None:
    register = Register()
    assert register.is_chatter("兄弟，二卡放水了，快上车")
    assert not register.is_chatter("本人要求贵行退还年费")
    assert not register.is_chatter("手机银行登录不上")
    assert not register.is_chatter("转账很方便，界面也简洁！")


@pytest.mark.parametrize(
    "text", ["上个月降到3k了，你们怎么样", "有没有好批的卡推荐", "查询多了容易被拒，养半年再说", "还清了，等通知"]
)
def test_customers_who_ask_and_advise_one_another_are_known_by_that(text: str) -> None:
    assert Register().is_chatter(text)


def test_a_long_story_with_a_word_of_the_trade_is_no_talk() -> None:
    story = "逾期以后柜台把名下的户头关了又开，前后去过很多回，每回都是不同的人接待，"
    story += "都得从头说起，没有一个肯记下来，也没有一个肯回头说明缘由。"
    register = Register()
    assert register.is_chatter("逾期以后怎么样")
    assert not register.is_chatter(story)


def test_among_customers_what_is_told_need_not_be_likeliest() -> None:
    heard = read("老哥，这家提额真难")
    assert (heard.label, heard.told) == ("negative", "negative")
    assert heard.neutral > heard.negative, "seven in eight of such texts are neutral, and the probability says so"


def test_advice_among_customers_is_no_wish_to_the_bank() -> None:
    assert read("建议你办招行的，活动多").positive > read("建议你办招行的，活动多").negative


def test_a_number_that_ends_in_zero_is_no_mark_of_zero() -> None:
    assert read("3期3000分").negative < read("0分").negative


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("满意", "非常满意"),
        ("有点方便", "方便"),
        ("不满意", "满意"),
        ("好用吗？", "好用"),
        ("希望方便些", "方便些"),
        ("打不开", "没有打不开"),
        ("很方便，但是很慢", "很慢，但是很方便"),
    ],
)
def test_one_word_turns_the_scale(less: str, more: str) -> None:
    a, b = read(less), read(more)
    assert a.positive - a.negative < b.positive - b.negative


@given(
    st.lists(st.sampled_from([*sorted(strengths()), "不", "但是", "很", "？", "，", "😡", "希望"]), max_size=20).map(
        "".join
    )
)
def test_the_three_probabilities_sum_to_one(text: str) -> None:
    sentiment = read(text)
    parts = sentiment.negative, sentiment.neutral, sentiment.positive
    assert sum(parts) == pytest.approx(1)
    assert all(0 <= part <= 1 for part in parts)
    assert sentiment.label in LABELS


def test_the_lists_are_generous_and_agree() -> None:
    assert len(strengths()) > 3500
    both = entries("idioms.txt"), entries("slang.txt")
    praise = frozenset().union(*entries("praise.txt").values(), *(lists["褒"] for lists in both))
    blame = frozenset().union(
        *entries("blame.txt").values(), *entries("failures.txt").values(), *(lists["贬"] for lists in both)
    )
    assert not praise & blame, "a word cannot praise and blame"


def test_a_word_of_the_register_speaks_for_one_manner() -> None:
    lists = list(entries("register.txt").values())
    assert sum(map(len, lists)) == len(frozenset().union(*lists))


@pytest.mark.parametrize(
    ("scoff", "praise"),
    [
        ("说好的免年费呢", "真的免年费，没骗人"),
        ("这也叫优惠", "优惠真实在"),
        ("说降就降", "说到做到"),
        ("好用个鬼", "真好用"),
        ("恭喜我自己又被降了", "恭喜楼主下卡"),
        ("到底要等多久", "才两分钟就批了"),
        ("不香", "用起来不香吗"),
    ],
)
def test_a_turn_of_phrase_scoffs_or_praises(scoff: str, praise: str) -> None:
    a, b = read(scoff), read(praise)
    assert a.negative > a.positive
    assert b.positive > b.negative


def test_sentences_of_our_own_are_told_as_they_were_meant() -> None:
    said = tones.tones()
    assert len({tone.text for tone in said}) == len(said) > 2000, "each stands once, under one label"
    same, side = tones.right(said, tones.read(said))
    assert same > 0.73
    assert side > 0.9


def test_ties_go_to_the_worse() -> None:
    assert Sentiment(0.4, 0.2, 0.4).label == "negative"


def test_a_caller_who_says_yes_to_the_agent_praises_nobody() -> None:
    call = "服务态度傲慢得很，我问了三遍都不理。\n好，\n可以，\n对。\n好的，谢谢。"
    reader = Understander()
    assert reader.read([call], [True])[0].sentiment.label == "negative"
    for review in ("好", "好，方便快捷"):
        assert reader.read([review], [True])[0].sentiment.label == "positive"
