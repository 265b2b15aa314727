"""What becomes of a row that could not be read? A person mends it and it goes in as any other, or discards it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import guests, mending, quarantine, set_aside, terms, uploads
from huixiang.apps.feedback.faults import calling
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.mending import Outcome, Person
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault, Row


def mend_row(row: Quarantined, fields: Mapping[str, str], *, by: Staff, source: str = "") -> Batch:
    """Read the mended fields as the import's format reads a row, and land the voice as a further batch of the import.

    Raises Fault where the row still cannot be read, where only a part of it stands here and is as it was, or where
    somebody else has closed it in the meantime.
    """
    _may_mend(by, row.of)
    if fault := quarantine.opened(row).not_whole(fields):
        raise fault
    through = mending.reader(row.of, by)
    entry = mending.entry_of(through, Row(row.row, dict(fields)), terms.coming(()))

    def closing(batch: Batch) -> None:
        audit.record("quarantine.mend", by=by, on_kind="quarantined", on_id=row.pk, source=source)

    return mending.land(row.of, [(row, entry)], through, by, closing)


def retry_rows(imported: Import, rows: QuerySet[Quarantined], *, by: Person, source: str = "") -> Outcome:
    """Read open rows again as they stand: after a unit was founded, or the head office widened somebody's reach."""
    _may_mend(by, imported)
    keys = list(rows.order_by("row").values_list("pk", flat=True))
    total = Outcome(left=max(0, len(keys) - mending.MOST))
    for stretch in mending.waiting(imported, keys[: mending.MOST]):
        _add(total, _mend(imported, stretch, "quarantine.retry", by, source))
    return total


def mend_file(
    path: Path, *, by: Person, within: Import | None = None, source: str = ""
) -> tuple[Outcome, list[Import]]:
    """Rows exported from quarantine and mended in a spreadsheet land in the imports that they came from.

    `within`: only rows of this import count. Raises Fault where the file is no such export.
    """
    if isinstance(by, Staff) and by.rights.isdisjoint(guests.MEND):
        raise PermissionDenied
    visible = Import.objects.mendable_by(by) if isinstance(by, Staff) else Import.objects.all()
    imports: dict[object, Import] = {}
    total = Outcome()
    for stretch in mending.returned(path, visible.filter(pk=within.pk) if within else visible, total):
        stretch.sort(key=lambda each: (str(each[0].of_id), each[0].row))
        for _import_id, rows in groupby(stretch, key=lambda each: each[0].of_id):
            mended = list(rows)
            imported = imports.setdefault(mended[0][0].of_id, mended[0][0].of)
            _add(total, _mend(imported, mended, "quarantine.return", by, source))
    return total, list(imports.values())


def mend_upload(name: str, chunks: Iterable[bytes], *, by: Staff, within: Import, source: str = "") -> Outcome:
    """The same for a file that was sent; it is not kept."""
    _may_mend(by, within)
    place = uploads.keep(uuid4(), name, chunks)
    try:
        with calling(Import(file_name=name, path=str(place))):
            return mend_file(place, by=by, within=within, source=source)[0]
    finally:
        place.unlink(missing_ok=True)


def discard_rows(imported: Import, rows: QuerySet[Quarantined], note: str, *, by: Staff, source: str = "") -> int:
    """Close open rows without taking them in, however many. They stay in the account as quarantined."""
    _may_mend(by, imported)
    if not note.strip():
        raise Fault("请说明放弃的原因")
    with transaction.atomic():
        chosen = rows.filter(of=imported, state=Quarantined.State.OPEN, mended_by=None)
        keys = list(chosen.values_list("pk", flat=True)) if guests.of(imported) else []
        state, now = Quarantined.State.DISCARDED, timezone.now()
        closed = chosen.update(state=state, closed_by=by, closed_at=now, note=masked_value("", note.strip())[:400])
        quarantine.forget(Quarantined.objects.filter(pk__in=keys, state=state))
        if closed:
            set_aside.settle(imported.pk)
            audit.record("quarantine.discard", by=by, on_kind="import", on_id=imported.pk, source=source, rows=closed)
    return closed


def _mend(
    imported: Import, rows: Sequence[tuple[Quarantined, Mapping[str, str]]], verb: str, by: Person, source: str
) -> Outcome:
    def closing(batch: Batch) -> None:
        audit.record(verb, by=by, on_kind="import", on_id=imported.pk, source=source, rows=-batch.quarantined)

    return mending.mend(imported, rows, by, closing)


def _add(total: Outcome, part: Outcome) -> None:
    for name, count in asdict(part).items():
        setattr(total, name, getattr(total, name) + count)


def _may_mend(by: Person, of: Import) -> None:
    if isinstance(by, Staff) and guests.right_to_mend(of) not in by.rights:
        raise PermissionDenied
