"""Which of the given answers count, and what is wrong with the others?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from huixiang.domain.surveys.conditions import Answers, Value, holds
from huixiang.domain.surveys.flow import Way, way_through
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire

LONGEST_TEXT = 2000  # characters, where the question sets no other end
LONGEST_BESIDE = 200  # of the words beside an open choice
POINTS = {Kind.NPS: 10, Kind.CSAT: 5, Kind.CES: 7}


class Reason(StrEnum):
    """Why is an answer refused?"""

    REQUIRED = "required"  # nothing was given
    INCOMPLETE = "incomplete"  # of a matrix, a row; of a ranking, a place
    NOT_A_CHOICE = "not_a_choice"
    OUT_OF_SCALE = "out_of_scale"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TWICE = "twice"  # ranked twice
    EXCLUSIVE = "exclusive"  # "none of these", and one of these
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_A_DATE = "not_a_date"
    MALFORMED = "malformed"  # another form than this kind's


@dataclass(frozen=True, slots=True)
class Refusal:
    """One answer that does not count, and the bound it broke where there is one."""

    question: str
    reason: Reason
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """What counts."""

    answers: dict[str, Value]
    refused: tuple[Refusal, ...]  # in the order of the questions
    way: Way
    dropped: tuple[str, ...]  # given, but for questions that are not shown or not there

    @property
    def shown(self) -> tuple[str, ...]:
        return self.way.shown


class _Wrong(ValueError):
    def __init__(self, reason: Reason, bound: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.bound = reason, bound


def accepted(questionnaire: Questionnaire, answers: Answers, seed: str = "") -> Accepted:
    """Which answers count, and what is refused?

    What is refused counts as not answered, so it decides nothing. Hidden questions' answers are dropped: who goes
    back and changes her mind leaves nothing behind. Refusals of questions that are not shown are none.
    """
    sound: dict[str, Value] = {}
    wrong: dict[str, Refusal] = {}
    for question in questionnaire.questions():
        try:
            sound |= _read(question, answers)
        except _Wrong as found:
            wrong[question.code] = Refusal(question.code, found.reason, found.bound)
    way = way_through(questionnaire, sound, seed)
    asked = [questionnaire.question(code) for code in way.shown]
    refused = [
        wrong.get(question.code) or Refusal(question.code, Reason.REQUIRED)
        for question in asked
        if question.code in wrong or (question.is_required and question.code not in way.answers)
    ]
    known_wrong = {refusal.question for refusal in refused}
    dropped = [code for code in answers if code not in way.answers and code.split(":")[0] not in known_wrong]
    return Accepted(way.answers, tuple(refused), way, tuple(dropped))


def quotas_counting(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Which quotas does this customer take a place of?"""
    return tuple(quota.code for quota in questionnaire.quotas if holds(quota.when, answers))


def points_of(question: Question) -> tuple[int, ...]:
    """The numbers that may be chosen: NPS 0 to 10, CSAT and CES 1 to their most."""
    if question.kind is Kind.NPS:
        return tuple(range(11))
    return tuple(range(1, (question.most or POINTS[question.kind]) + 1))


def _read(question: Question, answers: Answers) -> dict[str, Value]:
    """This question's answer in its one form, with the words beside; {} where nothing was given. Raises _Wrong."""
    given = answers.get(question.code)
    if given in (None, "", [], {}) or (isinstance(given, str) and not given.strip()):
        return {}
    assert given is not None
    read = {question.code: _READERS[question.kind](question, given)}
    for choice in question.choices:
        beside = answers.get(f"{question.code}:{choice.code}")
        if choice.is_open and isinstance(beside, str) and beside.strip():
            read[f"{question.code}:{choice.code}"] = _cleaned(beside)[:LONGEST_BESIDE]
    return read


def _scale(question: Question, given: Value) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise _Wrong(Reason.MALFORMED)
    points = points_of(question)
    if given not in points:
        raise _Wrong(Reason.OUT_OF_SCALE, points[-1])
    return given


