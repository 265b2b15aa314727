"""Where does a guest's file land whose rows become rows of its own stage, not facts of the lake? Each once, by its key.

Portions land in transactions of their own, so that a long file never keeps others from their work; killed half-way,
what is in is known by its key and counts as of this import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from huixiang.apps.feedback import batches
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.landing import Approach
from huixiang.apps.feedback.models import Batch, Import
from huixiang.channels.contract import Refused
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Bringing:
    """How a stage brings rows in: `key` names a row, `ours` tells the keys that this import brought before a kill,
    `bring` takes a portion in and tells of each whether it is new.
    """

    key: Callable[[Any], Any]
    ours: Callable[[UUID, Sequence[Any]], set[Any]]
    bring: Callable[[Sequence[Any]], Sequence[bool]]
    portion: int


@dataclass(frozen=True, slots=True)
class RowLanding:
    """Where an import's rows land: among those of the stage."""

    lake: Lake
    of: Import
    by: Bringing
    waiting: Callable[[], None] = patient

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach:
        return Approach(entries, refused)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        rows = [entry.record for entry in approach.entries]
        is_mended = batch.quarantined < 0
        new = 0 if is_mended else self._brought(rows)
        with batches.turn(self.lake, self.waiting):
            batch.quarantined += len(approach.refused)
            batch.new, batch.changed, batch.erased, batch.same = new, 0, 0, len(rows) - new

            def both(batch: Batch) -> None:
                # Only once the rows are ours to mend: of two people who mend one, the second brings nothing in.
                within(batch)
                if is_mended:
                    batch.new = self._brought(rows)
                    batch.same = len(rows) - batch.new
                    batch.save(update_fields=["new", "same"])

            batches.commit(self.lake, batch, approach.refused, None, both)

    def _brought(self, rows: Sequence[Any]) -> int:
        """How many are new by this import? Those of a killed attempt are, and a key twice in a file is once."""
        before, count = self.by.ours(self.of.pk, rows), 0
        for begin in range(0, len(rows), self.by.portion):
            portion = rows[begin : begin + self.by.portion]
            for row, is_new in zip(portion, self.by.bring(portion), strict=True):
                count += is_new or self.by.key(row) in before
                before.discard(self.by.key(row))
            self.waiting()
        return count
