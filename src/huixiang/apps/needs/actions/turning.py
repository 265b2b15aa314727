"""How does any verb begin and end? With the row locked, the right and the state asked; with history and audit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.needs import standing
from huixiang.apps.needs.evidence import index
from huixiang.apps.needs.lifecycle import STATES, VERBS
from huixiang.apps.needs.models import LONGEST_NOTE, Need, Step
from huixiang.channels.contract import Fault

Change = list[Any]  # before, after
NOTHING: Mapping[str, Change] = MappingProxyType({})
NEW_RULES = frozenset({"propose", "rename", "split"})


def may(staff: Staff, verb: str, need: Need) -> bool:
    """Is this verb open to her now? For the page to offer it or not."""
    return need.state in VERBS[verb].of and staff.holds(VERBS[verb].right, need.unit)


def open_verbs(staff: Staff, need: Need) -> list[str]:
    return [verb for verb in VERBS if may(staff, verb, need)]


def begin(pk: int, verb: str, by: Staff) -> Need:
    """The row, locked until commit. Call it inside the verb's transaction.

    Raises ObjectDoesNotExist where it is out of sight, PermissionDenied without the right, Fault in the wrong state.
    """
    rows = Need.objects.visible_to(by).filter(pk=pk).values_list("pk", flat=True)
    found = Need.objects.select_for_update().filter(pk__in=list(rows)).first()
    if found is None:
        raise ObjectDoesNotExist
    if not by.holds(VERBS[verb].right, found.unit):
        raise PermissionDenied
    if found.state not in VERBS[verb].of:
        raise Fault("需求“%(name)s”%(state)s，不能这样做", name=found.name, state=str(STATES[found.state]))
    return found


def end(
    need: Need,
    verb: str,
    by: Staff | str,
    source: str = "",
    note: str = "",
    changed: Mapping[str, Change] = NOTHING,
) -> None:
    """Save, and tell: in the need's history what changed, from what to what; in the audit that it did."""
    turn, fields = VERBS.get(verb), dict(changed)
    if turn and turn.to and turn.to != need.state:
        fields["state"] = [need.state, turn.to]
        need.state = turn.to
    index(need)
    need.save()
    if verb in NEW_RULES:
        counted_soon(need)
    told(need, verb, by, note, fields)
    audit.record(f"need.{verb}", by=by, on_kind="need", on_id=need.pk, source=source, changed=sorted(fields))


def counted_soon(need: Need) -> None:
    """After the commit the texts are read for its rules: who wrote them waits that moment, whoever opens it never."""
    transaction.on_commit(lambda: standing.count(lake(), need))


def told(need: Need, verb: str, by: Staff | str, note: str, changed: Mapping[str, Change]) -> None:
    """One step of its history."""
    Step.objects.create(
        need=need,
        verb=verb,
        by=None if isinstance(by, str) else by,
        note=clean(note, LONGEST_NOTE),
        changed=dict(changed),
    )


def clean(text: str, longest: int) -> str:
    """As it may be kept: without the names and numbers of customers, and no longer than there is room."""
    return masked_value("", text.strip())[:longest]
