"""How do old registers come in by the bank's imports? With their account, their job, their quarantine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.complaints.actions.bringing import PORTION, RIGHT, Bringing, bring, key_of, ours
from huixiang.apps.complaints.old_rows import FORMAT, TITLE, OldFormat, OldGate
from huixiang.apps.feedback import guests, row_landing
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader
from huixiang.apps.feedback.row_landing import RowLanding
from huixiang.channels import old_registers
from huixiang.channels.contract import Defaults
from huixiang.lake.locks import patient


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
    def landing(self, imported: Import, through: Reader, waiting: Callable[[], None] = patient) -> Iterator[RowLanding]:
        of = Bringing(imported.pk, imported.by or imported.actor)
        by = row_landing.Bringing(key_of, ours, lambda rows: bring(rows, of), PORTION)
        yield RowLanding(lake(), imported, by, waiting)

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
