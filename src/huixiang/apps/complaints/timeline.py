"""What happened to a case, as its pages tell it: the latest first, and no more is unsealed than is shown."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints.models import Case, Event
from huixiang.domain.complaints.letters import addressed
from huixiang.domain.complaints.lifecycle import VERBS, Verb

SHOWN, PAGE = 8, 50  # on the case's own page, and on each page of what was earlier


class Line(NamedTuple):
    """A line of the case with its verb and its words, "" where none were written."""

    line: Event
    verb: Verb
    words: str


def latest_first(case: Case) -> list[Event]:
    return sorted(case.events.all(), key=lambda line: line.seq, reverse=True)


def told(line: Event) -> Line:
    return Line(line, VERBS[line.verb], words_of(line))


def words_of(line: Event) -> str:
    """Raises nothing: the page must open even where a key was lost."""
    if line.sealed is None:
        return _("（内容已到期清除）") if line.words_digest else ""
    try:
        return addressed(str(unseal(line.sealed)["text"]))
    except Unsealable as fault:
        return str(fault)
