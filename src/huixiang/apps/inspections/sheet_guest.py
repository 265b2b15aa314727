"""How do another system's inspections come in by the bank's imports? With account, job and quarantine as all."""

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
from huixiang.apps.feedback import guests
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.admission import Gate
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader
from huixiang.apps.feedback.row_landing import Bringing, RowLanding
from huixiang.apps.inspections.actions.bringing import PORTION, bring, key_of, ours
from huixiang.apps.inspections.reach import IMPORT
from huixiang.apps.inspections.sheet_rows import FORMAT, TITLE, SheetFormat
from huixiang.channels import inspection_sheets
from huixiang.channels.contract import Defaults
from huixiang.lake.locks import patient


class Sheets:
    """The guest: see guests.Guest."""

    format, title, right = FORMAT, TITLE, IMPORT

    def visible_to(self, staff: Staff) -> Q:
        if IMPORT not in staff.rights:
            return Q(pk__in=[])
        return Q(format=FORMAT) if staff.scope(IMPORT) is None else Q(format=FORMAT, by=staff)

    def opened_to(self, staff: Staff) -> Q:
        return self.visible_to(staff)

    def reader(self, imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
        return reader(imported.mapping, units, now)

    @contextmanager
    def landing(self, imported: Import, through: Reader, waiting: Callable[[], None] = patient) -> Iterator[RowLanding]:
        who = imported.by or imported.actor
        by = Bringing(key_of, ours, lambda rows: bring(rows, imported.pk, who), PORTION)
        yield RowLanding(lake(), imported, by, waiting)

    def landed(self, imported: Import) -> None:
        """Nothing else is due: points are counted with each visit."""

    def closing(self, imported: Import) -> Sentence:
        message = gettext_noop("读入 %(rows)s 行：新增 %(new)s 份检查，已有 %(same)s 份，隔离 %(quarantined)s 行。")
        return Sentence(message, dict[str, object](counts(imported)))

    def beside(self, imported: Import) -> str:
        return ""

    def became(self, batch: Batch) -> str:
        return _("已修正，新增一份检查。") if batch.new else _("已修正；这份检查此前已收，没有重复计数。")

    def about(self, imported: Import) -> tuple[str, str]:
        system = inspection_sheets.mapping(imported.mapping).system if imported.mapping else _("其他系统")
        return system, reverse("inspections")


SHEETS = guests.welcome(Sheets())


def reader(mapping: str, units: frozenset[str] | None, now: datetime) -> Reader:
    """How is a row read by this mapping, which is settled? Raises Fault."""
    form = SheetFormat(inspection_sheets.mapping(mapping))
    gate = Gate(frozenset(Unit.objects.values_list("code", flat=True)), units, form.columns)
    return Reader(form, Defaults(time_zone=settings.TIME_ZONE, now=now), gate, voice_key())  # type: ignore[arg-type]


def counts(imported: Import) -> dict[str, int]:
    """rows = new + same + quarantined; mended rows count where they went."""
    total = account(imported)
    return {"rows": total.read} | {name: getattr(total, name) for name in ("new", "same", "quarantined")}
