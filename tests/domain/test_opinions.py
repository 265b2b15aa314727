"""Is it read who thinks what of what? By the rules as shipped, and by a reader that a bank's labels taught."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest

from huixiang.domain.understanding import vectors
from huixiang.domain.understanding.contract import Opinion
from huixiang.domain.understanding.opinions import training
from huixiang.domain.understanding.opinions.chain import plain
from huixiang.domain.understanding.opinions.dictionary import Dictionary
from huixiang.domain.understanding.opinions.lists import listed, strength
from huixiang.domain.understanding.opinions.proposing import proposed
from huixiang.domain.understanding.opinions.reader import Learned
from huixiang.domain.understanding.opinions.reading import Opinions
from huixiang.domain.understanding.opinions.rules import Rules
from huixiang.domain.understanding.opinions.scores import strict_f1
from huixiang.domain.understanding.opinions.tags import (
    ASPECT,
    BANK,
    OPINION,
    PRODUCT,
    Misfit,
    Span,
    marked,
    spans,
    tags_of,
)
from huixiang.domain.understanding.understander import Understander

RULES = Opinions()


def read(text: str) -> list[tuple[str, str, str]]:
    return [(said.aspect, said.opinion, said.polarity) for said in RULES.read([text])[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手续费太高", [("手续费", "太高", "negative")]),
        ("手续费不高", [("手续费", "不高", "positive")]),
        ("额度很高", [("额度", "很高", "positive")]),
        ("额度降了", [("额度", "降", "negative")]),
        ("贷款利率高", [("利率", "高", "negative")]),
        ("存款利率高", [("利率", "高", "positive")]),
        ("利率高", [("利率", "高", "neutral")]),
        ("利息多少", [("利息", "多少", "neutral")]),
        ("态度非常好，但是审批太慢", [("态度", "非常好", "positive"), ("审批", "太慢", "negative")]),
        ("客服呢，太慢了", [("客服", "太慢", "negative")]),
        ("太慢了", [("", "太慢", "negative")]),
        ("大家在银行排队", []),
        ("", []),
    ],
)
def test_the_same_word_is_praise_of_one_thing_and_blame_of_another(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert read(text) == expected


def test_an_opinion_names_its_bank_and_product_by_places_in_the_masked_text() -> None:
    text = "我13800138000，工行APP转账很方便"
    (said,) = Understander().read([text])[0].opinions
    masked = Understander().read([text])[0].masked
    places = {name: masked[start:end] for name, start, end in said.spans}
    assert places == {"bank": "工行", "product": "APP", "aspect": "转账", "opinion": "很方便"}
    assert (said.product, said.polarity) == ("app", "positive")


def test_a_bank_adds_its_own_words_and_takes_ours_away() -> None:
    own = Opinions("[产品]\n乐享卡\n[越低越好]\n乐享年费 # 新\n[褒]\n绝绝子\n[除外]\n闪退")
    assert own.read(["乐享卡的乐享年费高"])[0] == (
        Opinion("", "乐享卡", "乐享年费", "高", "negative", (("product", 0, 3), ("aspect", 4, 8), ("opinion", 8, 9))),
    )
    assert own.read(["绝绝子"])[0][0].polarity == "positive"
    assert not own.read(["闪退"])[0]


def test_the_banks_own_words_win_over_a_trained_reader() -> None:
    class Trained:
        """Takes the first two characters for a bank, and 闪退 for an opinion."""

        def spans(self, texts: Sequence[str]) -> list[list[Span]]:
            return self.plain_spans(texts)

        def plain_spans(self, plains: Sequence[str]) -> list[list[Span]]:
            return [[Span(0, 2, BANK), Span(2, 4, OPINION)] for _ in plains]

    own = Opinions("[产品]\n乐享卡\n[贬]\n卡死\n[除外]\n闪退", Trained())
    (found,) = own.read(["乐享卡总卡死"])[0]
    assert (found.bank, found.product, found.opinion, found.polarity) == ("", "乐享卡", "总卡死", "negative")
    assert not own.read(["甲行闪退"])[0]
    with pytest.raises(ValueError, match="不存在的节"):
        Dictionary.shipped("[不存在的节]\n词")


def test_the_shipped_words_stand_in_one_section_each() -> None:
    dictionary = Dictionary.shipped()
    assert dictionary.kinds["工行"] == BANK
    assert dictionary.kinds["房贷"] == PRODUCT
    assert dictionary.kinds["额度"] == ASPECT
    assert dictionary.kinds["太慢"] == OPINION
    assert all(word == plain(word) for word in dictionary.kinds)  # else it could never be found


def test_tags_and_spans_are_two_ways_to_say_the_same() -> None:
    tags = "B-BANK I-BANK O B-COMMENTS_N I-COMMENTS_N B-COMMENTS_N B-COMMENTS_ADJ"
    found = spans(tags_of(tags, "工行的额度额高"))
    assert found == [Span(0, 2, BANK), Span(3, 5, ASPECT), Span(5, 6, ASPECT), Span(6, 7, OPINION)]
    assert marked(found, 7) == tags.split()
    assert spans(["I-BANK", "I-PRODUCT", "O"]) == [Span(0, 1, BANK), Span(1, 2, PRODUCT)]
    with pytest.raises(Misfit, match="2 个字，1 个标签"):
        tags_of("O", "工行")
    with pytest.raises(Misfit, match="B-XX"):
        tags_of("O B-XX", "工行")


def test_only_the_same_borders_and_kind_count() -> None:
    gold = [[Span(0, 2, BANK)], [Span(0, 2, ASPECT), Span(2, 3, OPINION)]]
    told = [[Span(0, 2, BANK)], [Span(0, 3, ASPECT)]]
    whole, by_kind = strict_f1(gold, told)
    assert whole.value == pytest.approx(2 / 5)
    assert (whole.precision, whole.recall) == (pytest.approx(1 / 2), pytest.approx(1 / 3))
    assert whole.low <= whole.value <= whole.high
    assert by_kind[BANK].value == 1
    assert by_kind[ASPECT].value == 0
    assert np.isnan(by_kind[PRODUCT].value)
    with pytest.raises(ValueError, match="no text"):
        strict_f1([], [])


def texts() -> Iterator[tuple[str, list[Span]]]:
    """Made-up reviews with the spans a person would mark; 活动 is never marked, however often it stands there."""
    for bank, aspect, opinion in product(
        ("甲行", "乙行", "丙行"), ("额度", "利息", "年费", "审批"), ("高", "不错", "太慢")
    ):
        text = f"{bank}的{aspect}{opinion}，看看活动"
        yield text, [Span(0, 2, BANK), Span(3, 5, ASPECT), Span(5, 5 + len(opinion), OPINION)]


@pytest.fixture(scope="module")
def learned() -> Learned:
    some, gold = zip(*texts(), strict=True)
    empty = [""] * 6  # as many as fill a step of learning
    return training.train([*some, *empty], [*gold, *[[] for _ in empty]])


def test_a_reader_learns_to_mark_as_people_did(learned: Learned) -> None:
    unseen = "丁行的额度太慢，看看活动"
    (found,) = learned.spans([unseen])
    assert {Span(3, 5, ASPECT), Span(5, 7, OPINION)} <= set(found)
    assert not any(unseen[span.start : span.end] == "活动" for span in found)
    gold = [spans for _, spans in texts()]
    assert strict_f1(gold, learned.spans([text for text, _ in texts()]))[0].value > 0.95
    assert Opinions(reader=learned).read(["乙行的利息高"])[0][0].aspect == "利息"


def test_strange_texts_are_read_alone_and_among_others_alike(learned: Learned) -> None:
    odd = ["", "甲", "😀\0\ud800", "ＡＢ甲行的额度太慢", "甲行的额度高" * 40]
    assert learned.spans(odd) == [learned.spans([text])[0] for text in odd]
    assert learned.spans([]) == []


def test_the_product_s_own_lists_propose_words_that_nobody_marked(learned: Learned) -> None:
    asked = ["甲行的客服抠门", "", "甲行的额度高"]
    told = listed(asked)
    candidates = proposed(learned.network, asked, told)
    places = list(zip(*(part.tolist() for part in candidates[:4]), strict=True))
    assert (0, 5, 7, 3) in places, "抠门, an opinion"
    assert places == sorted(set(places))
    assert [len(spans) for spans in told] == [len(spans) for spans in Rules().spans(asked)]
    assert (strength("不抠门"), strength("甲")) == (strength("抠门"), 0.0)


def test_a_model_is_a_file_of_plain_data(learned: Learned) -> None:
    data = learned.dumps()
    asked = [text for text, _ in texts()]
    assert Learned.loads(data).spans(asked) == learned.spans(asked)
    astray = dataclasses.replace(learned.trees, left=learned.trees.left + 10**6)
    cut = learned.network.weights._replace(far=learned.network.weights.far[:, :-1])
    unfit = dataclasses.replace(learned, network=dataclasses.replace(learned.network, weights=cut))
    astray_too = dataclasses.replace(learned, trees=astray)
    for broken in (b"", b"PK\3\4 no", data[:500], astray_too.dumps(), unfit.dumps(), _pickled()):
        with pytest.raises(ValueError, match="not a model"):
            Learned.loads(broken)


def test_a_model_is_refused_where_the_table_that_it_learned_with_is_another(
    learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = learned.dumps()
    monkeypatch.setattr(vectors, "version", lambda: "of another release")
    with pytest.raises(ValueError, match="other vectors of words: train it again"):
        Learned.loads(written)


def _pickled() -> bytes:
    file = io.BytesIO()
    np.savez(file, about=np.array([{"form": 1}], object))
    return file.getvalue()


def test_too_little_is_told_before_anything_is_learned() -> None:
    with pytest.raises(ValueError, match="at least 20 texts"):
        training.train(["工行好"], [[Span(0, 2, BANK)]])
    with pytest.raises(ValueError, match="0 spans"):
        training.train(["工行好"] * 30, [[]] * 30)


def test_a_long_text_takes_time_in_proportion() -> None:
    (said,) = RULES.read(["审批太慢" * 10_000])
    assert len(said) == 10_000
    assert said[-1].spans == (("aspect", 39_996, 39_998), ("opinion", 39_998, 40_000))
