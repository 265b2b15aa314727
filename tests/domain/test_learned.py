"""Does a model learn from labels what they say, is it the same after a journey through a file, is its score right?"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn import metrics

from huixiang.domain.understanding.learned import scores, training
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.domain.understanding.learned.grams import Bag, Spelling, characters, windows
from huixiang.domain.understanding.learned.sentiments import Learned, label_of
from huixiang.domain.understanding.learned.topics import Topics
from huixiang.domain.understanding.words import Words

PLACES = ("柜台", "网点", "app", "手机银行", "热线", "大堂")
SAID = {
    "negative": ("排队太久", "态度差", "总是闪退", "没人管", "乱扣费"),
    "neutral": ("几点开门", "怎么预约", "需要带什么", "改了地址", "在哪里"),
    "positive": ("服务周到", "办得很快", "特别耐心", "非常方便", "值得表扬"),
}
TEXTS = [(f"{place}{said}", label) for label, all_said in SAID.items() for said in all_said for place in PLACES]


def cut(texts: list[str]) -> list[list[str]]:
    words = Words()
    return [words.tokens(text) for text in texts]


@pytest.fixture(scope="module")
def model() -> Classifier:
    texts, labels = [text for text, _ in TEXTS], [label for _, label in TEXTS]
    return training.train(texts, cut(texts), labels, task="sentiment", aim="kappa")


@given(some.lists(some.text("银行卡app好 ", max_size=12), min_size=1, max_size=6), some.integers(1, 4))
def test_the_grams_of_a_batch_are_those_of_its_texts_one_by_one(texts: list[str], longest: int) -> None:
    text, keys = windows(characters(texts), longest)
    by_hand = Counter(
        (number, said[start : start + length])
        for number, said in enumerate(texts)
        for length in range(1, longest + 1)
        for start in range(len(said) - length + 1)
    )
    found = Counter(zip(text.tolist(), keys.tolist(), strict=True))
    assert sorted(found.values()) == sorted(by_hand.values())
    assert len({key for _, key in found}) == len({gram for _, gram in by_hand})


def test_a_known_text_has_the_same_row_when_it_comes_again() -> None:
    texts = ["办卡太慢", "办卡很快", "", "太慢太慢"]
    bag, first = Bag.of(characters(texts), 3, at_least=1)
    assert abs(first - bag.rows(characters(texts))).max() == 0
    assert abs(bag.rows(characters(["从未见过"])).data).sum() == 0
    assert [round(float(length), 6) for length in np.sqrt(first.multiply(first).sum(1)).flat] == [1, 1, 0, 1]


def test_a_word_has_one_number_in_every_process() -> None:
    first, end, second, last = Spelling().words([["网点"], ["排队"]]).tolist()
    assert (first, end, second, last) == (744588922602659190, 0, Spelling().words([["排队"]]).tolist()[0], 0)


def test_what_was_learned_is_told_of_new_places(model: Classifier) -> None:
    asked = ["自助机总是闪退", "客户经理特别耐心", "信用卡怎么预约"]
    probabilities = model.probabilities(asked, cut(asked))
    assert model.told(probabilities) == ["negative", "positive", "neutral"]
    assert np.allclose(probabilities.sum(1), 1)
    assert [each.label for each in Learned(model).read(asked, cut(asked))] == ["negative", "positive", "neutral"]
    assert Learned(model).read([], []) == []


def test_a_model_tells_the_words_that_decided(model: Classifier) -> None:
    text = "自助机总是闪退，客户经理特别耐心"
    pieces = cut([text])[0]
    assert model.why(text, pieces, "negative", most=1) == ("闪退",)
    assert model.why(text, pieces, "positive", most=2)[0] in ("耐心", "特别")
    assert model.why("", [], "positive") == ()
    asked = [text, "", "排队太久，柜台没人管", text]
    labels = ["negative", "neutral", "negative", "positive"]
    one_by_one = [model.why(each, cut([each])[0], label) for each, label in zip(asked, labels, strict=True)]
    assert model.whys(asked, cut(asked), labels) == one_by_one, "in a batch as alone"
    with pytest.raises(KeyError):
        model.why(text, pieces, "furious")


def test_many_labels_share_their_weights_and_rare_ones_are_told_too() -> None:
    matters = (
        "挂失",
        "转账",
        "存款",
        "贷款",
        "理财",
        "积分",
        "年费",
        "额度",
        "密码",
        "外汇",
        "黄金",
        "保险",
        "公积金",
        "社保",
    )
    asked = [f"{said}{matter}{end}" for matter in matters for said in ("请问", "我想") for end in ("怎么办", "要多久")]
    labels = [matter for matter in matters for _ in range(4)]
    model = training.train(
        [*asked, "问挂失", "去挂失"], cut([*asked, "问挂失", "去挂失"]), [*labels, "急", "急"], task="topics"
    )
    assert Topics(model).read([""], cut([""])) == [()], "nothing is told, so no words are asked for"
    found = Topics(model).read(["理财到哪里办", ""], cut(["理财到哪里办", ""]))
    assert [(topic.code, topic.why[:1]) for topic in found[0]] == [("理财", ("理财",))]
    assert 0 < found[0][0].probability <= 1
    assert found[1] == ()
    with pytest.raises(ValueError, match="not of sentiment"):
        Learned(model)


def test_a_model_is_the_same_after_its_journey_through_a_file(model: Classifier) -> None:
    again = Classifier.loads(model.dumps())
    asked = ["热线没人管", "没见过的话", ""]
    assert np.array_equal(again.probabilities(asked, cut(asked)), model.probabilities(asked, cut(asked)))
    assert (again.task, again.aim, again.labels) == ("sentiment", "kappa", ("negative", "neutral", "positive"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"{}", bytes(200)])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a model"):
        Classifier.loads(data)


def test_two_labels_and_a_rare_one_are_learned_too() -> None:
    texts = [text for text, label in TEXTS if label != "neutral"] + ["密码忘了怎么办", "密码锁了怎么办"]
    labels = [label for _, label in TEXTS if label != "neutral"] + ["question", "question"]
    told = training.train(texts, cut(texts), labels, task="topics")
    assert told.labels == ("negative", "positive", "question")
    two = training.train(texts[:-2], cut(texts[:-2]), labels[:-2], task="topics", aim="accuracy")
    assert two.told(two.probabilities(["柜台态度差"], cut(["柜台态度差"]))) == ["negative"]
    with pytest.raises(ValueError, match="question: fewer than 2 texts"):
        training.train(texts[:-1], cut(texts[:-1]), labels[:-1], task="topics")
    with pytest.raises(ValueError, match="no label has 4 texts"):
        training.train(texts[-4:], cut(texts[-4:]), labels[-4:], task="topics")


@given(some.lists(some.tuples(some.sampled_from("abc"), some.sampled_from("abcd")), min_size=2, max_size=40))
def test_the_measures_are_those_of_the_textbook(pairs: list[tuple[str, str]]) -> None:
    gold, told = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    counts = scores.confusion(gold, told)
    assert scores.accuracy(counts) == pytest.approx(metrics.accuracy_score(gold, told))
    assert scores.macro_f1(counts) == pytest.approx(metrics.f1_score(gold, told, average="macro"))
    if len({*gold, *told}) > 1:
        assert scores.kappa(counts) == pytest.approx(metrics.cohen_kappa_score(gold, told), nan_ok=True)


def test_the_interval_holds_the_value_and_narrows_with_more_texts() -> None:
    few, many = (scores.scores(["a", "a", "b", "b"] * n, ["a", "b", "b", "b"] * n) for n in (10, 1000))
    for each in (few, many):
        assert each.kappa.value == pytest.approx(0.5)
        assert each.kappa.low <= each.kappa.value <= each.kappa.high
    assert many.kappa.high - many.kappa.low < (few.kappa.high - few.kappa.low) / 5
    assert np.isnan(scores.scores(["a"], ["a"]).kappa.value)


@pytest.mark.parametrize(
    ("written", "label"), [("0", "negative"), ("正面", "positive"), ("2.0", "neutral"), ("x", None)]
)
def test_labels_of_sentiment_may_be_written_in_many_ways(written: str, label: str | None) -> None:
    assert label_of(written) == label
