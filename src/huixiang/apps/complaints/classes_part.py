"""What stands on a case's page of its classes? What a person chose, what the model proposes and why, and the form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.classing import Choice, Proposal, choices_on, proposed, reader
from huixiang.apps.complaints.forms.classes import LABELS, title
from huixiang.apps.complaints.models import Case, Event
from huixiang.apps.complaints.standings import History
from huixiang.domain.complaints.classes import AXES, PAID, classes_of


@dataclass(frozen=True, slots=True)
class Row:
    """One class: what holds, and on an axis of JR/T 0169 what the model proposes."""

    kind: str
    label: Any
    chosen: str
    proposal: Proposal | None
    proposed: str
    others: tuple[str, ...]
    code: str = ""  # of what holds

    @property
    def in_tree(self) -> bool:
        """Does a clause set this code?"""
        return bool(self.code) and self.kind in AXES

    @property
    def is_same(self) -> bool:
        return bool(self.chosen) and self.chosen == self.proposed


def part(case: Case, read: History, by: Staff, verb: dict[str, Any] | None) -> dict[str, Any]:
    """The part's context. `verb` is classifying as the page offers it; None to whom it is not open."""
    now = classes_of(read.entries)
    choices = choices_on(timezone.localdate(case.received_at))
    proposals = {each.axis: each for each in proposed(case)}
    rows = [_row(kind, now.get(kind, ""), choices[kind], proposals.get(kind)) for kind in LABELS]
    found = {each.axis: each.choice.code for each in proposals.values() if each.choice}
    differs = {axis: code for axis, code in found.items() if now.get(axis) != code}
    return {
        "class_rows": rows,
        "class_paid": Decimal(now[PAID]) / 100 if PAID in now else None,
        "class_by": max((each for each in case.events.all() if each.verb == "classify"), key=_place, default=None),
        "class_verb": verb,
        "class_take": differs,
        "class_key": uuid.uuid4().hex,
        "class_reader": reader(),
        "class_knows": bool(found),
        "class_staff": _staff(case, by),
    }


def _place(line: Event) -> int:
    return line.seq


def _row(kind: str, now: str, choices: Sequence[Choice], proposal: Proposal | None) -> Row:
    titles = {each.code: title(each) for each in choices}
    told = title(proposal.choice) if proposal and proposal.choice else ""
    others = tuple(title(each) for each in proposal.others) if proposal else ()
    return Row(kind, LABELS[kind], titles.get(now, now), proposal, told, others, now)


def _staff(case: Case, by: Staff) -> list[Staff] | None:
    """Who is complained of, to whom may know the people of the case; None to others."""
    return [each.staff for each in case.accused.select_related("staff")] if IDENTITY in by.rights else None
