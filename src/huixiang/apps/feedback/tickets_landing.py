"""How do tickets reach the lake? A million at once: compared as a set with what is there, only what differs apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone
from numpy.typing import NDArray

from huixiang.apps.feedback import batches, terms, ticket_rows
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.landing import Approach, ids_of
from huixiang.apps.feedback.models import Batch, Tombstone
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels.contract import Aside, Refused
from huixiang.channels.tickets.parquet import Block, texts
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.schema import TICKETS
from huixiang.lake.store import Lake

TERM = "tickets"  # the code of their term
Places = NDArray[np.int64]


@dataclass(slots=True)
class Coming:
    """What becomes of tickets on their way: rows for the lake, and the numbers of rows that are told as doubles."""

    rows: pa.Table
    new: int = 0
    same: int = 0
    changed: int = 0
    erased: int = 0
    doubles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketsLanding:
    """Where an import's tickets land."""

    lake: Lake
    arrival: Arrival
    key: bytes
    names: ticket_rows.Names
    waiting: Callable[[], None] = patient

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach:
        return Approach(entries, refused)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        is_mended = batch.quarantined < 0
        rows = ticket_rows.lake_rows(ticket_rows.columns_of(approach.entries), self.arrival, self.key, self.names)
        with batches.turn(self.lake, self.waiting):
            refused = without_erased(approach.refused)
            coming = self._compared(self._kept(rows))
            doubles = _doubles(approach, coming.doubles)
            if doubles and not batch.read:  # of mended rows each is in a batch already
                raise doubles[0].fault
            batch.new, batch.same, batch.changed = coming.new, coming.same, coming.changed
            batch.erased = rows.num_rows - coming.new - coming.same - coming.changed - len(doubles)
            batch.erased += len(approach.refused) - len(refused)
            batch.quarantined += len(refused) + len(doubles)
            # A killed batch of a file is read again from there; what a person mended is in no file.
            facts = Facts(tickets=coming.rows, replaces=coming.changed > 0, rereads=not is_mended)
            if facts.replaces or is_mended:
                facts = replace(facts, tickets=coming.rows.cast(TICKETS))
            batches.commit(self.lake, batch, [*refused, *doubles], facts if coming.rows.num_rows else None, within)

    def _kept(self, rows: pa.Table) -> pa.Table:
        """Without what a customer had erased, and what is older than the term."""
        keep = np.ones(rows.num_rows, np.bool_)
        if erased := erased_among(rows):
            keep &= ~np.asarray(pc.is_in(rows["id"], value_set=pa.array(erased, pa.string())))
        today = timezone.localdate()
        if floor := max(terms.over_of(TERM, today), terms.floors(TERM).get(TERM, "")):
            keep &= np.asarray(pc.greater_equal(rows["month"].cast(pa.string()), floor))
        return rows if keep.all() else rows.filter(pa.array(keep))

    def _compared(self, rows: pa.Table) -> Coming:
        """Within these rows first, then with what the lake holds of the same days and branches."""
        firsts, again, differ = ticket_rows.first_of_each(rows)
        doubles = set(rows["import_row"].take(pa.array(differ)).to_pylist())
        own = rows if len(firsts) == rows.num_rows else rows.take(pa.array(firsts))
        known = questions.known_tickets(self.lake, own)
        if not known.num_rows:
            return Coming(own, own.num_rows, len(again), doubles=tuple(sorted(doubles)))
        places = np.asarray(pc.index_in(known["id"], value_set=own["id"].combine_chunks()))
        there = own.take(pa.array(places)).cast(TICKETS)
        same = ticket_rows.same(there, known)
        other = ~ticket_rows.same(there, known, ("arrived_at",))
        doubles |= set(there["import_row"].filter(pa.array(other)).to_pylist())
        out = np.zeros(own.num_rows, np.bool_)
        out[places[same | other]] = True
        changed = int((~same & ~other).sum())
        rest = own.filter(pa.array(~out))
        return Coming(
            rest, rest.num_rows - changed, len(again) + int(same.sum()), changed, doubles=tuple(sorted(doubles))
        )


def erased_among(rows: pa.Table) -> list[str]:
    """Which of these did a customer have erased? There are few tombstones, and many tickets."""
    if not rows.num_rows:
        return []
    days = pc.min_max(rows["arrived_on"])
    return erased_between(days["min"].as_py(), days["max"].as_py())


def erased_between(first: date, last: date) -> list[str]:
    """Which facts of these days did customers have erased? Their ids begin with the day."""
    after = last + timedelta(days=1)
    found = Tombstone.objects.filter(
        pk__gte=f"{first:%Y%m%d}", pk__lt=f"{after:%Y%m%d}"
    )  # digits sort alike everywhere
    return list(found.values_list("pk", flat=True))


def without_erased(refused: Sequence[Refused]) -> list[Refused]:
    """Rows that cannot be read, but those of what was erased: they are not kept aside either."""
    named = [(each, ids_of(each)) for each in refused]
    erased = Tombstone.objects.among(set[str]().union(*(ids for _each, ids in named)))
    return [each for each, ids in named if not ids & erased]


def _doubles(approach: Approach, numbers: Sequence[int]) -> list[Refused]:
    """The number was printed twice that day: both cannot be the same ticket, and nobody knows which is right."""
    if not numbers:
        return []
    fields = _fields(approach, set(numbers))
    message = "第 %(row)s 行：这个网点当天的这个排队号已有另一张票；请核对取号时间，或在号码后加字母区分"
    return [Refused(number, Aside(message, row=number), fields.get(number, {})) for number in numbers]


def _fields(approach: Approach, numbers: set[int]) -> dict[int, dict[str, str]]:
    if isinstance(approach.entries, ticket_rows.TicketRows):
        block: Block | None = approach.entries.block
        if block is None:
            return {}
        places = sorted(number - block.number for number in numbers)
        return {row.number: dict(row.fields) for row in texts(block, places)}
    return {entry.row: dict(entry.fields) for entry in approach.entries if entry.row in numbers}
