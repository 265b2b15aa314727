"""How does what was erased stay erased, whatever file or backup comes? Its ids are kept, never what was said.

In the database, and in a file beside it (settings.TOMBSTONES), as the audit's heads are: a backup from before an
erasure knows nothing of it. The file only grows, is copied elsewhere, and is never put back from a backup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from huixiang.apps.access import audit
from huixiang.apps.feedback import quarantine, set_aside
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import row_id
from huixiang.apps.feedback.models import Erasure, Quarantined, Tombstone
from huixiang.lake import disk, questions

SYSTEM = "system:erasure"  # who erases again what a backup brought back
_ID = re.compile(r"[0-9a-f]{24}")


def empty(rows: Sequence[Quarantined], erasure: UUID) -> None:
    """Forget what stands in these rows. The same content is not kept aside again."""
    ids = {row_id(cells) for row in rows if (cells := quarantine.fields(row))}
    with transaction.atomic():
        add(ids, erasure)
        set_aside.let_go(rows)
        Quarantined.objects.bulk_update([quarantine.emptied(row) for row in rows], quarantine.EMPTIED, batch_size=200)
        Erasure.objects.filter(pk=erasure).update(rows=F("rows") + len(rows))


def add(ids: Collection[str], erasure: UUID) -> None:
    stones = [Tombstone(voice_id=each, erasure_id=erasure) for each in sorted(ids)]
    Tombstone.objects.bulk_create(stones, batch_size=500, ignore_conflicts=True)


def keep(ids: Collection[str]) -> None:
    """They stand in the file, on the disk, when this returns. Raises OSError."""
    place = Path(settings.TOMBSTONES)
    missing = sorted(set(ids) - _kept())
    if missing:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("ab") as file:
            # A line of its own, even after one that a power cut has torn.
            file.write("\n".join(["", *missing, ""]).encode("ascii"))
        disk.keep([place, place.parent])


def made_even() -> Erasure | None:
    """File and database know the same afterwards. What the database did not know is to be erased again.

    Raises OSError.
    """
    known = set(Tombstone.objects.values_list("pk", flat=True))
    keep(known)
    forgotten = _kept() - known
    if not forgotten:
        return None
    voices = len(questions.known(lake(), forgotten))
    with transaction.atomic():
        erasure = Erasure.objects.create(what=Erasure.What.RESTORED, voices=voices)
        add(forgotten, erasure.pk)
        audit.record("erasure.repeat", by=SYSTEM, on_kind="erasure", on_id=erasure.pk, count=voices)
    return erasure


def _kept() -> set[str]:
    try:
        lines = Path(settings.TOMBSTONES).read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return set()
    return {line for line in lines if _ID.fullmatch(line)}
