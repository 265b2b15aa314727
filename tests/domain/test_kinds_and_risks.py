"""What does the customer want, and what must not be overlooked? Told with the words that decided."""

from __future__ import annotations

import pytest

from huixiang.domain.understanding.contract import KINDS, LEVELS, Kind, Sentiment, Understanding
from huixiang.domain.understanding.kinds import kind_of
from huixiang.domain.understanding.understander import Understander

UNDERSTANDER = Understander()


def read(text: str) -> Understanding:
    (found,) = UNDERSTANDER.read([text])
    return found


def risks(text: str) -> dict[str, str]:
    return {risk.code: risk.level for risk in read(text).risks}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("信用卡多扣了我两百块，请尽快核实并退还", "demand"),
        ("建议大厅多放几把椅子", "expectation"),
        ("一打开就闪退，什么玩意", "pain_point"),
        ("大堂经理热情又耐心，点赞", "praise"),
        ("请问怎么开通短信通知？", "question"),
        ("路过，凑字数", "noise"),
        ("", "noise"),
    ],
)
def test_each_text_is_of_one_kind(text: str, kind: str) -> None:
    found = read(text).kind
    assert found.code == kind
    assert 1 / len(KINDS) < found.probability <= 1


def test_what_the_bank_must_hear_is_never_noise() -> None:
    torn = Sentiment(0.41, 0.45, 0.14, told="negative")  # a model that weighs mistakes tells the less likely label
    assert kind_of(torn._replace(told=""), {}).code == "noise"
    assert kind_of(torn, {}).code == "pain_point"
    plain = Sentiment(0.1, 0.6, 0.3)
    assert kind_of(plain, {}).code == "noise"
    assert kind_of(plain, {}, is_of_use=True).code == "pain_point", "nobody praised with a word"
    assert kind_of(plain, {"noise": 0.9, "praise": 0.6}, is_of_use=True).code == "praise"


def test_who_names_a_matter_to_the_bank_is_heard_and_who_chats_of_it_is_not() -> None:
    text = "信用卡目前正常，据说可以试试"
    among, to_bank = (UNDERSTANDER.read([text], [addressed])[0] for addressed in (False, True))
    assert among.topics
    assert (among.kind.code, to_bank.kind.code) == ("noise", "pain_point")
    (mere,) = UNDERSTANDER.read(["路过，凑字数"], [True])
    assert mere.kind.code == "noise"


def test_an_explicit_request_outweighs_the_trouble_told_before_it() -> None:
    trouble = "手机银行一直闪退，转账转不了"
    assert read(trouble).kind.code == "pain_point"
    asked = read(f"{trouble}，希望尽快解决").kind
    assert asked.code == "demand"
    assert "希望尽快解决" in asked.why or "尽快解决" in asked.why


def test_a_good_wish_after_praise_is_praise() -> None:
    assert read("非常好用，希望工行再接再厉").kind.code == "praise"


def test_who_denies_a_threat_makes_none_and_who_cannot_but_does() -> None:
    assert risks("再不退款我就去银保监会投诉") == {"regulator": "soon"}
    assert risks("放心，我不会去银保监会投诉") == {}
    assert "regulator" in risks("这样下去我不得不去银保监会投诉")


def test_an_authority_named_as_the_source_of_a_rule_is_no_threat() -> None:
    assert "regulator" not in risks("逾期记录已经上了人行征信")
    assert "regulator" not in risks("本人行动不便，去不了网点")


@pytest.mark.parametrize("text", ["真的不想活了", "天天催，我想死的心都有了", "再逼我就从你们楼上跳楼", "我得了抑郁症"])
def test_who_is_in_despair_is_heard_today(text: str) -> None:
    assert risks(text)["self_harm"] == "urgent"


@pytest.mark.parametrize("text", ["手机卡死了", "气死我了，这破软件", "想不开通短信都不行", "程序员可以跳楼了"])
def test_a_manner_of_speaking_is_no_despair(text: str) -> None:
    assert "self_harm" not in risks(text)


@pytest.mark.parametrize(
    "text", ["听说这家银行要倒闭了，大家都在取钱", "存款取不出来，是不是没钱了", "村镇银行出现挤兑"]
)
def test_a_rumour_of_a_run_is_heard_today(text: str) -> None:
    assert risks(text)["bank_run"] == "urgent"


def test_a_curse_and_the_failure_of_an_employer_are_no_rumour() -> None:
    assert "bank_run" not in risks("垃圾软件，赶紧倒闭吧")
    assert "bank_run" not in risks("疫情期间公司倒闭，没有收入")


def test_who_is_sued_does_not_threaten_to_sue() -> None:
    assert "lawsuit" in risks("再不处理我就走法律途径")
    assert "lawsuit" not in risks("他们说不还钱就起诉我")


def test_the_most_urgent_comes_first_with_its_words() -> None:
    found = read("我妈七十多岁，存款被骗走了，再不管我就找媒体曝光，大家一起投诉").risks
    assert [risk.code for risk in found] == ["fraud", "group", "press", "vulnerable"]
    levels = [LEVELS.index(risk.level) for risk in found]
    assert levels == sorted(levels)
    assert found[-1].why == ("七十多岁",)


def test_two_words_at_one_place_are_one_piece_of_evidence() -> None:
    assert "fraud" not in risks("骗人的软件"), "骗人 and 骗 are two hints, but one word"


def test_nothing_said_is_noise_without_topic() -> None:
    found = read("  ")
    assert (found.kind, found.topics, found.topics_unknown) == (Kind("noise", 0.99), (), "empty")
