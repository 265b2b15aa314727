"""How do inspections of another system become ours? With their scores; nobody is asked to answer to them again here.

Their findings were answered where they were made, so none is raised; remarks are masked. Names of inspectors stay as
that system codes them: they may be in no personnel file.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import pointing
from huixiang.apps.inspections.actions.numbering import numbers
from huixiang.apps.inspections.models import Answer, Form, Visit, VisitState
from huixiang.apps.inspections.sheet_rows import TITLE, SheetRow
from huixiang.domain.understanding.masking import mask

PORTION = 100
POINTS = 2  # of a line: 0, 1, 2
CASES = UUID("6b0d1f6e-9f57-4c1e-9d3a-6f6a6c3c8f10")  # of one number one case, in whichever file it comes


def bring(rows: Sequence[SheetRow], import_id: UUID, by: Staff | str) -> list[bool]:
    """A portion in one transaction: all or none. False where a number's form of this inspector is there already."""
    with transaction.atomic():
        numbers(timezone.now(), 0)  # the year's row is held until commit: another import that brings the same waits
        known, is_new = _known(rows), list[bool]()
        for row in rows:
            is_new.append(key_of(row) not in known)
            known.add(key_of(row))
        new = [row for row, first in zip(rows, is_new, strict=True) if first]
        given = numbers(timezone.now(), len(new))
        units = {unit.code: unit for unit in Unit.objects.filter(code__in={row.branch for row in new})}
        seen = set(Visit.objects.filter(source__in={row.source for row in new}).values_list("source", flat=True))
        for row in new:
            visit = _visit(row, units[row.branch or ""], next(given), is_second=row.source in seen)
            visit.import_id, visit.import_row = import_id, row.line.row
            seen.add(row.source)
            _written(visit, row)
        if new:
            audit.record("inspection.bring", by=by, on_kind="inspection", source="import", count=len(new),
                         **{"import": str(import_id)})  # fmt: skip
    return is_new


def key_of(row: SheetRow) -> tuple[str, str]:
    return row.source, row.line.inspector


def ours(import_id: UUID, rows: Sequence[SheetRow]) -> set[tuple[str, str]]:
    """Which of these came in by this very import, before it was killed?"""
    places = {row.line.row for row in rows}
    found = Visit.objects.filter(import_id=import_id, import_row__gte=min(places, default=0))
    return {(source, code) for source, code, at in found.values_list("source", "inspector_code", "import_row")
            if at in places}  # fmt: skip


def _known(rows: Sequence[SheetRow]) -> set[tuple[str, str]]:
    found = Visit.objects.filter(source__in={row.source for row in rows})
    return set(found.values_list("source", "inspector_code"))


def _visit(row: SheetRow, unit: Unit, number: str, *, is_second: bool) -> Visit:
    line = row.line
    at: datetime = line.visited_at
    return Visit(number=number, case=uuid.uuid5(CASES, row.source), is_second=is_second, kind=line.kind, unit=unit,
                 inspector_code=line.inspector, state=VisitState.DONE, visited_at=at, visited_on=timezone.localdate(at),
                 submitted_at=timezone.now(), note=mask(line.note).text, source=row.source)  # fmt: skip


def _written(visit: Visit, row: SheetRow) -> None:
    visit.save(force_insert=True)
    title = f"{TITLE}（{row.system}）"
    form = Form.objects.create(visit=visit, code=row.standard, title=title, english=title)
    Answer.objects.bulk_create(
        Answer(form=form, number=place, text=text[:500], english=text[:500], points=POINTS, level=level)
        for place, (text, level) in enumerate(row.line.levels, 1)
    )
    pointing.count(visit, given=True)
