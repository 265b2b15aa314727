"""Batches in, batches out: masked, cut, judged and filed, whatever the texts are."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.understanding.contract import Sentiment
from huixiang.domain.understanding.masking import MARK, mask
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.understander import VERSION, Understander

UNDERSTANDER = Understander()


def test_one_review_is_understood_as_a_whole() -> None:
    (voice,) = UNDERSTANDER.read(["我叫张三，手机１３８００１３８０００，手機銀行打不开，登录失败！"])
    assert voice.masked == "我叫〔姓名〕，手机〔手机〕，手機銀行打不开，登录失败！"
    assert voice.masks == {"name": 1, "mobile": 1}
    assert voice.normal == "我叫。,手机。,手机银行打不开,登录失败!", "nobody who searches for 姓名 means 〔姓名〕"
    assert voice.words == ("手机", "手机银行", "打不开", "登录失败")
    assert "手机银行 打不开" in voice.phrases
    assert voice.sentiment.label == "negative"
    assert len(voice.bands) == 12


@settings(max_examples=60)
@given(st.lists(st.text(max_size=50), max_size=8))
def test_a_batch_is_understood_as_each_text_alone(texts: list[str]) -> None:
    together = UNDERSTANDER.read(texts)
    assert together == [UNDERSTANDER.read([text])[0] for text in texts]
    for text, voice in zip(texts, together, strict=True):
        assert voice.masked == mask(text).text
        assert voice.normal == normalise(MARK.sub("。", voice.masked))


def test_a_trained_model_can_take_the_place_of_the_rules() -> None:
    class Cheerful:
        def read(
            self, normals: Sequence[str], tokens: Sequence[Sequence[str]], addressed: Sequence[bool] = ()
        ) -> list[Sentiment]:
            return [Sentiment(0.0, 0.1, 0.9) for _ in normals]

    (voice,) = Understander(sentiments=Cheerful()).read(["垃圾"])
    assert voice.sentiment.label == "positive"


def test_what_is_said_to_the_bank_is_no_talk_among_customers() -> None:
    to_bank, anywhere = UNDERSTANDER.read(["信用卡年费收得太贵"] * 2, [True, False])
    assert (to_bank.sentiment.label, to_bank.kind.code) == ("negative", "pain_point")
    assert anywhere.sentiment.negative < to_bank.sentiment.negative
    (again,) = UNDERSTANDER.again([to_bank.normal], [to_bank.masked], [True])
    assert again.sentiment == to_bank.sentiment, "nor is it when it is read again"


def test_the_version_is_stored_with_every_voice() -> None:
    assert VERSION == "rules-3"
