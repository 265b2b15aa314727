"""How does a filled-in form come in? Once, by its inspector; photos looked at, words masked, gaps made findings."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sealing import key_for
from huixiang.apps.inspections import drawing, forming, pictures
from huixiang.apps.inspections.actions.numbering import numbers
from huixiang.apps.inspections.actions.recording import record
from huixiang.apps.inspections.models import Kind, Visit, VisitState
from huixiang.apps.inspections.pictures import Kept
from huixiang.apps.inspections.reach import DO, PLAN
from huixiang.apps.standards.models import Version
from huixiang.channels.contract import Fault
from huixiang.domain.inspections.scoring import FULLY

LATEST = timedelta(days=14)  # so long may a form wait on a telephone for the network
LONGEST_NOTE, LONGEST_REMARK = 500, 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """How was one line answered? `level` None: not applicable. `photos`: content and name of each."""

    level: int | None
    note: str = ""
    photos: Sequence[tuple[bytes, str]] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in: lines by (code of the standard, number from 1); `versions` as forming.marked."""

    visited_at: datetime
    lines: Mapping[tuple[str, int], Line]
    versions: str
    note: str = ""


def begin(unit: Unit, kind: str, standards: Sequence[str], *, by: Staff, source: str = "") -> Visit:
    """A look that no plan asked for, as after a complaint. Raises Fault where it is one's own unit."""
    if not by.holds(DO, unit) or kind not in Kind.values:
        raise PermissionDenied
    (looker,) = drawing.lookers([by.number], kind)
    if unit.code in looker.not_to:
        raise Fault("本单位的人不查本单位：请换人")
    today = timezone.localdate()
    known = [row.standard.code for row in forming.forms_on(today, standards)]
    if not known or len(known) < len(standards):
        raise Fault("请选一份执行中、带检查表的标准")
    with transaction.atomic():
        visit = Visit.objects.create(number=next(numbers(timezone.now())), kind=kind, unit=unit, inspector=by,
                                     standards=known, planned_on=today)  # fmt: skip
        audit.record("inspection.begin", by=by, on_kind="inspection", on_id=visit.number, source=source)
    return visit


def cancel(visit: Visit, *, by: Staff, source: str = "") -> None:
    """Nobody goes: the inspector's own look that no plan asked for, or one of a plan by who plans."""
    with transaction.atomic():
        held = Visit.objects.select_for_update().get(pk=visit.pk)
        may = by.holds(PLAN, held.unit) if held.plan_id else held.inspector_id == by.pk
        if not may:
            raise PermissionDenied
        if held.state != VisitState.PLANNED:
            raise Fault("这次检查已完成或已取消")
        held.state = VisitState.DROPPED
        held.save(update_fields=["state"])
        audit.record("inspection.cancel", by=by, on_kind="inspection", on_id=held.number, source=source)


def submit(number: str, filled: Filled, *, by: Staff, key: str, source: str = "") -> Visit:
    """Take the form in. Sent twice with one key, it is one form. Raises Fault, ObjectDoesNotExist, PermissionDenied.

    Photos are looked at and sealed before the transaction; what comes of nothing is dropped again.
    """
    if DO not in by.rights:
        raise PermissionDenied
    mark = hmac.digest(key_for("inspection forms v1"), f"{by.pk} {key} {number}".encode(), "sha256").hex()
    visit = Visit.objects.of(by).filter(number=number).first()
    if visit is None:
        raise ObjectDoesNotExist
    if visit.once == mark:
        return visit
    versions = _checked(visit, filled)
    kept = _kept(filled.lines)
    try:
        with transaction.atomic():
            held = Visit.objects.select_for_update().get(pk=visit.pk)
            if held.once == mark:  # the same form came in beside us
                transaction.on_commit(partial(pictures.drop, [each for some in kept.values() for each in some]))
                return held
            _still_planned(held)
            held.once = mark
            record(held, versions, filled, kept)
            audit.record("inspection.submit", by=by, on_kind="inspection", on_id=held.number, source=source,
                         photos=sum(map(len, kept.values())))  # fmt: skip
    except BaseException:
        pictures.drop([each for some in kept.values() for each in some])
        raise
    return held


def _still_planned(visit: Visit) -> None:
    if visit.state == VisitState.DONE:
        raise Fault("%(number)s 已提交过一份检查：不能再交", number=visit.number)
    if visit.state == VisitState.DROPPED:
        raise Fault("%(number)s 已取消：不能再提交", number=visit.number)


def _checked(visit: Visit, filled: Filled) -> list[Version]:
    """The versions it is scored by. Raises Fault with what is to be done."""
    _still_planned(visit)
    now, at = timezone.now(), filled.visited_at
    if at > now + timedelta(minutes=5):
        raise Fault("检查时间还没有到：请核对")
    if at < now - LATEST:
        raise Fault("检查时间早于 %(days)s 天前：请核对", days=LATEST.days)
    versions = forming.forms_on(timezone.localdate(at), visit.standards)
    if not versions:
        raise Fault("检查当天没有执行中的检查表")
    if forming.marked(versions) != filled.versions:
        raise Fault("检查当天执行的标准与这张表的版本不同：请核对检查时间，或重新打开表再填")
    for row in versions:
        _lines_checked(visit, row, filled)
    return versions


def _lines_checked(visit: Visit, version: Version, filled: Filled) -> None:
    assert version.value.checklist is not None
    for number, item in enumerate(version.value.checklist.items, 1):
        line = filled.lines.get((version.standard.code, number))
        if line is None:
            raise Fault("第 %(number)s 项“%(text)s”还没有答", number=number, text=item.text)
        if len(line.note) > LONGEST_NOTE:
            raise Fault("第 %(number)s 项的说明超过 %(most)s 字", number=number, most=LONGEST_NOTE)
        if len(line.photos) > pictures.MOST_PHOTOS:
            raise Fault("第 %(number)s 项的照片超过 %(most)s 张", number=number, most=pictures.MOST_PHOTOS)
        is_short = line.level is not None and line.level < FULLY
        if item.photo and is_short and not line.photos and visit.kind != Kind.MYSTERY:
            raise Fault("第 %(number)s 项“%(text)s”没有做到，须附照片", number=number, text=item.text)


def _kept(lines: Mapping[tuple[str, int], Line]) -> dict[tuple[str, int], list[Kept]]:
    """All or none. Raises Fault with the photo that may not be kept."""
    found: dict[tuple[str, int], list[Kept]] = {}
    try:
        for place, line in lines.items():
            for content, name in line.photos:
                found.setdefault(place, []).append(pictures.keep_photo(content, name))
    except BaseException:
        pictures.drop([each for some in found.values() for each in some])
        raise
    return found
