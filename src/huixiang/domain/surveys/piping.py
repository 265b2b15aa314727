"""How does a question repeat what was answered before? `{{q1}}`, and where there is no answer `{{q1|贵网点}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.surveys.conditions import Answers, Value
from huixiang.domain.surveys.questionnaire import Question, Questionnaire, Wording, worded

# {{code}}, of a matrix {{code.row}}; behind "|" what stands there for who did not answer.
PLACE = re.compile(r"\{\{\s*(?P<code>\w+)(?:\.(?P<row>\w+))?\s*(?:\|(?P<otherwise>[^{}]*))?\}\}")
SHORT = 14  # characters of a question within another
LONGEST = 60  # characters of a customer's own words


def piped(words: str, questionnaire: Questionnaire, answers: Answers, language: str) -> str:
    """The words with the answers in their places. Plain text: a page escapes it like all others."""

    def said(place: re.Match[str]) -> str:
        return _said(questionnaire, answers, language, place["code"], place["row"] or "") or place["otherwise"] or ""

    return PLACE.sub(said, words)


def heading(question: Question, questionnaire: Questionnaire, language: str = "zh") -> str:
    """The question's words where there are no answers to put into them: over a result, say.

    In the place stands what is said to who did not answer, else the words of the question asked before.
    """

    def stands(place: re.Match[str]) -> str:
        return f"「{place['otherwise'] or _asked(questionnaire, place['code'], language)}」"

    return PLACE.sub(stands, worded(question.wording, language))


def _asked(questionnaire: Questionnaire, code: str, language: str) -> str:
    try:
        words = PLACE.sub("…", worded(questionnaire.question(code).wording, language))
    except KeyError:
        return "…"
    return words if len(words) <= SHORT else words[: SHORT - 1] + "…"


def questions_piped(wording: Wording) -> Iterator[tuple[str, str, bool]]:
    """Which answers do these words repeat? Code, row, and whether something stands there for who did not answer."""
    for words in wording.values():
        for place in PLACE.finditer(words):
            yield place["code"], place["row"] or "", bool(place["otherwise"])


def _said(questionnaire: Questionnaire, answers: Answers, language: str, code: str, row: str) -> str:
    try:
        question = questionnaire.question(code)
    except KeyError:
        return ""
    given: Value | None = answers.get(code)
    if isinstance(given, dict):
        given = given.get(row)
    listed = given if isinstance(given, list) else [] if given is None else [str(given)]
    return "、".join(_named(question, part, answers, language) for part in listed)


def _named(question: Question, part: str, answers: Answers, language: str) -> str:
    """What the customer chose, in the choice's words or, beside an open choice, in her own."""
    if own := answers.get(f"{question.code}:{part}"):
        return _brief(str(own))
    named = next((worded(choice.wording, language) for choice in question.choices if choice.code == part), part)
    return _brief(named)


def _brief(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"