def _single(question: Question, given: Value) -> str:
    if not isinstance(given, str):
        raise _Wrong(Reason.MALFORMED)
    if given not in {choice.code for choice in question.choices}:
        raise _Wrong(Reason.NOT_A_CHOICE)
    return given


def _listed(question: Question, given: Value) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(part, str) for part in given):
        raise _Wrong(Reason.MALFORMED)
    if set(given) - {choice.code for choice in question.choices}:
        raise _Wrong(Reason.NOT_A_CHOICE)
    return given


def _multiple(question: Question, given: Value) -> list[str]:
    """The chosen ones in the questionnaire's order: in which order they were clicked means nothing."""
    chosen = set(_listed(question, given))
    taken = [choice for choice in question.choices if choice.code in chosen]
    if any(choice.is_exclusive for choice in taken):
        if len(taken) > 1:
            raise _Wrong(Reason.EXCLUSIVE)
    elif question.least and len(taken) < question.least:
        raise _Wrong(Reason.TOO_FEW, question.least)
    if question.most and len(taken) > question.most:
        raise _Wrong(Reason.TOO_MANY, question.most)
    return [choice.code for choice in taken]


def _rank(question: Question, given: Value) -> list[str]:
    """The best first. All are ranked, where the question does not say how few will do or how many there are."""
    ranked = _listed(question, given)
    if len(set(ranked)) < len(ranked):
        raise _Wrong(Reason.TWICE)
    needed, most = places_of(question)
    if len(ranked) < needed:
        raise _Wrong(Reason.INCOMPLETE, needed)
    if len(ranked) > most:
        raise _Wrong(Reason.TOO_MANY, most)
    return list(ranked)


def places_of(question: Question) -> tuple[int, int]:
    """Of a ranking, how many places must be filled, and how many may?"""
    most = min(question.most or len(question.choices), len(question.choices))
    return min(question.least or most, most), most


def _matrix(question: Question, given: Value) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _Wrong(Reason.MALFORMED)
    filled = {row.code: given[row.code] for row in question.rows if given.get(row.code)}
    if set(given) - {row.code for row in question.rows}:
        raise _Wrong(Reason.NOT_A_CHOICE)
    codes = {choice.code for choice in question.choices}
    if not all(isinstance(choice, str) and choice in codes for choice in filled.values()):
        raise _Wrong(Reason.NOT_A_CHOICE)
    if question.is_required and len(filled) < len(question.rows):
        raise _Wrong(Reason.INCOMPLETE, len(question.rows))
    return filled


def _text(question: Question, given: Value) -> str:
    if not isinstance(given, str):
        raise _Wrong(Reason.MALFORMED)
    words = _cleaned(given)
    if len(words) < question.least:
        raise _Wrong(Reason.TOO_SHORT, question.least)
    if len(words) > (most := question.most or LONGEST_TEXT):
        raise _Wrong(Reason.TOO_LONG, most)
    return words


def _date(question: Question, given: Value) -> str:
    try:
        day = dt.date.fromisoformat(given.strip() if isinstance(given, str) else "")
    except ValueError:
        raise _Wrong(Reason.NOT_A_DATE) from None
    if not 1900 <= day.year <= 2199:
        raise _Wrong(Reason.NOT_A_DATE)
    return day.isoformat()


def _cleaned(words: str) -> str:
    """Line ends as one, no control characters: a NUL is refused by PostgreSQL and drawn by nobody."""
    unified = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in unified if mark == "\n" or category(mark) not in ("Cc", "Cs")).strip()


_READERS: Mapping[Kind, Callable[[Question, Value], Value]] = {
    Kind.NPS: _scale,
    Kind.CSAT: _scale,
    Kind.CES: _scale,
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.MATRIX: _matrix,
    Kind.RANK: _rank,
    Kind.TEXT: _text,
    Kind.DATE: _date,
}
