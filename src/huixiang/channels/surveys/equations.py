"""How does LimeSurvey say when something is shown? Our conditions as its equations, which `relevance` reads again."""

from __future__ import annotations

from collections.abc import Iterable

from huixiang.channels.surveys.relevance import LONGEST, NUMBERED
from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some
from huixiang.domain.surveys.questionnaire import END, Kind, Question, Questionnaire


class Unwritable(ValueError):
    """LimeSurvey's equations cannot say it; the message is the code of the question it hangs on."""


def equation_of(condition: Condition | None, questionnaire: Questionnaire) -> str:
    """The equation; "1" always holds. Raises Unwritable."""
    made = "1" if condition is None else _told(condition, questionnaire)
    if len(made) > LONGEST:
        raise Unwritable("…")
    return made


def without_skips(questionnaire: Questionnaire) -> list[Condition | None]:
    """When is each section shown, if there were no skips? LimeSurvey has none: who would be led past it, is not asked.

    A skip counts only where its own section was shown, and only the first that holds: so does `flow`.
    """
    order = {section.code: index for index, section in enumerate(questionnaire.sections)} | {
        END: len(questionnaire.sections)
    }
    shown: list[Condition | None] = []
    for index, section in enumerate(questionnaire.sections):
        past: list[Condition] = []
        for before in range(index):
            earlier: list[Condition] = []
            for skip in questionnaire.skips:
                if order.get(skip.after) != before or order.get(skip.to, -1) <= before:
                    continue
                if order[skip.to] > index:
                    guard = shown[before]
                    past.append(All((*([guard] if guard else ()), *map(Not, earlier), skip.when)))
                earlier.append(skip.when)
        parts = [*([section.shown_if] if section.shown_if else ()), *map(Not, past)]
        shown.append(All(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None)
    return shown


def _told(condition: Condition, questionnaire: Questionnaire) -> str:
    match condition:
        case All(parts):
            return _joined((_told(part, questionnaire) for part in parts), "and") if parts else "1"
        case Some(parts):
            if not parts:
                raise Unwritable("…")
            return _joined((_told(part, questionnaire) for part in parts), "or")
        case Not(part):
            return f"!({_told(part, questionnaire)})"
        case Compare():
            return _compared(condition, questionnaire.question(condition.question))


def _compared(compare: Compare, question: Question) -> str:
    if question.kind is Kind.MULTIPLE:
        return _of_several(compare, question)
    if question.kind is Kind.MATRIX and not compare.row:
        return _of_rows(compare, question)
    if question.kind is Kind.RANK:
        raise Unwritable(question.code)
    return _of_one(compare, question, f"{question.code}_{compare.row}.NAOK" if compare.row else f"{question.code}.NAOK")


def _of_one(compare: Compare, question: Question, name: str) -> str:
    """One value: of a question, or of a matrix row."""
    value, is_ordered = compare.value, question.kind in (*NUMBERED, Kind.DATE)
    match compare.operator:
        case Operator.ANSWERED:
            made = f'{name} != ""'
        case Operator.UNANSWERED:
            made = f"is_empty({name})"
        case Operator.IS:
            made = f"{name} == {_literal(value, question)}"
        case Operator.IS_NOT:
            made = f'({name} != "" and {name} != {_literal(value, question)})'
        case Operator.ONE_OF if isinstance(value, tuple) and value:
            made = _joined((f"{name} == {_literal(each, question)}" for each in value), "or")
        case Operator.AT_LEAST | Operator.AT_MOST if is_ordered:
            made = f"{name} {'>=' if compare.operator is Operator.AT_LEAST else '<='} {_literal(value, question)}"
        case _:
            raise Unwritable(question.code)
    return made


def _of_rows(compare: Compare, question: Question) -> str:
    """A whole matrix is answered where one of its rows is."""
    if compare.operator not in (Operator.ANSWERED, Operator.UNANSWERED):
        raise Unwritable(question.code)
    any_row = _joined((f'{question.code}_{row.code}.NAOK != ""' for row in question.rows), "or")
    return any_row if compare.operator is Operator.ANSWERED else f"!({any_row})"


def _of_several(compare: Compare, question: Question) -> str:
    def chosen(code: str) -> str:
        return f'{question.code}_other.NAOK != ""' if code == "other" else f'{question.code}_{code}.NAOK == "Y"'

    if compare.operator is Operator.INCLUDES and isinstance(compare.value, str):
        return chosen(compare.value)
    if compare.operator in (Operator.ANSWERED, Operator.UNANSWERED):
        any_one = _joined((chosen(choice.code) for choice in question.choices), "or")
        return any_one if compare.operator is Operator.ANSWERED else f"!({any_one})"
    raise Unwritable(question.code)


def _literal(value: int | str | tuple[str, ...], question: Question) -> str:
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or ('"' in value and "'" in value):  # its strings know no escapes
        raise Unwritable(question.code)
    if question.kind is Kind.SINGLE and value == "other":
        return '"-oth-"'
    return f"'{value}'" if '"' in value else f'"{value}"'


def _joined(parts: Iterable[str], sign: str) -> str:
    listed = list(parts)
    return listed[0] if len(listed) == 1 else f"({f' {sign} '.join(listed)})"
