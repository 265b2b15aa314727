"""Which answers make one doubt? Thresholds by the sources named in docs/methods/survey-trust.md."""

from __future__ import annotations

import pytest

from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section
from huixiang.domain.surveys.trust import least_seconds, speeds, straight_lines

ROWS = tuple(Choice(code, {"zh": code}) for code in "abcde")


def asked(*questions: Question) -> Questionnaire:
    return Questionnaire({"zh": "问卷"}, (Section("one", {}, questions),))


def matrix(code: str, rows: int = 5) -> Question:
    return Question(code, Kind.MATRIX, {"zh": "请打分"}, rows=ROWS[:rows], choices=ROWS)


def test_one_line_down_a_long_battery_is_marked_and_down_a_short_one_is_an_opinion() -> None:
    line = dict.fromkeys("abcde", "a")
    assert straight_lines(asked(matrix("m")), {"m": line})
    assert not straight_lines(asked(matrix("m")), {"m": line | {"c": "b"}})
    assert not straight_lines(asked(matrix("m", 4)), {"m": dict.fromkeys("abcd", "a")})
    two = asked(matrix("m"), matrix("n"))
    assert straight_lines(two, {"m": line, "n": dict.fromkeys("abcde", "b")})
    assert not straight_lines(two, {"m": line, "n": line | {"a": "e"}}), "one that was thought about clears the other"


@pytest.mark.parametrize(("kinds", "is_line"), [([Kind.CSAT] * 5, True), ([Kind.CSAT] * 4 + [Kind.CES], False)])
def test_scale_questions_in_a_row_are_a_battery_too(kinds: list[Kind], *, is_line: bool) -> None:
    questions = [Question(f"q{place}", kind, {"zh": "满意吗？"}) for place, kind in enumerate(kinds)]
    assert straight_lines(asked(*questions), {question.code: 5 for question in questions}) is is_line


def test_reading_takes_time_and_what_was_not_shown_takes_none() -> None:
    long = Question("q", Kind.TEXT, {"zh": "您" * 255, "en": "one two three four five"})
    questionnaire = asked(long, Question("hidden", Kind.TEXT, {"zh": "您" * 999}))
    assert least_seconds(questionnaire, ["q"], "zh") == pytest.approx(158 * 0.3), "255 characters are 158 words"
    assert least_seconds(questionnaire, ["q"], "en") == pytest.approx(1.5)


def test_twice_as_fast_as_the_one_in_the_middle_is_too_fast() -> None:
    assert speeds(10, least=11, median=None)
    assert not speeds(12, least=11, median=None)
    assert speeds(29, least=11, median=60)
    assert not speeds(30, least=11, median=60)
