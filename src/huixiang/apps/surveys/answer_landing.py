"""Where do the rows of a file with answers land? With their words in one batch, as answers to our own links do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.landing import Approach
from huixiang.apps.feedback.models import Batch
from huixiang.apps.surveys.answer_rows import Form
from huixiang.apps.surveys.landing import Coming, Landing, coming
from huixiang.channels.contract import Refused
from huixiang.lake.store import Lake


@dataclass(slots=True)
class Approaching(Approach):
    """Questionnaires on their way, their words being understood while the batch before them is written."""

    coming: list[Coming] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswersLanding:
    """Where an import's answers land."""

    form: Form
    landing: Landing

    @property
    def lake(self) -> Lake:
        return self.landing.lake

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approaching:
        first = entries[0].row if entries else 1
        there = coming([(self.form, entry.record.filled) for entry in entries], first)
        unread = self.landing.unread(there)
        readings = self.landing.interpreter.submit([entry.record for entry in unread]) if unread else None
        return Approaching(entries, refused, [entry.row for entry in unread], readings, there)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        assert isinstance(approach, Approaching)
        ready = approach.readings.result(self.landing.waiting) if approach.readings else []
        readings = dict(zip(approach.rows, ready, strict=True))
        self.landing.land(approach.coming, readings, batch, approach.refused, within)
