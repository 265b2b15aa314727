"""Which way leads through the questionnaire, given what was answered? Only forward: it always ends, and never loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from huixiang.domain.surveys.conditions import Answers, Value, holds, questions_in
from huixiang.domain.surveys.order import questions_of
from huixiang.domain.surveys.questionnaire import END, Question, Questionnaire, Section


@dataclass(frozen=True, slots=True)
class Page:
    """What one customer sees at once: a section, or a part of it.

    A section is parted before a question that depends on one above it, so that a page is whole also where the
    browser runs no scripts: what was answered there decides what stands on the next.
    """

    key: str  # "visit", "visit.2": stands in the address
    section: Section
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The pages these answers lead over, and the answers that count there."""

    pages: tuple[Page, ...]
    answers: dict[str, Value]  # of shown questions alone, with the words beside open choices

    @property
    def shown(self) -> tuple[str, ...]:
        """The codes of the questions that are shown."""
        return tuple(question.code for page in self.pages for question in page.questions)

    def page(self, key: str) -> Page | None:
        """The page with this key, where the way leads over it."""
        return next((page for page in self.pages if page.key == key), None)


def pages_of(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """All pages there may be, in their order, with all questions that may stand on them."""
    return tuple(page for section in questionnaire.sections for page in _parted(section))


def way_through(questionnaire: Questionnaire, answers: Answers, seed: str = "") -> Way:
    """Which pages are shown, and which answers count?

    A question that is not shown is not answered, whatever is given for it: neither it, nor a condition upon it, nor
    a skip by it can then hold. A skip that would lead back, or nowhere, leads nowhere: on to the next section.
    The seed draws the order of a shuffled section's questions.
    """
    pages: list[Page] = []
    counting: dict[str, Value] = {}
    awaited = ""  # the section a skip leads to; those before it are passed over
    for index, section in enumerate(questionnaire.sections):
        if (awaited and section.code != awaited) or not holds(section.shown_if, counting):
            # A skip whose goal is hidden goes on behind it.
            awaited = "" if section.code == awaited else awaited
            continue
        pages += _shown_pages(section, answers, counting, seed)
        awaited = _led_to(questionnaire, index, counting)
        if awaited == END:
            break
    return Way(tuple(pages), counting)


def page_after(questionnaire: Questionnaire, answers: Answers, key: str, seed: str = "") -> Page | None:
    """Which page follows the one with this key? "" asks for the first; None: there is none, the answers may be sent."""
    position = _positions(questionnaire)
    here = position.get(key, -1)
    later = (page for page in way_through(questionnaire, answers, seed).pages if position[page.key] > here)
    return next(later, None)


def page_before(questionnaire: Questionnaire, answers: Answers, key: str, seed: str = "") -> Page | None:
    """Which page led here? None: it is the first."""
    position = _positions(questionnaire)
    here = position.get(key, len(position))
    earlier = [page for page in way_through(questionnaire, answers, seed).pages if position[page.key] < here]
    return earlier[-1] if earlier else None


def progress(questionnaire: Questionnaire, key: str) -> float:
    """How much lies behind who has come to this page, in [0, 1)? A skip makes it leap, nothing makes it fall."""
    position = _positions(questionnaire)
    return position.get(key, 0) / max(len(position), 1)


def _shown_pages(section: Section, answers: Answers, counting: dict[str, Value], seed: str) -> Iterator[Page]:
    """The section's pages on which something is shown; adds to the answers that count."""
    for page in _parted(section):
        shown = tuple(question for question in page.questions if holds(question.shown_if, counting))
        for question in shown:
            counting.update(_given_for(question, answers))
        if shown:
            yield replace(page, questions=questions_of(shown, seed) if section.is_shuffled else shown)


def _given_for(question: Question, answers: Answers) -> Iterator[tuple[str, Value]]:
    """The answer, and the words beside the choices that were chosen."""
    if (given := answers.get(question.code)) in (None, "", [], {}):
        return
    yield question.code, given
    chosen = given if isinstance(given, list) else [given]
    for choice in question.choices:
        beside = f"{question.code}:{choice.code}"
        if choice.is_open and choice.code in chosen and answers.get(beside):
            yield beside, answers[beside]


def _led_to(questionnaire: Questionnaire, index: int, counting: Answers) -> str:
    """Where the first skip that holds leads after this section: a later section's code, END, or "" for straight on."""
    here = questionnaire.sections[index].code
    later = {section.code for section in questionnaire.sections[index + 1 :]} | {END}
    leading = (skip.to for skip in questionnaire.skips if skip.after == here and holds(skip.when, counting))
    return next((to for to in leading if to in later), "")


def _parted(section: Section) -> Iterator[Page]:
    """The section's pages: a new one starts before each question that depends on one of the page."""
    part: list[Question] = []
    number = 1
    for question in section.questions:
        if {earlier.code for earlier in part} & set(questions_in(question.shown_if)) | _piped_from(question, part):
            yield Page(_key(section, number), section, tuple(part))
            part, number = [], number + 1
        part.append(question)
    if part:
        yield Page(_key(section, number), section, tuple(part))


def _piped_from(question: Question, part: list[Question]) -> set[str]:
    """Which questions of this part does the wording repeat the answer of?"""
    words = "".join([*question.wording.values(), *question.help.values()])
    return {earlier.code for earlier in part if "{{" + earlier.code in words}


def _key(section: Section, number: int) -> str:
    return section.code if number == 1 else f"{section.code}.{number}"


def _positions(questionnaire: Questionnaire) -> dict[str, int]:
    return {page.key: position for position, page in enumerate(pages_of(questionnaire))}
