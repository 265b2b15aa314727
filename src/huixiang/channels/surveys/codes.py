"""Which codes does LimeSurvey take? Letters and digits, short ones; others are exchanged, and exchanged back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Some
from huixiang.domain.surveys.piping import PLACE
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Wording

OTHER = "other"  # reserved: LimeSurvey's own open choice
_QUESTION = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_PART = re.compile(r"[A-Za-z0-9]{1,20}")  # a subquestion
_ANSWER = re.compile(r"[A-Za-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Renaming:
    """New codes by old ones: of questions, and of each question's choices and rows."""

    questions: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)  # by the question's old code

    def part(self, question: str, code: str) -> str:
        return self.parts.get(question, {}).get(code, code)


def fitting(questionnaire: Questionnaire, is_native: Callable[[Question, Choice], bool]) -> Renaming:
    """New codes for those that LimeSurvey does not take. `is_native`: this choice is its own "other"."""
    asked = list(questionnaire.questions())
    questions = _exchanged([question.code for question in asked], _QUESTION.fullmatch, "Q")
    parts = {}
    for question in asked:
        if changed := _parts(question, is_native):
            parts[question.code] = changed
    return Renaming(questions, parts)


def renamed(questionnaire: Questionnaire, renaming: Renaming) -> Questionnaire:
    """The same under the new codes: in conditions, skips, quotas and words that repeat an answer too."""
    if not renaming.questions and not renaming.parts:
        return questionnaire
    return _Renamer(renaming).questionnaire(questionnaire)


def without_doubles(found: Renaming, it: Questionnaire) -> Renaming:
    """Codes that came back, without those that somebody has given to another question or choice meanwhile."""
    questions, parts = dict(found.questions), {}
    codes = [questions.get(question.code, question.code) for question in it.questions()]
    for old, new in found.questions.items():
        if codes.count(new) > 1 or new == "end":
            del questions[old]
    for question in it.questions():
        told = found.parts.get(question.code, {})
        now = [told.get(each.code, each.code) for each in question.choices or question.rows]
        if told and len(set(now)) == len(now):
            parts[question.code] = told
    return Renaming(questions, parts)


class _Renamer:
    def __init__(self, renaming: Renaming) -> None:
        self.names = renaming

    def questionnaire(self, it: Questionnaire) -> Questionnaire:
        sections = tuple(
            replace(
                section,
                wording=self.words(section.wording),
                questions=tuple(map(self.question, section.questions)),
                shown_if=self.condition(section.shown_if),
            )
            for section in it.sections
        )
        skips = tuple(replace(skip, when=self.condition(skip.when) or skip.when) for skip in it.skips)
        quotas = tuple(replace(quota, when=self.condition(quota.when)) for quota in it.quotas)
        return replace(it, sections=sections, skips=skips, quotas=quotas, thanks=self.words(it.thanks))

    def question(self, it: Question) -> Question:
        return replace(
            it,
            code=self.names.questions.get(it.code, it.code),
            wording=self.words(it.wording),
            help=self.words(it.help),
            shown_if=self.condition(it.shown_if),
            choices=self._choices(it.code, it.choices),
            rows=self._choices(it.code, it.rows),
        )

    def _choices(self, question: str, listed: Iterable[Choice]) -> tuple[Choice, ...]:
        return tuple(
            replace(each, code=self.names.part(question, each.code), wording=self.words(each.wording))
            for each in listed
        )

    def words(self, wording: Wording) -> dict[str, str]:
        def place(found: re.Match[str]) -> str:
            code, row, otherwise = found["code"], found["row"], found["otherwise"]
            name = self.names.questions.get(code, code) + (f".{self.names.part(code, row)}" if row else "")
            return "{{" + name + ("" if otherwise is None else f"|{otherwise}") + "}}"

        return {language: PLACE.sub(place, words) for language, words in wording.items()}

    def condition(self, it: Condition | None) -> Condition | None:
        match it:
            case None:
                return None
            case All(parts):
                return All(tuple(filter(None, map(self.condition, parts))))
            case Some(parts):
                return Some(tuple(filter(None, map(self.condition, parts))))
            case Not(part):
                return Not(self.condition(part) or part)
            case Compare(code, operator, value, row):
                if isinstance(value, tuple):
                    value = tuple(self.names.part(code, each) for each in value)
                elif isinstance(value, str):
                    value = self.names.part(code, value)
                return Compare(self.names.questions.get(code, code), operator, value, self.names.part(code, row))


def _parts(question: Question, is_native: Callable[[Question, Choice], bool]) -> dict[str, str]:
    """Choices and rows under one set of new codes: the mark of an exchange does not say which of both it means."""
    subquestions = question.choices if question.kind is Kind.MULTIPLE else question.rows
    loose = {each.code for each in subquestions}
    tight = {each.code for each in question.choices} if question.kind is not Kind.MULTIPLE else set()
    kept = {each.code for each in question.choices if is_native(question, each)}

    def fits(code: str) -> bool:
        if code.lower() == OTHER:
            return code in kept
        return bool((code not in tight or _ANSWER.fullmatch(code)) and (code not in loose or _PART.fullmatch(code)))

    return _exchanged([each.code for each in (*question.rows, *question.choices)], fits, "A")


def _exchanged(codes: Iterable[str], fits: Callable[[str], object], letter: str) -> dict[str, str]:
    """Q1, Q2 … for those that do not fit, none twice. LimeSurvey tells codes apart by letters, not by their case."""
    listed = list(dict.fromkeys(codes))
    taken = {code.lower() for code in listed if fits(code)}
    new: dict[str, str] = {}
    number = 1
    for code in listed:
        if fits(code):
            continue
        while (made := f"{letter}{number}").lower() in taken:
            number += 1
        taken.add(made.lower())
        new[code] = made
    return new
