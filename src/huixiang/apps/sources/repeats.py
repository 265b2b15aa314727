"""What if a feed brings the same fault with each poll? It waits once in quarantine, in its newest form.

A feed is read as a whole each time it has changed. An item that cannot be read is known by its content, as a row of
any file is (feedback/repeated.py); a place at which its XML breaks off says nothing and is known by its fault alone:
earlier ones give way to the newest. What a person gave up stays given up.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.sources.models import Source

OPEN, DISCARDED = Quarantined.State.OPEN, Quarantined.State.DISCARDED
GIVEN_WAY = "同一来源后来又收到同样的一行，以那一行为准"
STILL_GIVEN_UP = "此前已由人放弃的同一行"
Mark = tuple[str, str, tuple[tuple[str, str], ...]]


def settle(source: Source, imported: Import) -> int:
    """How many rows were one that is there already? May run twice."""
    fresh = _marked(imported.quarantine.filter(state=OPEN, mended_by=None))
    if not fresh:
        return 0
    messages = {message for message, _column, _fields in fresh}
    before = Quarantined.objects.filter(of__delivery__source=source, message__in=messages).exclude(of=imported)
    waiting = _marked(before.filter(state=OPEN, mended_by=None))
    given_up = _marked(before.filter(state=DISCARDED).exclude(closed_by=None))
    old = [pk for mark, pks in waiting.items() if mark in fresh for pk in pks]
    # Where a feed breaks off nothing can be told of what is lost: to have given that up once says nothing of today.
    again = [pk for mark, pks in fresh.items() if mark in given_up and _says_something(mark) for pk in pks]
    with transaction.atomic():
        count = _close(old, GIVEN_WAY) + _close(again, STILL_GIVEN_UP)
        if count:
            told: dict[str, Any] = {"rows": count}
            audit.record("quarantine.repeat", by=f"source:{source.pk}", on_kind="import", on_id=imported.pk, **told)
    return count


def _marked(rows: Any) -> dict[Mark, list[int]]:
    """By what was wrong with what; where in the file it stood may differ from poll to poll."""
    found: dict[Mark, list[int]] = {}
    for row in rows:
        try:
            fields = tuple(sorted(quarantine.opened(row).fields.items()))
        except Unsealable:
            continue
        found.setdefault((row.message, row.column, fields), []).append(row.pk)
    return found


def _says_something(mark: Mark) -> bool:
    return any(value for _name, value in mark[2])


def _close(keys: list[int], note: str) -> int:
    rows = Quarantined.objects.filter(pk__in=keys, state=OPEN, mended_by=None)
    return rows.update(state=DISCARDED, closed_at=timezone.now(), note=note)
