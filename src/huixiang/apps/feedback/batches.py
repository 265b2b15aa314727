"""How does a batch enter the lake exactly once, whenever the process is killed? See docs/methods/exactly-once.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from huixiang.apps.access.sealing import seal
from huixiang.apps.feedback import guests, journal, quarantine, repeated
from huixiang.apps.feedback.faults import kept_open, sealable
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault, Refused
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake

REPLACED = (
    "voices",
    "turns",
    "calls",
    "tickets",
    "clicks",
    "downtimes",
    "customers",
    "posts",
)  # of which an id stands once, in its latest version
LAST = ("voices", "calls", "tickets", "clicks", "downtimes", "customers", "posts", "responses")


@contextmanager
def turn(lake: Lake, waiting: Callable[[], None] = patient) -> Iterator[None]:
    """One writer at a time, and what a killed one left behind is brought to its end first."""
    with lake.writing(waiting):
        _settle(lake)
        yield


def commit(
    lake: Lake,
    batch: Batch,
    refused: Sequence[Refused],
    facts: Facts | None,
    within: Callable[[Batch], None] = lambda batch: None,
) -> None:
    """Journal, rows, lake, confirmation, in this order. Call inside `turn`; `within` joins the rows' transaction.

    Refused rows that were refused before wait there: they count as the same (see repeated).
    """
    fresh, again = repeated.told_apart(batch.of, refused) if refused else ([], [])
    batch.quarantined, batch.same = batch.quarantined - len(again), batch.same + len(again)
    batch.number = _next_number(lake, batch.of)
    if facts and not facts.rereads:
        journal.write(str(batch.of_id), batch.number, facts)
    with transaction.atomic():
        batch.save(force_insert=True)
        within(batch)
        rows = [_kept(batch, row, mark) for row, mark in fresh]
        rows += [_again(batch, row, first) for row, first in again]
        Quarantined.objects.bulk_create(rows, batch_size=500)
    if facts:
        _carry(lake, batch, facts)
    _confirm(batch)


def rows_read(imported: Import) -> int:
    """From which row on does a resumed import go on?"""
    reached = imported.batches.exclude(confirmed_at=None).aggregate(Max("rows_read"))["rows_read__max"]
    return int(reached or 0)


def reason(fault: Fault, fields: Mapping[str, str], cut: Sequence[str] = ()) -> dict[str, Any]:
    """What a quarantined row keeps of why it was refused: what is quoted of its cells stands inside the seal alone.

    `cut`: see Refused.
    """
    content = {"fields": dict(fields), "column": fault.column or "", "params": sealable(fault)}
    return {
        "column": masked_value("", fault.column or "")[:120],
        "message": fault.message,
        "params": kept_open(fault),
        "sealed": seal(content | {"cut": list(cut)}),
    }


def _settle(lake: Lake) -> None:
    """Bring every unconfirmed batch to its end: nobody else is writing, so its process is dead."""
    for batch in Batch.objects.filter(confirmed_at=None).order_by("pk"):
        facts = journal.read(str(batch.of_id), batch.number)
        if facts:
            _carry(lake, batch, facts)
        elif batch.new + batch.changed and _reached(lake, batch.of_id) < batch.number:
            batch.delete()  # its journal was lost, as after restoring a backup, or it had none: its rows are read again
            continue
        _confirm(batch)
    journal.sweep()


def _carry(lake: Lake, batch: Batch, facts: Facts) -> None:
    writer, number = str(batch.of_id), batch.number
    for name in journal.TABLES:
        table = facts.table(name)
        if not table.num_rows:
            continue
        # Once the voices stand, what says the same as one that strayed is a copy of what that says now.
        strayed = facts.strayed if name == "voices" else ()
        if name in REPLACED and facts.replaces:
            lake.upsert_once(name, table, writer=writer, batch=number, strayed=strayed)
        else:
            lake.append_once(name, table, writer=writer, batch=number)
    lake.retire(facts.retired)


def _reached(lake: Lake, import_id: UUID) -> int:
    """The last batch of an import whose facts stand in the lake: each batch ends with one of these."""
    return max(lake.batch_done(name, str(import_id)) for name in LAST)


def _confirm(batch: Batch) -> None:
    now = timezone.now()
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(confirmed_at=now)
        batch.mends.update(state=Quarantined.State.MENDED, closed_at=now)
        if guests.of(batch.of):
            quarantine.forget(batch.mends.all())
    journal.forget(str(batch.of_id), batch.number)


def _next_number(lake: Lake, imported: Import) -> int:
    """After a restored backup the lake may know more batches than the rows do: never use a number twice."""
    written = imported.batches.aggregate(Max("number"))["number__max"] or 0
    return 1 + max(written, *(lake.batch_done(name, str(imported.pk)) for name in journal.TABLES))


def _again(batch: Batch, refused: Refused, first: int) -> Quarantined:
    """That it came again, where and why: nothing of what stands in it, which the first keeps as long as it may."""
    told, now = reason(refused.fault, {}), timezone.now()
    told["sealed"] = seal({"fields": {}, "column": told["column"], "params": told["params"]})
    state = Quarantined.State.REPEATED
    at = {"closed_at": now, "emptied_at": now}
    return Quarantined(of=batch.of, batch=batch, row=refused.number, state=state, first_id=first, **at, **told)


def _kept(batch: Batch, refused: Refused, mark: str) -> Quarantined:
    told = reason(refused.fault, refused.fields, refused.cut)
    return Quarantined(of=batch.of, batch=batch, row=refused.number, mark=mark, **told)
