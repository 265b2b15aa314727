"""What must be put right before a questionnaire is published? Each problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from huixiang.domain.surveys import reaching
from huixiang.domain.surveys.answering import LONGEST_TEXT, points_of
from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some
from huixiang.domain.surveys.piping import questions_piped
from huixiang.domain.surveys.questionnaire import END, Choice, Kind, Question, Questionnaire, Wording

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
CHOICE = re.compile(r"[A-Za-z0-9_]{1,40}")  # of choices and rows: a form field's name is made of it
MOST_QUESTIONS = 200
MOST_CHOICES = 100
_CHOSEN = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANK, Kind.MATRIX)
_LISTED = (Kind.MULTIPLE, Kind.RANK)
_SCALED = (Kind.CSAT, Kind.CES)
_NUMBERED = (Kind.NPS, *_SCALED)
_FITTING = {
    Operator.INCLUDES: _LISTED,
    Operator.AT_LEAST: (*_NUMBERED, Kind.DATE),
    Operator.AT_MOST: (*_NUMBERED, Kind.DATE),
    Operator.ONE_OF: (Kind.SINGLE, Kind.MATRIX, Kind.TEXT, Kind.DATE),
    Operator.IS: (*_NUMBERED, Kind.SINGLE, Kind.MATRIX, Kind.TEXT, Kind.DATE),
    Operator.IS_NOT: (*_NUMBERED, Kind.SINGLE, Kind.MATRIX, Kind.TEXT, Kind.DATE),
}


class Trouble(StrEnum):
    """What is wrong?"""

    NO_TITLE = "no_title"
    NO_QUESTIONS = "no_questions"
    TOO_MANY_QUESTIONS = "too_many_questions"
    EMPTY_SECTION = "empty_section"
    SAME_CODE = "same_code"
    BAD_CODE = "bad_code"
    NO_WORDS = "no_words"
    UNTRANSLATED = "untranslated"
    FEW_CHOICES = "few_choices"
    MANY_CHOICES = "many_choices"
    NO_ROWS = "no_rows"
    SAME_CHOICE = "same_choice"
    BAD_CHOICE = "bad_choice"
    BOUNDS = "bounds"
    SCALE = "scale"
    UNKNOWN_QUESTION = "unknown_question"
    LATER_QUESTION = "later_question"
    UNKNOWN_VALUE = "unknown_value"
    UNFIT = "unfit"
    EMPTY_GROUP = "empty_group"
    UNREACHABLE = "unreachable"
    PIPED_UNKNOWN = "piped_unknown"
    PIPED_MAYBE = "piped_maybe"
    SKIP_FROM = "skip_from"
    SKIP_BACK = "skip_back"
    SKIP_NEVER = "skip_never"
    QUOTA_NEVER = "quota_never"
    QUOTA_LIMIT = "quota_limit"


HINTS = frozenset({Trouble.UNTRANSLATED, Trouble.PIPED_MAYBE, Trouble.EMPTY_SECTION, Trouble.SKIP_NEVER})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what it is about."""

    kind: str  # "title", "section", "question", "skip", "quota": what the place is
    place: str  # its code; of a skip its number from 1
    trouble: Trouble
    what: str = ""  # the code, language or value it is about

    @property
    def is_hint(self) -> bool:
        """Worth a look, and no reason not to publish."""
        return self.trouble in HINTS


