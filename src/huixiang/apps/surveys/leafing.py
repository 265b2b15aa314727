"""How does a customer go from page to page? Forward where the page is sound, back always, and at the end it is sent.

The server alone decides which page comes: by all answers so far, read by the questionnaire's own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huixiang.apps.surveys.carrying import Carried
from huixiang.apps.surveys.models import Version
from huixiang.domain.surveys.answering import Accepted, Refusal, accepted
from huixiang.domain.surveys.conditions import Answers, Value
from huixiang.domain.surveys.fields import answers_in
from huixiang.domain.surveys.flow import Page, page_after, page_before, progress, way_through
from huixiang.domain.surveys.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Leaf:
    """What she has before her. `typed` may hold what is refused: it is shown again with the reason."""

    version: Version
    carried: Carried
    page: Page
    typed: Answers
    refused: Sequence[Refusal] = ()

    @property
    def questionnaire(self) -> Questionnaire:
        return self.version.questionnaire

    @property
    def is_first(self) -> bool:
        return page_before(self.questionnaire, self.carried.answers, self.page.key, self.carried.key) is None

    @property
    def is_last(self) -> bool:
        return page_after(self.questionnaire, self.carried.answers, self.page.key, self.carried.key) is None

    @property
    def percent(self) -> int:
        return round(100 * progress(self.questionnaire, self.page.key))

    @property
    def first_number(self) -> int:
        """Questions are counted through over the pages."""
        before = 0
        for page in way_through(self.questionnaire, self.carried.answers, self.carried.key).pages:
            if page.key == self.page.key:
                break
            before += len(page.questions)
        return before + 1


@dataclass(frozen=True, slots=True)
class Finished:
    """All is answered: it can be sent."""

    version: Version
    carried: Carried
    accepted: Accepted
    last: Leaf  # what she has before her if it cannot be sent now


class Empty(Exception):
    """There is no page at all: nothing to answer."""


def opened(version: Version, carried: Carried, key: str = "") -> Leaf:
    """The page with this key, or the first. Raises Empty."""
    way = way_through(version.questionnaire, carried.answers, carried.key)
    page = way.page(key) or next(iter(way.pages), None)
    if page is None:
        raise Empty
    return Leaf(version, carried, page, carried.answers)


def turned(leaf: Leaf, fields: Callable[[str], list[str]], go: str) -> Leaf | Finished:
    """What comes after she pressed a button: "next", "back", or "stay" for another language."""
    questionnaire, carried, page = leaf.questionnaire, leaf.carried, leaf.page
    typed = _without(page, carried.answers) | answers_in(page.questions, fields)
    found = accepted(questionnaire, typed, carried.key)
    sound = carried.answered(found.answers)
    if go == "back":
        before = page_before(questionnaire, found.answers, page.key, carried.key)
        return opened(leaf.version, sound, before.key if before else "")
    here = {question.code for question in page.questions}
    refused = [refusal for refusal in found.refused if refusal.question in here]
    stays = Leaf(leaf.version, sound, page, typed, refused if go == "next" else ())
    if go != "next" or refused:
        return stays
    after = page_after(questionnaire, found.answers, page.key, carried.key)
    if after:
        return opened(leaf.version, sound, after.key)
    return _end(stays, found)


def _end(last: Leaf, found: Accepted) -> Leaf | Finished:
    """Nothing is left to ask; a page passed over by a trick is shown first."""
    for page in found.way.pages:
        here = {question.code for question in page.questions}
        if refused := [refusal for refusal in found.refused if refusal.question in here]:
            return Leaf(last.version, last.carried, page, found.answers, refused)
    return Finished(last.version, last.carried, found, last)


def _without(page: Page, answers: Answers) -> dict[str, Value]:
    """All but this page's, with the words beside them: what is unchecked now was an answer before."""
    here = {question.code for question in page.questions}
    return {code: given for code, given in answers.items() if code.partition(":")[0] not in here}
