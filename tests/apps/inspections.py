"""What stories of inspections need: standards in force, somebody to send, and a form filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.inspections import actions, forming
from huixiang.apps.inspections.actions import Filled, Line
from huixiang.apps.inspections.models import Visit
from huixiang.apps.standards import actions as standards
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.writing import write
from tests import make

SET = {each.code: each for each in starter_set()}
LOOKS = "looks"


def hold(by: Staff, second: Staff, *codes: str) -> None:
    """These standards of the product hold from today."""
    for code in codes or (LOOKS,):
        version = standards.write_version(write(replace(SET[code], effective_from=timezone.localdate())), by=by)
        standards.submit(version, by=by)
        standards.approve(version, by=second)


def filled(
    visit: Visit, levels: Mapping[int, int | None], *, notes: Mapping[int, str] | None = None,
    photo: bytes = b"", at: datetime | None = None,
) -> Filled:  # fmt: skip
    """Every line fully met but these (number → level); each that falls short has the photo, where one is given."""
    at = at or timezone.now()
    versions = forming.forms_on(timezone.localdate(at), visit.standards)
    lines = {}
    for version in versions:
        assert version.value.checklist
        for number, _item in enumerate(version.value.checklist.items, 1):
            level = levels.get(number, 2)
            photos = [(photo, "现场.jpg")] if photo and level in {0, 1} else []
            lines[version.standard.code, number] = Line(level, (notes or {}).get(number, ""), photos)
    return Filled(at, lines, forming.marked(versions))


def looked(by: Staff, unit: Unit, levels: Mapping[int, int | None], *, photo: bytes = b"", kind: str = "inspection",
           standards: tuple[str, ...] = (LOOKS,), notes: Mapping[int, str] | None = None) -> Visit:  # fmt: skip
    """A look that no plan asked for, begun and submitted."""
    visit = actions.begin(unit, kind, standards, by=by)
    return actions.submit(visit.number, filled(visit, levels, photo=photo, notes=notes), by=by, key=visit.number)


def filled_ids(bank: make.Bank, quality: Staff) -> dict[str, Any]:
    """One of everything, and the ids by which the API's paths find each."""
    hold(quality, make.staff("9011", bank.head_office, "quality_manager"))
    inspector, today = make.staff("8001", bank.north, "inspector"), timezone.localdate()
    visit = looked(inspector, bank.north_outlet, {2: 0})
    wanted = actions.Wanted("抽查", "mystery", bank.north, ["outlet"], [LOOKS], ["8001"], today,
                            today + timedelta(days=30))  # fmt: skip
    plan = actions.draw_plan(wanted, by=quality)
    return {"visit_number": visit.number, "finding_id": visit.findings.get().pk, "plan_id": plan.pk}