def problems(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """All problems, those of the first page first. Whether all can be reached is asked once the rest is sound."""
    found = [*_whole(questionnaire), *_sections(questionnaire), *_skips(questionnaire), *_quotas(questionnaire)]
    if all(problem.is_hint for problem in found):
        found += _ways(questionnaire)
    return tuple(dict.fromkeys(found))


def _whole(questionnaire: Questionnaire) -> Iterator[Problem]:
    count = sum(1 for _ in questionnaire.questions())
    if not count:
        yield Problem("title", "", Trouble.NO_QUESTIONS)
    if count > MOST_QUESTIONS:
        yield Problem("title", "", Trouble.TOO_MANY_QUESTIONS, str(MOST_QUESTIONS))
    yield from _worded("title", "", questionnaire.title, questionnaire, Trouble.NO_TITLE)
    for wording in (questionnaire.welcome, questionnaire.thanks):
        yield from _translated("title", "", wording, questionnaire)


def _sections(questionnaire: Questionnaire) -> Iterator[Problem]:
    known: dict[str, Question] = {}
    codes: set[str] = set()
    for section in questionnaire.sections:
        yield from _coded("section", section.code, codes)
        yield from _translated("section", section.code, section.wording, questionnaire)
        yield from _condition("section", section.code, section.shown_if, known, questionnaire)
        if not section.questions:
            yield Problem("section", section.code, Trouble.EMPTY_SECTION)
        for question in section.questions:
            yield from _coded("question", question.code, codes)
            yield from _question(question, known, questionnaire)
            known[question.code] = question


def _question(question: Question, known: dict[str, Question], questionnaire: Questionnaire) -> Iterator[Problem]:
    yield from _worded("question", question.code, question.wording, questionnaire, Trouble.NO_WORDS)
    yield from _translated("question", question.code, question.help, questionnaire)
    yield from _choices(question, questionnaire)
    yield from _bounds(question)
    yield from _condition("question", question.code, question.shown_if, known, questionnaire)
    for wording in (question.wording, question.help):
        yield from _piping(question.code, wording, known)


def _coded(kind: str, code: str, codes: set[str]) -> Iterator[Problem]:
    if not CODE.fullmatch(code) or code == END:
        yield Problem(kind, code, Trouble.BAD_CODE, code)
    if code in codes:
        yield Problem(kind, code, Trouble.SAME_CODE, code)
    codes.add(code)


def _worded(
    kind: str, place: str, wording: Wording, questionnaire: Questionnaire, wanting: Trouble
) -> Iterator[Problem]:
    if not wording.get(questionnaire.languages[0], "").strip():
        yield Problem(kind, place, wanting)
    yield from _translated(kind, place, wording, questionnaire)


def _translated(kind: str, place: str, wording: Wording, questionnaire: Questionnaire) -> Iterator[Problem]:
    if any(words.strip() for words in wording.values()):
        for language in questionnaire.languages[1:]:
            if not wording.get(language, "").strip():
                yield Problem(kind, place, Trouble.UNTRANSLATED, language)


def _choices(question: Question, questionnaire: Questionnaire) -> Iterator[Problem]:
    place = question.code
    if question.kind in _CHOSEN and len(question.choices) < 2:
        yield Problem("question", place, Trouble.FEW_CHOICES)
    if question.kind is Kind.MATRIX and not question.rows:
        yield Problem("question", place, Trouble.NO_ROWS)
    if max(len(question.choices), len(question.rows)) > MOST_CHOICES:
        yield Problem("question", place, Trouble.MANY_CHOICES, str(MOST_CHOICES))
    for listed in (question.choices, question.rows):
        yield from _listed(place, listed, questionnaire)


def _listed(place: str, listed: tuple[Choice, ...], questionnaire: Questionnaire) -> Iterator[Problem]:
    codes: set[str] = set()
    for choice in listed:
        if not CHOICE.fullmatch(choice.code):
            yield Problem("question", place, Trouble.BAD_CHOICE, choice.code)
        if choice.code in codes:
            yield Problem("question", place, Trouble.SAME_CHOICE, choice.code)
        codes.add(choice.code)
        yield from _worded("question", place, choice.wording, questionnaire, Trouble.NO_WORDS)


def _bounds(question: Question) -> Iterator[Problem]:
    place, least, most = question.code, question.least, question.most
    if question.kind in _SCALED and most and not 2 <= most <= 10:
        yield Problem("question", place, Trouble.SCALE, str(most))
    if question.kind in (*_LISTED, Kind.TEXT):
        end = LONGEST_TEXT if question.kind is Kind.TEXT else len(question.choices)
        beside = sum(not choice.is_exclusive for choice in question.choices)  # "none of these" stands alone
        if question.kind is Kind.MULTIPLE and least > beside:
            yield Problem("question", place, Trouble.BOUNDS, f"{least}-{beside}")
        if least > (most or end) or max(least, most) > end:
            yield Problem("question", place, Trouble.BOUNDS, f"{least}-{most}")


def _condition(
    kind: str, place: str, condition: Condition | None, known: dict[str, Question], questionnaire: Questionnaire
) -> Iterator[Problem]:
    if condition is None:
        return
    if _has_empty_group(condition):
        yield Problem(kind, place, Trouble.EMPTY_GROUP)
    everywhere = {question.code for question in questionnaire.questions()}
    for compare in reaching.compares_in(condition):
        question = known.get(compare.question)
        if question is None:
            is_later = compare.question in everywhere
            trouble = Trouble.LATER_QUESTION if is_later else Trouble.UNKNOWN_QUESTION
            yield Problem(kind, place, trouble, compare.question)
        elif trouble_found := _compared(compare, question):
            yield Problem(kind, place, trouble_found, compare.question)


def _has_empty_group(condition: Condition) -> bool:
    match condition:
        case All(parts) | Some(parts):
            return not parts or any(map(_has_empty_group, parts))
        case Not(part):
            return _has_empty_group(part)
        case _:
            return False


def _compared(compare: Compare, question: Question) -> Trouble | None:
    """Does the comparison fit the kind of the question, and is there such an answer?"""
    is_matrix = question.kind is Kind.MATRIX
    if bool(compare.row) and (not is_matrix or compare.row not in {row.code for row in question.rows}):
        return Trouble.UNKNOWN_VALUE
    if compare.operator in (Operator.ANSWERED, Operator.UNANSWERED):
        return None
    if question.kind not in _FITTING[compare.operator] or (is_matrix and not compare.row):
        return Trouble.UNFIT
    return None if _is_possible(compare, question) else Trouble.UNKNOWN_VALUE


def _is_possible(compare: Compare, question: Question) -> bool:
    values = compare.value if isinstance(compare.value, tuple) else (compare.value,)
    if question.kind in _NUMBERED:
        return all(isinstance(value, int) and value in points_of(question) for value in values)
    if question.kind in _CHOSEN:
        return bool(values) and {str(value) for value in values} <= {choice.code for choice in question.choices}
    return all(isinstance(value, str) and value for value in values)


def _piping(place: str, wording: Wording, known: dict[str, Question]) -> Iterator[Problem]:
    for code, row, has_otherwise in questions_piped(wording):
        question = known.get(code)
        if question is None or (row and row not in {each.code for each in question.rows}):
            yield Problem("question", place, Trouble.PIPED_UNKNOWN, code)
        elif not has_otherwise and (not question.is_required or question.shown_if):
            yield Problem("question", place, Trouble.PIPED_MAYBE, code)


def _skips(questionnaire: Questionnaire) -> Iterator[Problem]:
    codes = [section.code for section in questionnaire.sections]
    for number, skip in enumerate(questionnaire.skips, start=1):
        place = str(number)
        if skip.after not in codes:
            yield Problem("skip", place, Trouble.SKIP_FROM, skip.after)
            continue
        behind = codes.index(skip.after) + 1
        if skip.to != END and skip.to not in codes[behind:]:
            yield Problem("skip", place, Trouble.SKIP_BACK, skip.to)
        passed = questionnaire.sections[:behind]
        known = {question.code: question for section in passed for question in section.questions}
        yield from _condition("skip", place, skip.when, known, questionnaire)


def _quotas(questionnaire: Questionnaire) -> Iterator[Problem]:
    known = {question.code: question for question in questionnaire.questions()}
    codes: set[str] = set()
    for quota in questionnaire.quotas:
        yield from _coded("quota", quota.code, codes)
        if not quota.limit:
            yield Problem("quota", quota.code, Trouble.QUOTA_LIMIT)
        yield from _condition("quota", quota.code, quota.when, known, questionnaire)


def _ways(questionnaire: Questionnaire) -> Iterator[Problem]:
    """What nobody ever reaches: contradictory conditions, and what a skip always passes over."""
    for code in reaching.unreachable(questionnaire):
        yield Problem("question", code, Trouble.UNREACHABLE)
    for number, skip in enumerate(questionnaire.skips, start=1):
        if reaching.never_holding(questionnaire, skip.when, skip.after):
            yield Problem("skip", str(number), Trouble.SKIP_NEVER)
    for quota in questionnaire.quotas:
        if quota.when and reaching.never_holding(questionnaire, quota.when):
            yield Problem("quota", quota.code, Trouble.QUOTA_NEVER)
