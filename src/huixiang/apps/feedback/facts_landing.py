"""How do digital facts reach the lake? A million at once: compared as a set with what is there, once however often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils import timezone

from huixiang.apps.feedback import batches, terms, ticket_rows
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.facts_reading import FactKind, columns_of
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.landing import Approach
from huixiang.apps.feedback.models import Batch, Tombstone
from huixiang.apps.feedback.tickets_landing import erased_between, without_erased
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels.contract import Refused
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake


@dataclass(slots=True)
class Coming:
    """What becomes of facts on their way: rows for the lake, and how many of all were new, the same or changed."""

    rows: pa.Table
    new: int = 0
    same: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class FactsLanding:
    """Where an import's facts land."""

    kind: FactKind
    lake: Lake
    arrival: Arrival
    key: bytes  # of the hashes by which facts are known
    names: ticket_rows.Names
    waiting: Callable[[], None] = patient

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach:
        return Approach(entries, refused)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        is_mended = batch.quarantined < 0
        rows = self.kind.rows(columns_of(self.kind, approach.entries), self.arrival, self.key, self.names)
        with batches.turn(self.lake, self.waiting):
            refused = without_erased(approach.refused)
            kept = self._kept(rows)
            coming = self._compared(kept)
            batch.new, batch.same, batch.changed = coming.new, coming.same, coming.changed
            batch.erased = rows.num_rows - kept.num_rows + len(approach.refused) - len(refused)
            batch.quarantined += len(refused)
            facts = Facts(**{self.kind.table: coming.rows}, replaces=coming.changed > 0, rereads=not is_mended)
            batches.commit(self.lake, batch, refused, facts if coming.rows.num_rows else None, within)

    def _kept(self, rows: pa.Table) -> pa.Table:
        """Without what a customer had erased, and what is older than the term."""
        if not rows.num_rows or not self.kind.term:
            return rows
        keep = pc.invert(pc.is_in(rows["id"], value_set=pa.array(self._erased(rows), pa.string())))
        today = timezone.localdate()
        if floor := max(terms.over_of(self.kind.term, today), terms.floors(self.kind.term).get(self.kind.term, "")):
            keep = pc.and_(keep, pc.greater_equal(rows["month"], floor))
        return rows.filter(keep)

    def _erased(self, rows: pa.Table) -> list[str]:
        if self.kind.day:
            days = pc.min_max(rows[self.kind.day])
            return erased_between(days["min"].as_py(), days["max"].as_py())
        return list(Tombstone.objects.filter(pk__startswith="customer").values_list("pk", flat=True))

    def _compared(self, rows: pa.Table) -> Coming:
        """Of what the file tells twice the later holds; then compared with what the lake holds."""
        firsts, again, differ = ticket_rows.first_of_each(rows)
        own = rows if len(firsts) == rows.num_rows else rows.take(pa.array(firsts))
        if len(differ):
            own = _with_later(own, rows.take(pa.array(differ)))
        known = questions.known_facts(self.lake, self.kind.table, own, self.kind.day)
        if not known.num_rows:
            return Coming(own, len(firsts), len(again), len(differ))
        places = np.asarray(pc.index_in(known["id"], value_set=own["id"].combine_chunks()))
        same = ticket_rows.same(own.take(pa.array(places)), known, ticket_rows.told_of(known.schema))
        out = np.zeros(own.num_rows, np.bool_)
        out[places[same]] = True
        changed = int((~same).sum())
        rest = own.filter(pa.array(~out))
        return Coming(rest, rest.num_rows - changed, len(again) + int(same.sum()), changed + len(differ))


def _with_later(firsts: pa.Table, later: pa.Table) -> pa.Table:
    """What was told of the same again, otherwise, in place of what was told first; the last of it holds."""
    latest = later.sort_by([("import_row", "descending")])
    places, _again, _differ = ticket_rows.first_of_each(
        latest.set_column(latest.column_names.index("import_row"), "import_row", pa.array(range(latest.num_rows)))
    )
    last = latest.take(pa.array(places))
    kept = firsts.filter(pc.invert(pc.is_in(firsts["id"], value_set=last["id"].combine_chunks())))
    return pa.concat_tables([kept, last])
