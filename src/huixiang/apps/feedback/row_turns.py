"""How does what the database alone holds go when its time is over? Portion by portion, each whole or not at all.

For what has a term of its own and is not in the lake (see terms.BESIDES). Killed anywhere, the next night goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.feedback import terms
from huixiang.apps.feedback.expiring import SYSTEM
from huixiang.apps.feedback.models import Expiry, Term

AT_ONCE = 500
Portion = Callable[[date, bool], int]


def carry_out(code: str, verb: str, now: datetime, portion: Portion) -> int:
    """How much went? `portion(first day kept, with figures)` takes at most AT_ONCE; 0: nothing is left."""
    term, gone = terms.of(code), 0
    if before := terms.over(term, timezone.localdate(now)):
        told = {"channel": code, "before": before, "manner": str(term.manner)}
        while count := _one(portion, told):
            gone += count
    for run in Expiry.objects.filter(channel=code, finished_at=None):
        _end(run, verb)
    return gone


def first_day(before: str) -> date:
    return date.fromisoformat(f"{before}-01")


def _one(portion: Portion, told: dict[str, str]) -> int:
    with transaction.atomic():
        count = portion(first_day(told["before"]), told["manner"] == Term.Manner.DELETE)
        if count:
            run, _new = Expiry.objects.get_or_create(**told, finished_at=None, defaults={"salt": b""})
            Expiry.objects.filter(pk=run.pk).update(voices=F("voices") + count)
    return count


def _end(run: Expiry, verb: str) -> None:
    with transaction.atomic():
        Expiry.objects.filter(pk=run.pk).update(finished_at=timezone.now())
        detail: dict[str, Any] = {"kept_from": run.before, "manner": run.manner, "count": run.voices}
        audit.record(verb, by=SYSTEM, on_kind="channel", on_id=run.channel, **detail)
