"""How do records reach the lake? The one way for a file's rows and for a mended one: compare, understand, commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huixiang.apps.feedback import batches, identity, terms
from huixiang.apps.feedback.admission import Gate, NotAdmitted
from huixiang.apps.feedback.classification import Entry, Told, classify, unread
from huixiang.apps.feedback.interpreter import Interpreter, Readings
from huixiang.apps.feedback.models import Batch, Tombstone
from huixiang.apps.feedback.voice_rows import Arrival, facts
from huixiang.channels.contract import Refused
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake

Accompany = Callable[[Batch, Sequence[Entry]], None]
ACCOMPANIES: list[Accompany] = []


def accompanies(function: Accompany) -> Accompany:
    """Register what a later stage keeps of records that land: `f(batch, entries)`, in the batch's transaction.

    Its entries are all that came in, the same as before included; the lake's lock is held. Called again, it must find
    its work done. The module must be imported by its app's `AppConfig.ready`.
    """
    ACCOMPANIES.append(function)
    return function


@dataclass(slots=True)
class Approach:
    """Entries on their way: understood in the background while the batch before them is written."""

    entries: Sequence[Told[Any]]
    refused: Sequence[Refused] = ()
    rows: list[int] = field(default_factory=list)  # row numbers of those being understood
    readings: Readings | None = None


@dataclass(frozen=True, slots=True)
class Landing:
    """Where an import's records land."""

    lake: Lake
    arrival: Arrival
    interpreter: Interpreter
    waiting: Callable[[], None] = patient  # called while another process writes to the lake
    again: Callable[[], bool] = lambda: False  # did this file come in before? Then what it brought is no change

    def approach(self, entries: Sequence[Entry], refused: Sequence[Refused] = ()) -> Approach:
        """Begin to understand what the lake does not hold yet. Only a guess: `land` looks again under its lock."""
        known = self._known(entries)
        places = unread(entries, known)
        rows = [entries[place].row for place in places]
        readings = self.interpreter.submit([entries[place].record for place in places]) if places else None
        return Approach(entries, refused, rows, readings)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        ready = approach.readings.result(self.waiting) if approach.readings else []
        readings = dict(zip(approach.rows, ready, strict=True))
        with batches.turn(self.lake, self.waiting):
            coming, kept_aside = without_erased(approach, batch, self.arrival.gate)
            known = self._known(coming)
            entries, strays = told_apart(self.arrival.gate, coming, known)
            if strays and not batch.read:  # of mended rows each is in a batch already
                raise strays[0].fault
            refused = [*kept_aside, *strays]
            classes = classify(entries, known)
            # Another import may have changed a voice in the meantime, so that one thought the same is not.
            late = [e for e in (*classes.latest.values(), *classes.passed) if e.row not in readings]
            if late:
                found = self.interpreter.submit([entry.record for entry in late]).result(self.waiting)
                readings |= {entry.row: reading for entry, reading in zip(late, found, strict=True)}
            batch.new, batch.same, batch.changed = classes.new, classes.same, classes.changed
            batch.quarantined += len(refused)
            facts_ = facts(self.lake, self.arrival, classes, readings)

            def together(batch: Batch) -> None:
                within(batch)
                for keep in ACCOMPANIES:
                    keep(batch, entries)

            batches.commit(self.lake, batch, refused, facts_, together)

    def _known(self, entries: Sequence[Entry]) -> dict[str, questions.Known]:
        return questions.known(self.lake, {entry.voice_id for entry in entries}, with_past=self.again())


def without_erased(
    approach: Approach, batch: Batch, gate: Gate, other: Callable[[Told[Any]], str] = lambda entry: entry.voice_id
) -> tuple[list[Told[Any]], list[Refused]]:
    """What a customer had had erased stays out, and what is older than its channel's term; it is counted as erased.

    Asked under the lake's lock: see erasing, expiring. `other`: a second id by which an entry may be known.
    """
    named = [(refused, ids_of(refused)) for refused in approach.refused]
    known = [(entry, {entry.voice_id, other(entry)}) for entry in approach.entries]
    erased = Tombstone.objects.among(set[str]().union(*(ids for _, ids in [*known, *named])))
    over = terms.coming(entry.voice_id for entry in approach.entries)
    entries = [entry for entry, ids in known if not ids & erased and not terms.is_too_late(entry, gate, over)]
    refused = [each for each, ids in named if not ids & erased]
    batch.erased = len(approach.entries) + len(approach.refused) - len(entries) - len(refused)
    return entries, refused


def ids_of(refused: Refused) -> set[str]:
    """By which ids would a refused row be known, had it been erased?"""
    voice = {refused.fault.voice_id} if isinstance(refused.fault, NotAdmitted) else set()
    return voice | {identity.row_id(refused.fields)}


def told_apart(
    gate: Gate, entries: Sequence[Entry], known: Mapping[str, questions.Known]
) -> tuple[list[Entry], list[Refused]]:
    """Those that may come in, and those that would take the place of a voice beyond the person's reach."""
    strays = {e.row for e in entries if e.voice_id in known and gate.keeps_out(known[e.voice_id].branch)}
    return (
        [entry for entry in entries if entry.row not in strays],
        [Refused(e.row, gate.elsewhere(e.row), e.fields) for e in entries if e.row in strays],
    )
