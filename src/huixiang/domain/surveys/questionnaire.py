"""What is a questionnaire? Sections of questions in an order; what is shown depends on earlier answers alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from huixiang.domain.surveys.conditions import Condition

Wording = Mapping[str, str]  # language ("zh", "en") → words
END = "end"  # where a skip leads that ends the questionnaire


class Kind(StrEnum):
    """Which kind of question is it?"""

    NPS = "nps"  # 0..10: would you recommend us?
    CSAT = "csat"  # 1..most (5): how satisfied are you?
    CES = "ces"  # 1..most (7): the bank made it easy
    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"  # rows, each answered with one of the same choices
    RANK = "rank"
    TEXT = "text"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice, or one row of a matrix."""

    code: str
    wording: Wording
    is_open: bool = False  # "其他，请注明": words may be added
    is_exclusive: bool = False  # "以上都没有": none beside it
    is_fixed: bool = False  # keeps its place where the others are shuffled


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    code: str  # unique in the questionnaire: letters, digits, "_"
    kind: Kind
    wording: Wording
    help: Wording = field(default_factory=dict)
    is_required: bool = False
    shown_if: Condition | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    is_shuffled: bool = False
    least: int = 0  # how many choices, at least; of a text, how many characters
    most: int = 0  # at most; of CSAT and CES the points of the scale. 0: the kind's own
    aspect: str = ""  # which service dimension it measures: the key-driver analysis names it so


@dataclass(frozen=True, slots=True)
class Section:
    """What stands on one page."""

    code: str
    wording: Wording
    questions: tuple[Question, ...]
    shown_if: Condition | None = None
    is_shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """After this section, where the condition holds, on to a later section or the end. Never back."""

    after: str
    when: Condition
    to: str = END


@dataclass(frozen=True, slots=True)
class Quota:
    """How many answers of which kind are enough?"""

    code: str
    name: str
    when: Condition | None
    limit: int


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All that is asked, in which words, and by which way through."""

    title: Wording
    sections: tuple[Section, ...]
    languages: tuple[str, ...] = ("zh",)  # the first is the one it was written in
    welcome: Wording = field(default_factory=dict)
    thanks: Wording = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    quotas: tuple[Quota, ...] = ()

    def questions(self) -> Iterator[Question]:
        """All, in the order in which they are asked."""
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question:
        """The one with this code. Raises KeyError."""
        for question in self.questions():
            if question.code == code:
                return question
        raise KeyError(code)


def worded(wording: Wording, language: str) -> str:
    """The words in this language, and where they are wanting in the first that has some."""
    return wording.get(language) or next(iter(wording.values()), "")
