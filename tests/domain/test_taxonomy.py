"""Which matters does a text touch, by which words, and when does the reader admit that he does not know?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.understanding.book import BOOKS, Book, BookError, parse, shipped, shipped_text
from huixiang.domain.understanding.contract import Sentiment, Topic
from huixiang.domain.understanding.cues import Cues, PatternError
from huixiang.domain.understanding.lint import lint
from huixiang.domain.understanding.reading import Reader, Stretches

Parts = list[tuple[int, int]]
CALM = Sentiment(0.1, 0.8, 0.1)
READER = Reader()
SMALL = """
[book]
book = "taxonomy"
name = "小树"
english = "A small tree"
version = "1"
source = "试"
[[node]]
code = "Q"
name = "等候"
english = "Waiting"
source = "试"
since = 2024-01-01
until = 2026-01-01
sure = ["排队"]
hint = ["久", "人多"]
unless = ["不用排队"]
"""


def topics(text: str, reader: Reader = READER) -> tuple[Topic, ...]:
    (found,) = reader.read([text], [CALM])
    return found.topics


def unknown(text: str, reader: Reader = READER) -> str:
    (found,) = reader.read([text], [CALM])
    assert bool(found.topics) != bool(found.topics_unknown)
    return found.topics_unknown


@pytest.fixture(scope="module")
def small() -> Reader:
    return Reader(taxonomy=parse(SMALL))


def test_a_complaint_has_channel_business_and_cause_each_with_its_words() -> None:
    found = {topic.code: topic.why for topic in topics("在柜台办信用卡,年费没人说清楚,态度恶劣")}
    assert found["A.front.premises"] == ("柜台",)
    assert found["B.card.credit"] == ("信用卡", "年费")
    assert "C.pricing" in found
    assert found["C.service"] == ("态度恶劣",)


def test_the_node_below_speaks_for_the_one_above() -> None:
    codes = [topic.code for topic in topics("线上申请,手机银行闪退")]
    assert "A.front.electronic.mobile" in codes
    assert "A.front.electronic" not in codes


def test_probability_is_noisy_or_over_distinct_words(small: Reader) -> None:
    assert topics("排队,排队,还是排队", small) == (Topic("Q", pytest.approx(0.9), ("排队",)),)
    assert topics("久,人多", small) == (Topic("Q", pytest.approx(1 - 0.6 * 0.6), ("人多", "久")),)


def test_not_knowing_is_told_with_its_reason(small: Reader) -> None:
    assert unknown("", small) == "empty"
    assert unknown("天气不错", small) == "no_cue"
    assert unknown("好久", small) == "weak"
    assert unknown("不用排队", small) == "no_cue", "what unless covers does not count"


def test_a_voice_is_read_by_the_tree_of_its_day() -> None:
    book = parse(SMALL)
    assert [len(book.on(day).nodes) for day in (date(2023, 12, 31), date(2024, 1, 1), date(2026, 1, 1))] == [0, 1, 0]


def test_a_bridge_stays_in_its_clause_and_a_long_one_in_its_sentence() -> None:
    cues = Cues(["等…久", "要求……退款"])
    assert [found[1:] for found in cues.find("等了好久")] == [(0, 4)]
    assert cues.find("等了,好久") == cues.find("等了一二三四五六七八久") == []
    assert len(cues.find("要求你们,按照规定,退款")) == 1
    assert cues.find("要求不高。退款很快") == []


@pytest.mark.parametrize(("pattern", "reason"), [("(甲|乙", "brackets"), ("甲…", "empty"), ("(甲|)", "empty")])
def test_a_pattern_that_cannot_be_read_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        Cues([pattern])
    assert caught.value.reason == reason


@pytest.mark.parametrize("name", BOOKS)
def test_the_books_that_come_with_the_product_keep_their_own_examples(name: str) -> None:
    problems = lint(shipped_text(name))
    assert {problem.reason for problem in problems} <= {"unsure"}
    assert all(problem.warning for problem in problems)


def test_the_tree_has_the_standards_classes_and_invents_no_number() -> None:
    book: Book = shipped("taxonomy")
    top = [node.code for node in book.nodes if node.parent == "B"]
    assert len(top) == 14
    causes = [node for node in book.nodes if node.parent == "C" and not node.unsure]
    assert len(causes) == 12
    assert not any(node.official_code for node in book.nodes)


def test_all_that_is_wrong_is_told_at_once() -> None:
    broken = SMALL.replace('code = "Q"', 'code = "P.Q"').replace("2026-01-01", "2023-01-01").replace('"久"', '"(久"')
    with pytest.raises(BookError) as caught:
        parse(broken + 'color = "red"\n')
    assert {problem.reason for problem in caught.value.problems} == {"unknown_key", "pattern_brackets"}
    with pytest.raises(BookError) as caught:
        parse(broken.replace('"(久"', '"久"'))
    assert {problem.reason for problem in caught.value.problems} == {"parent", "dates"}


def test_a_broken_example_is_an_error() -> None:
    (problem,) = lint(SMALL + 'examples = ["停车难"]\n')
    assert (problem.reason, problem.node, problem.warning) == ("example", "Q", False)


@settings(max_examples=40)
@given(st.text(alphabet="我要投诉银保监会不想活了排队…(|)?！12378app ", max_size=40))
def test_reading_never_fails_and_reasons_stand_in_the_text(text: str) -> None:
    (found,) = READER.read([text], [CALM])
    for told in (*found.topics, *found.risks, found.kind):
        assert 0 < told.probability <= 1
        assert all(why in text for why in told.why)


PARTS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)).map(lambda part: (part[0], sum(part))), max_size=12)


@settings(max_examples=60)
@given(PARTS, PARTS)
def test_what_unless_covers_is_looked_up_as_if_each_part_were_compared(parts: Parts, asked: Parts) -> None:
    joined = Stretches(parts)  # a text of one repeated word must not take the square of its length
    for start, end in asked:
        assert joined.touch(start, end) == any(start < last and first < end for first, last in parts)
