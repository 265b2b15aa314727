"""Which answers does a quota count? LimeSurvey lists them: any of one column of its answers, of several columns all.

Each choice of a multiple question, and each row of a matrix, has a column of its own (LimeSurvey's Quota.php).
"""

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
    columns = [{column for column, _code in each} for each in told]
    if any(len(each) != 1 for each in columns) or len(set().union(*columns)) < len(columns):
        raise Unwritable("…")
    return [(question, code) for each in told for (question, _own), code in each]


def _of(condition: Condition, questionnaire: Questionnaire) -> list[tuple[tuple[str, str], str]]:
    """The members that say this, each with its column."""
    if isinstance(condition, Some):
        return [member for part in condition.parts for member in _of(part, questionnaire)]
    if not isinstance(condition, Compare):
        raise Unwritable("…")
    question = _question(questionnaire, condition.question)
    codes = [f"{condition.row}-{code}" if condition.row else code for code in _codes(condition, question)]
    if not codes or any(len(code) > LONGEST or code == "other" for code in codes):
        raise Unwritable(question.code)
    is_multiple = question.kind is Kind.MULTIPLE
    return [((question.code, code if is_multiple else condition.row), code) for code in codes]


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
