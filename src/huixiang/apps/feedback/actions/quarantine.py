"""What becomes of a row that could not be read? A person mends it and it goes in as any other, or discards it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import batches, importing
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.interpreter import Interpreter, masked_value
from huixiang.apps.feedback.landing import Landing
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault, Row


def mend_row(row: Quarantined, fields: Mapping[str, str], *, by: Staff, source: str = "") -> Batch:
    """Read the mended fields as the import's format reads a row, and land the voice as a further batch of the import.

    Raises Fault where the row still cannot be read, or where somebody else has closed it in the meantime.
    """
    _may_mend(by)
    through = importing.reader(row.of, by.scope("quarantine.mend"), timezone.now())
    entry = through.entry(Row(row.row, dict(fields)))
    batch = Batch(of=row.of, rows_read=batches.rows_read(row.of), read=0, quarantined=-1, mends=row)

    def close(batch: Batch) -> None:
        # Under the lake's lock: of two people who mend the same row at once, the second is told so.
        if not _open(row).update(closed_by=by):
            raise Fault("这一行已由他人处理")
        audit.record("quarantine.mend", by=by, on_kind="quarantined", on_id=row.pk, source=source)

    with Interpreter() as interpreter:
        landing = Landing(lake(), importing.arrival(row.of, through), interpreter)
        landing.land(landing.approach([entry]), batch, within=close)
    return batch


def discard_rows(imported: Import, rows: Sequence[int], note: str, *, by: Staff, source: str = "") -> int:
    """Close open rows (by primary key) without taking them in. They stay in the account as quarantined."""
    _may_mend(by)
    if not note.strip():
        raise Fault("请说明放弃的原因")
    with transaction.atomic():
        chosen = imported.quarantine.filter(pk__in=rows, state=Quarantined.State.OPEN)
        state, now = Quarantined.State.DISCARDED, timezone.now()
        closed = chosen.update(state=state, closed_by=by, closed_at=now, note=masked_value("", note.strip())[:400])
        if closed:
            audit.record("quarantine.discard", by=by, on_kind="import", on_id=imported.pk, source=source, rows=closed)
    return closed


def _open(row: Quarantined) -> QuerySet[Quarantined]:
    return Quarantined.objects.filter(pk=row.pk, state=Quarantined.State.OPEN)


def _may_mend(by: Staff) -> None:
    if "quarantine.mend" not in by.rights:
        raise PermissionDenied
