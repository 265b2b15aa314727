"""How does one ask whether a feature would be missed, expected or delight? Two questions, five answers to each.

The first asks how customers feel with the feature, the second how without it. Source: Kano, Seraku, Takahashi and Tsuji
(1984), Journal of the Japanese Society for Quality Control 14(2):147-156; the answers as in Berger and others (1993),
Center for Quality of Management Journal 2(4):3-36.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Questionnaire, Wording

ANSWERS = ("like", "expect", "neutral", "tolerate", "dislike")  # in this order; the codes of the choices
LONGEST_FEATURE = 60
_WORDS: dict[str, tuple[str, ...]] = {
    "zh": ("我很喜欢", "理应如此", "无所谓", "可以勉强接受", "我很不喜欢"),
    "en": ("I like it", "I expect it", "I do not mind", "I can live with it", "I dislike it"),
}
_ASKED = {
    "zh": ("如果有“{}”，您觉得怎么样？", "如果没有“{}”，您觉得怎么样？"),
    "en": ("If there were “{}”, how would you feel?", "If there were no “{}”, how would you feel?"),
}


class Twins(NamedTuple):
    """The two questions: how is it with the feature, how without?"""

    functional: Question
    dysfunctional: Question


def twins(feature: Wording, codes: tuple[str, str]) -> Twins:
    """Both questions about one feature, named in one language or more. A language we have no words in asks in English.

    The answers bear both languages, so that nobody has to translate them later.
    """
    languages = dict.fromkeys([*feature, *_WORDS])
    choices = tuple(
        Choice(code, {each: _WORDS.get(each, _WORDS["en"])[place] for each in languages})
        for place, code in enumerate(ANSWERS)
    )

    def question(which: int) -> Question:
        asked = {each: _ASKED.get(each, _ASKED["en"])[which].format(name) for each, name in feature.items() if name}
        return Question(codes[which], Kind.SINGLE, asked, choices=choices)

    return Twins(question(0), question(1))


def answers_of(question: Question) -> Mapping[str, str] | None:
    """Which of its choices stands for which of ANSWERS? None where it cannot be one of two.

    By their codes where those are the usual ones; else by their order, from liking it to disliking it.
    """
    codes = [choice.code for choice in question.choices]
    if question.kind is not Kind.SINGLE or len(codes) != len(ANSWERS) or any(c.is_open for c in question.choices):
        return None
    if set(codes) == set(ANSWERS):
        return {code: code for code in codes}
    return dict(zip(codes, ANSWERS, strict=True))


def fitting(questionnaire: Questionnaire) -> list[Question]:
    """Which questions can be one of two?"""
    return [question for question in questionnaire.questions() if answers_of(question)]


def first_twins(questionnaire: Questionnaire) -> Twins | None:
    """The first two that stand one after the other with the usual answers."""
    for section in questionnaire.sections:
        for one, other in pairwise(section.questions):
            if all({choice.code for choice in each.choices} == set(ANSWERS) for each in (one, other)):
                return Twins(one, other)
    return None
