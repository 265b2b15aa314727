"""Two questions about one feature: which can be two such, and what do their answers stand for?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from huixiang.domain.surveys.kano_pairs import ANSWERS, answers_of, first_twins, fitting, twins
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Section
from huixiang.domain.surveys.small_cells import sums_tell

MADE = twins({"zh": "网上取号", "en": "tickets online"}, ("q1", "q2"))


def five(code: str, *codes: str, kind: Kind = Kind.SINGLE) -> Question:
    return Question(code, kind, {"zh": code}, choices=tuple(Choice(each, {"zh": each}) for each in codes))


def test_both_questions_speak_chinese_and_english_and_any_other_language_asks_in_english() -> None:
    assert MADE.functional.wording["zh"] == "如果有“网上取号”，您觉得怎么样？"
    assert MADE.dysfunctional.wording["en"] == "If there were no “tickets online”, how would you feel?"
    assert set(MADE.functional.choices[0].wording) == {"zh", "en"}
    other = twins({"fr": "tickets en ligne"}, ("a", "b")).functional
    assert other.wording["fr"].startswith("If there were “tickets en ligne”")
    assert other.choices[4].wording["fr"] == "I dislike it"


def test_codes_tell_which_answer_is_which_and_else_their_order() -> None:
    turned = replace(MADE.functional, choices=MADE.functional.choices[::-1])
    assert answers_of(turned) == {code: code for code in ANSWERS}
    assert answers_of(five("x", "1", "2", "3", "4", "5")) == dict(zip("12345", ANSWERS, strict=True))
    open_ = replace(MADE.functional, choices=(*MADE.functional.choices[:4], Choice("x", {"zh": "其他"}, is_open=True)))
    unfit = [five("y", "1", "2"), five("z", *"12345", kind=Kind.MULTIPLE), open_]
    assert not [each for each in unfit if answers_of(each)]
    asked = Questionnaire({"zh": "x"}, (Section("s", {}, (five("x", *"12345"), *unfit[:2], *MADE)),))
    assert [each.code for each in fitting(asked)] == ["x", "q1", "q2"]
    assert first_twins(asked) == MADE
    assert first_twins(Questionnaire({"zh": "x"}, (Section("s", {}, MADE[:1]), Section("t", {}, MADE[1:])))) is None


def test_a_sum_tells_what_is_hidden_where_one_cell_or_a_few_people_are_left() -> None:
    counts = np.array([[20, 3, 8], [3, 30, 9], [9, 9, 40]])
    hidden = counts < 10
    rows = [np.repeat([[place == 0], [place == 1], [place == 2]], 3, 1) for place in range(3)]
    assert not sums_tell(counts, hidden, rows, 10), "the sums of rows are known anyway"
    corner = np.zeros((3, 3), bool)
    corner[0, 1] = True
    assert sums_tell(counts, hidden, [corner], 10)
    corner[1, 0] = True
    assert sums_tell(counts, hidden, [corner], 10), "six people in two cells"
    corner[1, 0], corner[0, 2] = False, True
    assert not sums_tell(counts, hidden, [corner], 10), "all that the first row hides"
    corner[2, 0] = True
    assert sums_tell(counts, hidden, [corner], 10), "less the first row it is one cell"
    assert not sums_tell(counts + 20, counts < 0, [corner], 10)
