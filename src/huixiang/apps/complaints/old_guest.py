"""How do old registers come in by the bank's imports? With their account, their job, their quarantine.

A hundred cases land in a transaction of their own, so that a long register never keeps the others from their work;
killed half-way, what is in is known by its old number and counts as of this import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints.actions.bringing import PORTION, RIGHT, Bringing, bring, key_of, ours
from huixiang.apps.complaints.old_rows import FORMAT, TITLE, OldFormat, OldGate, OldRow
from huixiang.apps.feedback import batches, guests
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.classification import Told
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.landing import Approach
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader
from huixiang.channels import old_registers
from huixiang.channels.contract import Defaults, Refused
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class RegisterLanding:
    """Where an import's old cases land: among the complaints."""

    lake: Lake
    of: Import
    waiting: Callable[[], None] = patient

    def approach(self, entries: Sequence[Told[Any]], refused: Sequence[Refused] = ()) -> Approach:
        return Approach(entries, refused)

    def land(self, approach: Approach, batch: Batch, within: Callable[[Batch], None] = lambda batch: None) -> None:
        """Commit what approached as this batch, whose counts are filled in here."""
        rows: list[OldRow] = [entry.record for entry in approach.entries]
        is_mended = batch.quarantined < 0
        if not is_mended:
            new = self._brought(rows)
        with batches.turn(self.lake, self.waiting):
            batch.quarantined += len(approach.refused)
            batch.new, batch.changed, batch.erased = (0 if is_mended else new), 0, 0
            batch.same = len(rows) - batch.new

            def both(batch: Batch) -> None:
                # Only once the rows are ours to mend: of two people who mend one, the second brings nothing in.
                within(batch)
                if is_mended:
                    batch.new = self._brought(rows)
                    batch.same = len(rows) - batch.new
                    batch.save(update_fields=["new", "same"])

            batches.commit(self.lake, batch, approach.refused, None, both)

    def _brought(self, rows: Sequence[OldRow]) -> int:
        """How many are new by this import? Those of a killed attempt are, and a number twice in a file is once."""
        before = ours(self.of.pk, rows)
        bringing, count = Bringing(self.of.pk, self.of.by or self.of.actor), 0
        for begin in range(0, len(rows), PORTION):
            portion = rows[begin : begin + PORTION]
            for row, is_new in zip(portion, bring(portion, bringing), strict=True):
                count += is_new or key_of(row) in before
                before.discard(key_of(row))
            self.waiting()
        return count


class Registers:
    """The guest: see guests.Guest."""

    format, title, right = FORMAT, TITLE, RIGHT

    def visible_to(self, staff: Staff) -> Q:
        if RIGHT not in staff.rights:
            return Q(pk__in=[])
        return Q(format=FORMAT) if staff.scope(RIGHT) is None else Q(format=FORMAT, by=staff)

    def opened_to(self, staff: Staff) -> Q:
        return self.visible_to(staff)

    def reader(self, imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
        return reader(imported.mapping, units, now)

    @contextmanager
    def landing(
        self, imported: Import, through: Reader, waiting: Callable[[], None] = patient
    ) -> Iterator[RegisterLanding]:
        yield RegisterLanding(lake(), imported, waiting)

    def landed(self, imported: Import) -> None:
        """Nothing else is due: the queue's columns are made with each case."""

    def closing(self, imported: Import) -> Sentence:
        message = gettext_noop("读入 %(rows)s 行：新增 %(new)s 件，已有 %(same)s 件，隔离 %(quarantined)s 行。")
        return Sentence(message, dict[str, object](counts(imported)))

    def beside(self, imported: Import) -> str:
        return ""

    def became(self, batch: Batch) -> str:
        return _("已修正，新增一件投诉。") if batch.new else _("已修正；这个编号的投诉此前已收，没有重复计数。")

    def about(self, imported: Import) -> tuple[str, str]:
        register = old_registers.mapping(imported.mapping).register if imported.mapping else _("旧登记簿")
        return register, reverse("complaint_import")


REGISTERS = guests.welcome(Registers())


def reader(mapping: str, units: frozenset[str] | None, now: datetime) -> Reader:
    """How is a row of an old register read by this mapping, which is settled? Raises Fault."""
    form = OldFormat(old_registers.mapping(mapping))
    gate = OldGate(frozenset(Unit.objects.values_list("code", flat=True)), units, form.columns)
    return Reader(form, Defaults(time_zone=settings.TIME_ZONE, now=now), gate, voice_key())  # type: ignore[arg-type]


def counts(imported: Import) -> dict[str, int]:
    """rows = new + same + quarantined; mended rows count where they went."""
    total = account(imported)
    return {"rows": total.read} | {name: getattr(total, name) for name in ("new", "same", "quarantined")}
