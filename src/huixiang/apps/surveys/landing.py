"""How do filled-in questionnaires reach the lake, once, whatever happens? With their words, in one batch.

The response, its answers and the voices of its words go through one journal (docs/methods/exactly-once.md): none of
them is ever there without the others. What the lake holds already is left out, so that the same file, or a batch that
was done before, adds nothing; what a customer had had erased, or what is older than its term, stays away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from huixiang.apps.feedback import batches, terms, tiers
from huixiang.apps.feedback.admission import gate
from huixiang.apps.feedback.classification import Classes, Entry, classify
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter, Reading
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.landing import ids_of
from huixiang.apps.feedback.models import Batch, Import, Tombstone
from huixiang.apps.feedback.voice_rows import Arrival, facts
from huixiang.apps.surveys.answer_rows import Filled, Form, answer_rows, response_row, texts
from huixiang.channels.contract import Refused
from huixiang.domain.surveys.scores import FEWEST
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.schema import ANSWERS, RESPONSES, SPEAKERS
from huixiang.lake.store import Lake

TERM = "answers"  # under which code the term of named surveys' answers stands


@dataclass(slots=True)
class Coming:
    """One filled-in questionnaire on its way, with the voices of its words."""

    form: Form
    filled: Filled
    row: int
    entries: dict[str, Entry] = field(default_factory=dict)  # question → its voice


@dataclass(frozen=True, slots=True)
class Landing:
    """Where an import's responses land."""

    lake: Lake
    of: Import
    interpreter: Interpreter
    waiting: Callable[[], None] = patient

    def unread(self, coming: Sequence[Coming]) -> list[Entry]:
        """The words that the lake does not hold yet."""
        entries = [entry for each in coming for entry in each.entries.values()]
        known = questions.known(self.lake, {entry.voice_id for entry in entries}) if entries else {}
        return [entry for entry in entries if entry.voice_id not in known]

    def read(self, coming: Sequence[Coming]) -> dict[int, Reading]:
        """Understand these words, before anybody waits for it. By the number of the voice's row."""
        return self._understood(self.unread(coming))

    def land(
        self,
        coming: Sequence[Coming],
        readings: Mapping[int, Reading],
        batch: Batch,
        refused: Sequence[Refused] = (),
        within: Callable[[Batch], None] = lambda batch: None,
    ) -> Batch:
        """Commit them as this batch, whose counts are filled in here: of questionnaires, not of words.

        Rows that were refused wait in quarantine, but for those that a customer had had erased there.
        """
        with batches.turn(self.lake, self.waiting):
            ids = {each.filled.id for each in coming}
            there, erased = questions.known_responses(self.lake, ids), Tombstone.objects.among(ids) | _too_late(coming)
            fresh = {each.filled.id: each for each in coming if each.filled.id not in there | erased}
            aside = _without_erased(refused)
            out = sum(each.filled.id in erased for each in coming)
            batch.new, batch.changed, batch.same = len(fresh), 0, len(coming) - len(fresh) - out
            batch.erased = out + len(refused) - len(aside)
            batch.quarantined += len(aside)
            batches.commit(self.lake, batch, aside, self._facts([*fresh.values()], readings), within)
        return batch

    def _facts(self, fresh: Sequence[Coming], readings: Mapping[int, Reading]) -> Facts | None:
        if not fresh:
            return None
        arrival = Arrival(str(self.of.pk), self.of.created_at, gate(None, {}), settings.MASKING_KEY.encode())
        voices = self._voices(fresh)
        late = [entry for entry in voices.latest.values() if entry.row not in readings]  # known a moment ago
        found = facts(self.lake, arrival, voices, {**readings, **self._understood(late)}) or Facts()
        answers = [
            row
            for each in fresh
            for row in answer_rows(
                each.form, each.filled, {question: entry.voice_id for question, entry in each.entries.items()}
            )
        ]
        order = self.lake.version("responses") + 2  # a version is used once, also after erasures
        responses = [response_row(each.form, each.filled, str(self.of.pk), each.row, order) for each in fresh]
        return replace(
            found,
            speakers=pa.concat_tables([found.speakers, _speakers(fresh)]),
            answers=pa.Table.from_pylist(answers, schema=ANSWERS),
            responses=pa.Table.from_pylist(responses, schema=RESPONSES),
        )

    def _understood(self, entries: Sequence[Entry]) -> dict[int, Reading]:
        if not entries:
            return {}
        found = self.interpreter.submit([entry.record for entry in entries]).result(self.waiting)
        return {entry.row: reading for entry, reading in zip(entries, found, strict=True)}

    def _voices(self, fresh: Sequence[Coming]) -> Classes:
        """A voice that is there already, say by an import of the words alone, stays as it came."""
        entries = [entry for each in fresh for entry in each.entries.values()]
        ids = {entry.voice_id for entry in entries}
        out = set(questions.known(self.lake, ids)) | Tombstone.objects.among(ids)
        return classify([entry for entry in entries if entry.voice_id not in out], {})


def coming(forms: Sequence[tuple[Form, Filled]], first: int) -> list[Coming]:
    """Number them, and their words, from this row on.

    Words are voices from the moment they land. Those of an anonymous survey name their branch only where FEWEST land
    together with it, say from a file of three rows not.
    """
    company = Counter((form.slug, filled.unit, filled.answered_on) for form, filled in forms)
    found: list[Coming] = []
    number, known = first, tiers.in_force()
    for place, (form, filled) in enumerate(forms):
        each = Coming(form, filled, first + place)
        for question, said in texts(form.questionnaire, filled.answers):
            record = form.record(filled, question, said)
            # Of an anonymous survey words beside a class could lead to somebody.
            record = replace(record, tier="" if form.is_anonymous else known.code_of(filled.tier))
            if form.is_anonymous and company[form.slug, filled.unit, filled.answered_on] < FEWEST:
                record = replace(record, branch=None)
            each.entries[question] = Entry.of(number, record, voice_key())
            number += 1
        found.append(each)
    return found


def _too_late(coming: Sequence[Coming]) -> set[str]:
    """Whose time is over already, of those with a name, or was so under an earlier term?"""
    before = terms.kept_from(TERM, timezone.localdate())
    return {
        each.filled.id for each in coming if not each.form.is_anonymous and f"{each.filled.answered_on:%Y-%m}" < before
    }


def _without_erased(refused: Sequence[Refused]) -> list[Refused]:
    known = [(each, ids_of(each)) for each in refused]
    erased = Tombstone.objects.among(set[str]().union(*(ids for _each, ids in known)))
    return [each for each, ids in known if not ids & erased]


def _speakers(fresh: Sequence[Coming]) -> pa.Table:
    """Who answered, where the survey is not anonymous: by it the customer can have all of it erased."""
    rows = [
        {"id": id, "version": 1, "pseudonym": each.filled.customer, "month": f"{each.filled.answered_on:%Y-%m}"}
        for each in fresh
        if each.filled.customer and not each.form.is_anonymous
        for id in (each.filled.id, *(entry.voice_id for entry in each.entries.values()))
    ]
    return pa.Table.from_pylist(rows, schema=SPEAKERS)
