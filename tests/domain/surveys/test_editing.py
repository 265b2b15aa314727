"""A questionnaire is built place by place, and what was said of a place goes with it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from huixiang.domain.surveys import editing
from huixiang.domain.surveys.changes import changes
from huixiang.domain.surveys.checking import problems
from huixiang.domain.surveys.lines import from_lines, to_lines
from huixiang.domain.surveys.plain import from_plain, to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire
from huixiang.domain.surveys.wordings import with_words, words_of
from tests.domain.surveys import making


@settings(max_examples=30, deadline=None)
@given(making.questionnaires())
def test_written_down_and_read_again_it_is_the_same(written: Questionnaire) -> None:
    assert from_plain(to_plain(written)) == written
    assert changes(written, written) == ()


def test_a_question_moves_over_the_edge_of_its_page() -> None:
    written = making.visit()
    down = editing.moved(written, "why", 1)
    assert [[q.code for q in s.questions] for s in down.sections][:2] == [["helped"], ["why", "nps", "on"]]
    assert editing.moved(down, "why", -1) == written
    assert editing.moved(written, "helped", -1) == written


def test_called_otherwise_it_is_known_by_its_new_name() -> None:
    written = making.visit()
    made = editing.with_changed(written, "helped", replace(written.question("helped"), code="done"))
    assert problems(made) == ()
    told = [(change.kind, change.place, change.deed) for change in changes(written, made)]
    assert ("question", "done", "added") in told
    assert ("question", "why", "changed") in told
    assert ("question", "helped", "removed") in told


def test_choices_are_written_one_a_line() -> None:
    reasons = making.visit().question("why").choices
    assert to_lines(reasons, "zh") == "queue = 排队\nwords = 听不懂\nother = 其他 [可填写]"
    assert from_lines(to_lines(reasons, "zh"), "zh", reasons) == reasons
    made = from_lines("听不懂\n\n没有座位\n queue ＝ 等得久【固定】", "zh", reasons)
    assert [(each.code, each.wording["zh"], each.is_fixed) for each in made] == [
        ("words", "听不懂", False),
        ("c1", "没有座位", False),
        ("queue", "等得久", True),
    ]


def test_languages_stand_side_by_side() -> None:
    written = replace(making.visit(), languages=("zh", "en"))
    english = {words.key: f"en {words.key}" for words in words_of(written)}
    made = with_words(written, "en", english)
    assert problems(made) == ()
    assert not any(words.lacks("en") for words in words_of(made))
    assert with_words(made, "en", dict.fromkeys(english, "")) == written
