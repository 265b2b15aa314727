"""Can anybody ever get there? Which questions, skips and quotas no answers lead to, found by trying all that matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice, product
from math import prod

from huixiang.domain.surveys.answering import points_of
from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Some, Value, holds, questions_in
from huixiang.domain.surveys.flow import Way, way_through
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire

MOST_TRIED = 4_000  # sets of answers; beyond it nothing is claimed
_SCALES = (Kind.NPS, Kind.CSAT, Kind.CES)


def unreachable(questionnaire: Questionnaire) -> list[str]:
    """The codes of the questions that no answers ever show. Where there are too many to try, none is named."""
    codes = [question.code for question in questionnaire.questions()]
    needed = {code: _closure(questionnaire, _deciding(questionnaire, code)) for code in codes}
    seen: set[str] = set()
    return [code for code in codes if code not in seen and not _is_reached(questionnaire, code, needed, seen)]


def never_holding(questionnaire: Questionnaire, condition: Condition, after: str = "") -> bool:
    """No answers make it hold, where it is asked: at the end, or behind the section `after`."""
    deciding = _closure(questionnaire, set(questions_in(condition)))
    upto = _upto(questionnaire, after)
    return not _found(questionnaire, deciding, lambda way: holds(condition, _known(way, upto)))


def _is_reached(questionnaire: Questionnaire, code: str, needed: dict[str, set[str]], seen: set[str]) -> bool:
    tried = needed[code]

    def is_shown(way: Way) -> bool:
        # What was met by the way need not be looked for, unless it hangs on answers that were left out here: with a
        # question unanswered that everybody must answer, a way was met that nobody goes.
        seen.update(other for other in way.shown if needed[other] <= tried)
        return code in way.shown

    return _found(questionnaire, tried, is_shown)


def _found(questionnaire: Questionnaire, deciding: set[str], test: Callable[[Way], bool]) -> bool:
    """Does one set of answers pass? Also where there are too many to try all: doubt accuses nobody."""
    asked = [question for question in questionnaire.questions() if question.code in deciding]
    conditions = list(_conditions(questionnaire))
    candidates = [list(_candidates(question, conditions)) for question in asked]
    if prod(map(len, candidates)) > MOST_TRIED:
        return True
    for values in islice(product(*candidates), MOST_TRIED):
        answers = {
            question.code: value for question, value in zip(asked, values, strict=True) if value not in ("", [], {})
        }
        if test(way_through(questionnaire, answers)):
            return True
    return False


def _known(way: Way, upto: set[str] | None) -> dict[str, Value]:
    return way.answers if upto is None else {code: value for code, value in way.answers.items() if code in upto}


def _upto(questionnaire: Questionnaire, after: str) -> set[str] | None:
    """The questions of this section and those before; None: all."""
    codes: set[str] = set()
    for section in questionnaire.sections:
        codes |= {question.code for question in section.questions}
        if section.code == after:
            return codes
    return None


def _deciding(questionnaire: Questionnaire, code: str) -> set[str]:
    """Which answers decide directly whether this question is shown: its own, its section's and earlier skips'."""
    deciding: set[str] = set()
    passed: set[str] = set()
    for section in questionnaire.sections:
        found = next((question for question in section.questions if question.code == code), None)
        if found:
            skips = (skip.when for skip in questionnaire.skips if skip.after in passed)
            for condition in (found.shown_if, section.shown_if, *skips):
                deciding |= set(questions_in(condition))
            return deciding
        passed.add(section.code)
    return deciding


def _closure(questionnaire: Questionnaire, codes: set[str]) -> set[str]:
    """These, and whatever decides whether these are shown."""
    known: set[str] = set()
    coming = set(codes)
    while coming:
        known |= coming
        coming = {other for code in coming for other in _deciding(questionnaire, code)} - known
    return known


def _conditions(questionnaire: Questionnaire) -> Iterator[Condition]:
    for section in questionnaire.sections:
        yield from (part for part in (section.shown_if, *(each.shown_if for each in section.questions)) if part)
    yield from (skip.when for skip in questionnaire.skips)
    yield from (quota.when for quota in questionnaire.quotas if quota.when)


def _candidates(question: Question, conditions: list[Condition]) -> Iterator[Value]:
    """One answer of each sort that some condition tells from the others; none at all, where it may be left out."""
    compares = [each for condition in conditions for each in compares_in(condition) if each.question == question.code]
    if not question.is_required:
        yield ""
    if question.kind in _SCALES:
        yield from points_of(question)
    elif question.kind is Kind.SINGLE:
        yield from (choice.code for choice in question.choices)
    elif question.kind in (Kind.MULTIPLE, Kind.RANK):
        yield from _sets(question, compares)
    elif question.kind is Kind.MATRIX:
        yield from _filled(question, compares)
    else:
        yield from _written(question, compares)


def _sets(question: Question, compares: list[Compare]) -> Iterator[Value]:
    """All sets of the choices that conditions name, and one that none names; within the bounds where there are any."""
    named = {compare.value for compare in compares if isinstance(compare.value, str)}
    marked = [choice for choice in question.choices if choice.code in named][:8]
    others = [choice.code for choice in question.choices if choice.code not in named and not choice.is_exclusive]
    for mask in product((False, True), repeat=len(marked)):
        taken = [choice for choice, is_in in zip(marked, mask, strict=True) if is_in]
        if len(taken) > 1 and any(choice.is_exclusive for choice in taken):
            continue
        codes = [choice.code for choice in taken]
        if not any(choice.is_exclusive for choice in taken):
            codes += others[: max(question.least - len(codes), 0 if codes else 1)]
        if codes and len(codes) <= (question.most or len(codes)):
            yield codes


def _filled(question: Question, compares: list[Compare]) -> Iterator[Value]:
    rows = [row.code for row in question.rows if row.code in {compare.row for compare in compares}]
    for values in product([choice.code for choice in question.choices], repeat=min(len(rows), 3)):
        yield dict(zip(rows, values, strict=False))


def _written(question: Question, compares: list[Compare]) -> Iterator[Value]:
    """Each value that is compared with, what is just before and behind it, and another."""
    named = {str(part) for compare in compares for part in _parts(compare.value)}
    if question.kind is not Kind.DATE:
        yield from sorted(named | {"\0other"})
        return
    for text in sorted(named | {"2026-01-01"}):
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            continue
        yield from ((day + dt.timedelta(days)).isoformat() for days in (-1, 0, 1))


def _parts(value: int | str | tuple[str, ...]) -> tuple[int | str, ...]:
    return value if isinstance(value, tuple) else (value,)


def compares_in(condition: Condition) -> Iterator[Compare]:
    """All comparisons that a condition is made of."""
    match condition:
        case Compare():
            yield condition
        case All(parts) | Some(parts):
            for part in parts:
                yield from compares_in(part)
        case Not(part):
            yield from compares_in(part)
