"""How do the records of calls reach the lake? As voices do, but that nothing is to be understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from huixiang.apps.feedback import batches, call_rows
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.landing import Approach, without_erased
from huixiang.apps.feedback.models import Batch
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels.contract import Refused
from huixiang.domain.hotline import SAME_STAY_SECONDS, Stay
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake

Accompany = Callable[[Batch, Sequence[Told[Stay]]], None]
ACCOMPANIES: list[Accompany] = []


def accompanies(function: Accompany) -> Accompany:
    """Register what a later stage keeps of who called: `f(batch, stays)`, as landing.accompanies does for voices.

    Only stays whose caller stands as they tell him, once all sources of the call were compared.
    """
    ACCOMPANIES.append(function)
    return function


@dataclass(frozen=True, slots=True)
class CallsLanding:
    """Where an import's stays land."""

    lake: Lake
    arrival: Arrival
    key: bytes  # of the hashes by which calls are known
    waiting: Callable[[], None] = patient

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach:
        return Approach(entries, refused)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        with batches.turn(self.lake, self.waiting):
            entries, refused = without_erased(approach, batch, self.arrival.gate, self._transcript)
            found = call_rows.compared(self.arrival, entries, self._known(entries), self.key)
            batch.new, batch.same, batch.changed = found.new, found.same, found.changed
            batch.quarantined += len(refused)
            facts = Facts(calls=found.table(), replaces=bool(found.replaced)) if found.rows else None

            def together(batch: Batch) -> None:
                within(batch)
                for keep in ACCOMPANIES:
                    keep(batch, found.callers)

            batches.commit(self.lake, batch, refused, facts, together)

    def _transcript(self, entry: Told[Stay]) -> str:
        return entry.record.transcript_id(self.key)

    def _known(self, entries: Sequence[Told[Stay]]) -> list[call_rows.Row]:
        if not entries:
            return []
        moments = [entry.record.entered_at for entry in entries]
        leeway = timedelta(seconds=SAME_STAY_SECONDS)
        ids = {entry.record.transcript_id(self.key) for entry in entries}
        return questions.known_calls(self.lake, ids, min(moments) - leeway, max(moments) + leeway)
