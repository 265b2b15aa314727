"""Which study, which talk, which person may she touch? What is out of reach looks like what is not there."""

from __future__ import annotations

import re
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.focus.models import Participant, Session, Study

Row = TypeVar("Row")
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def study(pk: int, right: str, by: Staff | str) -> Study:
    """Raises ObjectDoesNotExist. A text is who acts from the command line, for the whole bank."""
    rows = Study.objects.all() if isinstance(by, str) else Study.objects.visible_to(by, right)
    return _one(rows.select_related("unit").filter(pk=pk).first())


def session(pk: int, right: str, by: Staff | str, *, locked: bool = False) -> Session:
    """`locked`: until commit; inside a transaction."""
    rows = Session.objects.all() if isinstance(by, str) else Session.objects.visible_to(by, right)
    found = _one(rows.select_related("unit", "study__unit", "moderator").filter(pk=pk).first())
    if locked:
        found.state = Session.objects.select_for_update().get(pk=pk).state
    return found


def participant(pk: int, right: str, by: Staff | str) -> Participant:
    found = _one(Participant.objects.select_related("session__unit").filter(pk=pk).first())
    session(found.session_id, right, by)
    return found


def clean(text: str, longest: int) -> str:
    """As it may be kept: without the names and numbers of customers, and no longer than there is room."""
    return masked_value("", sound(text).strip())[:longest]


def sound(text: str) -> str:
    """Without signs that nobody sees, and that no XML can carry: one of them, pasted along, would end each export."""
    return _UNSOUND.sub("", text)


def _one(found: Row | None) -> Row:
    if found is None:
        raise ObjectDoesNotExist
    return found
