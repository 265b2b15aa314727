"""How does a page without scripts carry an answer? By plain form fields, whose names and meaning stand here alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from huixiang.domain.surveys.answering import POINTS
from huixiang.domain.surveys.conditions import Value
from huixiang.domain.surveys.questionnaire import Kind, Question

Fields = Callable[[str], list[str]]  # all values sent under a name: QueryDict.getlist


def field_name(question: Question, part: str = "") -> str:
    """The field's name: of a matrix with the row, of a ranking with the place (1 is the best)."""
    return f"q-{question.code}" + (f".{part}" if part else "")


def beside_name(question: Question, choice: str) -> str:
    """The name of the field for the words beside an open choice."""
    return f"q-{question.code}:{choice}"


def answers_in(questions: Iterable[Question], fields: Fields) -> dict[str, Value]:
    """What was answered on a page with these questions. Forms alone are read here; `accepted` says what is sound."""
    answers: dict[str, Value] = {}
    for question in questions:
        if (value := _read(question, fields)) not in ("", [], {}):
            answers[question.code] = value
        for choice in question.choices:
            if choice.is_open and (words := _one(fields(beside_name(question, choice.code)))):
                answers[f"{question.code}:{choice.code}"] = words
    return answers


def _read(question: Question, fields: Fields) -> Value:
    name = field_name(question)
    if question.kind is Kind.MULTIPLE:
        return [value for value in fields(name) if value]
    if question.kind is Kind.MATRIX:
        marked = {row.code: _one(fields(field_name(question, row.code))) for row in question.rows}
        return {row: choice for row, choice in marked.items() if choice}
    if question.kind is Kind.RANK:
        return _ranked(question, fields)
    value = _one(fields(name))
    is_number = question.kind in POINTS and value.isascii() and value.isdigit() and len(value) < 4
    return int(value) if is_number else value


def _ranked(question: Question, fields: Fields) -> list[str]:
    """One choice for each place, the best first; a place left empty is left out."""
    places = (_one(fields(field_name(question, str(place)))) for place in range(1, len(question.choices) + 1))
    return [choice for choice in places if choice]


def _one(values: list[str]) -> str:
    return values[-1] if values else ""
