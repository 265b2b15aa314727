"""How does a file of inspections come in? What is guessed of its columns is settled, and it goes as imports do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Job, Staff
from huixiang.apps.feedback import actions, importing, mapping_text
from huixiang.apps.feedback.faults import calling
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.reading import Stretch
from huixiang.apps.inspections.reach import IMPORT
from huixiang.apps.inspections.sheet_guest import reader
from huixiang.apps.inspections.sheet_rows import FORMAT
from huixiang.apps.standards.models import Standard
from huixiang.channels import inspection_sheets
from huixiang.channels.contract import Fault, Refused
from huixiang.channels.inspection_sheets import SheetMapping

LOOKED_AT = 100


def receive(name: str, chunks: Iterable[bytes], mapping: SheetMapping, *, by: Staff, source: str = "") -> Job:
    """Take a file and read it in the background. Raises Fault, and then nothing of it is kept."""
    if IMPORT not in by.rights:
        raise PermissionDenied
    draft = actions.receive_upload(name, chunks, by=by, source=source, format_=FORMAT)
    try:
        with calling(draft):
            text = settled(Path(draft.path), mapping)
            looked(Path(draft.path), text, by.scope(IMPORT))
        with transaction.atomic():
            actions.start_draft(draft, {"format": FORMAT, "mapping": text}, by=by, source=source)
            return actions.begin_in_background(draft, by=by)
    except Fault:
        actions.drop_upload(draft, by=by, source=source)
        raise


def open_sheet(path: Path, mapping: SheetMapping, *, actor: str) -> tuple[Import, bool]:
    """Begin with a file on this machine, or find where it was broken off. True: it goes on. Raises Fault."""
    columns = {"format": FORMAT, "mapping": settled(path, mapping)}
    return actions.open_place(path, columns, Import.objects.all(), actor=actor)


def settled(path: Path, by: SheetMapping) -> str:
    """The mapping by which all of the file is read, as TOML. Raises Fault."""
    head = list(islice(inspection_sheets.rows(path, by), LOOKED_AT))
    if not head:
        raise Fault("文件里没有数据行；请确认第一行是列名，下面一行一份检查")
    if by.standard and not Standard.objects.filter(code=by.standard).exists():
        raise Fault("没有标准“%(code)s”", code=by.standard[:40])
    columns = list(dict.fromkeys(name for row in head for name in row.fields))
    return mapping_text.written(inspection_sheets.plain(inspection_sheets.whole(by, columns)))


def looked(path: Path, mapping: str, units: frozenset[str] | None) -> Stretch:
    """What would become of the first rows; nothing is kept. Raises Fault where all of them are read wrongly."""
    through, stretch = reader(mapping, units, timezone.now()), Stretch(0)
    for row in islice(through.rows(path), LOOKED_AT):
        stretch.rows_read += 1
        try:
            if isinstance(row, Refused):
                raise row.fault
            stretch.entries.append(through.entry(row))
        except Fault as fault:
            stretch.refused.append(Refused(row.number, fault, row.fields))
    importing.refuse_wrong_mapping(stretch, has_units=bool(through.gate.units), is_whole=stretch.rows_read < LOOKED_AT)
    return stretch
