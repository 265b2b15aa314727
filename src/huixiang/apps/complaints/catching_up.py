"""What do older cases lack that newer ones have from their receipt on? Risk marks, hashes of telephones and papers.

A portion is one transaction, and notes how far it went: killed, the next night goes on behind the last whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, prefetch_related_objects

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable, unseal
from huixiang.apps.complaints import risking
from huixiang.apps.complaints.actions.revealing import Identity
from huixiang.apps.complaints.actions.ties import mark as mark_people
from huixiang.apps.complaints.actions.ties import mark_reached
from huixiang.apps.complaints.models import Case, CatchUp, PartyMark
from huixiang.apps.complaints.standings import history

PORTION = 200
SYSTEM = "system:nightly"
Step = Callable[[Sequence[Case], datetime], int]


def catch_up(now: datetime) -> int:
    """The nightly round's part. How many cases got something? Once through, it asks two rows and is done."""
    return sum(_through(name, step, now) for name, step in STEPS.items())


def _through(name: str, step: Step, now: datetime) -> int:
    newest = Case.objects.aggregate(newest=Max("pk"))["newest"] or 0
    CatchUp.objects.get_or_create(name=name, defaults={"until": newest})
    count, is_done = 0, False
    while not is_done:
        given, is_done = _portion(name, step, now)
        count += given
    if count:
        audit.record("complaint.catch_up", by=SYSTEM, on_kind="complaint", step=name, count=count)
    return count


def _portion(name: str, step: Step, now: datetime) -> tuple[int, bool]:
    with transaction.atomic():
        row = CatchUp.objects.select_for_update().get(name=name)
        rows = Case.objects.filter(pk__gt=row.last, pk__lte=row.until).order_by("pk")
        cases = list(rows.select_for_update(of=("self",))[:PORTION])
        if not cases:
            return 0, True
        given = step(cases, now)
        row.last = cases[-1].pk
        row.save(update_fields=["last"])
    return given, False


def _risks(cases: Sequence[Case], now: datetime) -> int:
    """Of open cases: what has ended waits for nobody's eyes; its codes stay as they are.

    A case that is known to carry risk and has no mark yet is read again; what it says today is marked as found today.
    """
    lacking = [case for case in cases if case.is_open and not case.is_held and not case.risk_marks.exists()]
    given = 0
    for case, own in zip(lacking, risking.found_in(lacking) if lacking else [], strict=True):
        if own or case.risks:
            risking.mark(case, own, case.risks, now)
            risking.settle(case, history(case).entries)
            given += 1
    return given


def _people(cases: Sequence[Case], now: datetime) -> int:
    given = 0
    for case in cases:
        if case.marks.exists():
            continue
        people = [(party.role, identity) for party in case.parties.all() if (identity := _opened(party.sealed))]
        mark_people(case, people)
        given += bool(people)
    return given


def _reached(cases: Sequence[Case], now: datetime) -> int:
    """By each telephone and mail address, so that who asks for erasure with that alone is found."""
    given = 0
    prefetch_related_objects(cases, "parties", "marks")
    for case in cases:
        if any(each.kind == PartyMark.REACHED for each in case.marks.all()):
            continue
        people = [(party.role, identity) for party in case.parties.all() if (identity := _opened(party.sealed))]
        given += mark_reached(case, people)
    return given


def _opened(sealed: bytes | memoryview | None) -> Identity | None:
    """None of what was cleared, or sealed under another key."""
    try:
        told = unseal(sealed) if sealed else None
    except Unsealable:
        return None
    return Identity(**{name: told.get(name, "") for name in Identity.__dataclass_fields__}) if told else None


STEPS: dict[str, Step] = {"risks": _risks, "people": _people, "reached": _reached}
