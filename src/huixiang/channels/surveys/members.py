"""Which answers does a quota count? LimeSurvey lists them: any of one question, of several questions all."""

from __future__ import annotations

from huixiang.channels.surveys.equations import Unwritable
from huixiang.channels.surveys.types import form_of
from huixiang.domain.surveys.answering import POINTS, points_of
from huixiang.domain.surveys.conditions import All, Compare, Condition, Operator, Some
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire

LONGEST = 11  # characters of a member's code
COUNTED = ("A", "B")  # of the matrices LimeSurvey counts only those of fixed scales


def members_of(when: Condition | None, questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Question's code and answer's code of each. Raises Unwritable for what cannot be listed so."""
    if when is None:
        return []
    told = [_of(part, questionnaire) for part in (when.parts if isinstance(when, All) else (when,))]
    questions = [{code for code, _value in each} for each in told]
    if any(len(each) != 1 for each in questions) or len(set().union(*questions)) < len(questions):
        raise Unwritable("…")
    return [member for each in told for member in each]


def _of(condition: Condition, questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """The members that say this of one question."""
    if isinstance(condition, Some):
        return [member for part in condition.parts for member in _of(part, questionnaire)]
    if not isinstance(condition, Compare):
        raise Unwritable("…")
    question = _question(questionnaire, condition.question)
    codes = [f"{condition.row}-{code}" if condition.row else code for code in _codes(condition, question)]
    if not codes or any(len(code) > LONGEST or code == "other" for code in codes):
        raise Unwritable(question.code)
    return [(question.code, code) for code in codes]


def _codes(compare: Compare, question: Question) -> list[str]:
    if question.kind in POINTS:
        bounds = {Operator.AT_LEAST: int.__ge__, Operator.AT_MOST: int.__le__, Operator.IS: int.__eq__}
        if compare.operator not in bounds or not isinstance(compare.value, int):
            raise Unwritable(question.code)
        return [str(point) for point in points_of(question) if bounds[compare.operator](point, compare.value)]
    if question.kind is Kind.MATRIX and form_of(question).type not in COUNTED:
        raise Unwritable(question.code)
    wanted = Operator.INCLUDES if question.kind is Kind.MULTIPLE else Operator.IS
    known = [choice.code for choice in question.choices]
    values = compare.value if isinstance(compare.value, tuple) else (compare.value,)
    is_listed = compare.operator is wanted or (compare.operator is Operator.ONE_OF and wanted is Operator.IS)
    if not is_listed or any(value not in known for value in values):
        raise Unwritable(question.code)
    return [str(value) for value in values]


def _question(questionnaire: Questionnaire, code: str) -> Question:
    try:
        return questionnaire.question(code)
    except KeyError:
        raise Unwritable(code) from None
