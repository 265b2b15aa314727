"""When is a question shown? A condition over what was answered before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# What one question was answered with. NPS, CSAT, CES: a whole number. Single: a choice's code. Multiple and rank:
# codes, of a rank the best first. Matrix: row's code → choice's code. Text: the words. Date: "2026-11-28".
# The words beside an open choice ("其他，请注明") stand under "question:choice".
Value = int | str | list[str] | dict[str, str]
Answers = Mapping[str, Value]


class Operator(StrEnum):
    """How is an answer compared?"""

    IS = "is"
    IS_NOT = "is_not"  # answered, and otherwise
    ONE_OF = "one_of"
    INCLUDES = "includes"  # of several choices, this one
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Compare:
    """One answer compared with a value. Of a question not answered, only `unanswered` holds."""

    question: str
    operator: Operator
    value: int | str | tuple[str, ...] = ""
    row: str = ""  # of a matrix


@dataclass(frozen=True, slots=True)
class All:
    """Holds where each part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Holds where one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the part does not."""

    part: Condition


Condition = Compare | All | Some | Not


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Is it so, by these answers? No condition always holds."""
    match condition:
        case None:
            return True
        case All(parts):
            return all(holds(part, answers) for part in parts)
        case Some(parts):
            return any(holds(part, answers) for part in parts)
        case Not(part):
            return not holds(part, answers)
        case Compare():
            return _compared(condition, answers)


def questions_in(condition: Condition | None) -> Iterator[str]:
    """Which questions' answers decide?"""
    match condition:
        case Compare(question=question):
            yield question
        case All(parts) | Some(parts):
            for part in parts:
                yield from questions_in(part)
        case Not(part):
            yield from questions_in(part)


def _compared(compare: Compare, answers: Answers) -> bool:
    given: object = answers.get(compare.question)
    if compare.row:
        given = given.get(compare.row) if isinstance(given, dict) else None
    is_answered = given not in (None, "", [], {})
    if compare.operator is Operator.UNANSWERED:
        return not is_answered
    return is_answered and _TESTS[compare.operator](given, compare.value)


def _ordered(given: object, wanted: object) -> bool:
    """Numbers with numbers, and dates (as ISO text) with dates."""
    return type(given) is type(wanted) and isinstance(given, int | str)


_TESTS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.ANSWERED: lambda given, wanted: True,
    Operator.IS: lambda given, wanted: bool(given == wanted),
    Operator.IS_NOT: lambda given, wanted: bool(given != wanted),
    Operator.ONE_OF: lambda given, wanted: isinstance(wanted, tuple) and given in wanted,
    Operator.INCLUDES: lambda given, wanted: isinstance(given, list) and wanted in given,
    Operator.AT_LEAST: lambda given, wanted: _ordered(given, wanted) and given >= wanted,
    Operator.AT_MOST: lambda given, wanted: _ordered(given, wanted) and given <= wanted,
}
