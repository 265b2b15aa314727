"""Can this answer be trusted? Marks of answers given without reading, or by one hand many times; never a verdict.

A mark is kept beside the answer, which counts unless somebody leaves marked ones out; nothing is dropped. The sources
of the thresholds, and what the marks cannot tell: docs/methods/survey-trust.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from huixiang.domain.surveys.conditions import Answers
from huixiang.domain.surveys.questionnaire import Kind, Question, Questionnaire, worded

# Zhang & Conrad (2014), Survey Research Methods 8: who needs less than 300 ms a word has not read it.
SECONDS_A_WORD = 0.3
# IReST (Trauzettel-Klosinski & Dietz 2012): Chinese readers do 158 words, which are 255 characters, a minute.
CHARACTERS_A_WORD = 255 / 158
# Leiner (2019), Survey Research Methods 13: twice as fast as the median and faster.
SHARE_OF_MEDIAN = 0.5
LEAST_FOR_A_MEDIAN = 30  # answers; a median of fewer says little
# One line through a short battery is often an honest opinion (Kim et al. 2019, Social Science Computer Review 37).
LEAST_IN_A_LINE = 5
MOST_OF_A_DEVICE = 3  # answers a day to one survey: a family shares a telephone
_WORD, _SIGN = re.compile(r"[A-Za-zÀ-ɏ0-9]+"), re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SCALES = {Kind.NPS, Kind.CSAT, Kind.CES}


class Mark(StrEnum):
    """What makes one doubt it?"""

    STRAIGHT_LINING = "straight_lining"  # one answer down all the rows
    SPEEDING = "speeding"  # faster than one can read, or than half of the others' median
    SAME_DEVICE = "same_device"  # the fourth and further of a day from what looks like one device
    STAFF_NETWORK = "staff_network"  # from the bank's own network


def straight_lines(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Was each battery answered with one line, in a questionnaire where that is unlikely?

    A battery is a matrix, or scale questions of one kind and length in a row on one page.
    """
    batteries = [given for given in _batteries(questionnaire, answers) if len(given) >= LEAST_IN_A_LINE]
    return bool(batteries) and all(len(set(given)) == 1 for given in batteries)


def least_seconds(questionnaire: Questionnaire, shown: Collection[str], language: str) -> float:
    """How long does the fastest reader need for the questions alone? Their choices and help are not even counted."""
    return sum(_reading(question, language) for question in questionnaire.questions() if question.code in shown)


def speeds(seconds: float, least: float, median: float | None) -> bool:
    """Was it quicker than reading allows, or than half the time of the one in the middle?"""
    return seconds < least or (median is not None and seconds < SHARE_OF_MEDIAN * median)


def _reading(question: Question, language: str) -> float:
    texts = [question.wording, *(row.wording for row in question.rows)]
    return SECONDS_A_WORD * sum(_words(worded(text, language)) for text in texts)


def _words(text: str) -> float:
    return len(_WORD.findall(text)) + len(_SIGN.findall(text)) / CHARACTERS_A_WORD


def _batteries(questionnaire: Questionnaire, answers: Answers) -> Iterator[list[object]]:
    for section in questionnaire.sections:
        run: list[object] = []
        before: tuple[Kind, int] | None = None
        for question in section.questions:
            given, scale = answers.get(question.code), (question.kind, question.most)
            if isinstance(given, dict):
                yield list(given.values())
            if question.kind not in _SCALES or scale != before:
                yield run
                run = []
            before = scale if question.kind in _SCALES else None
            if before and given is not None:
                run.append(given)
        yield run
