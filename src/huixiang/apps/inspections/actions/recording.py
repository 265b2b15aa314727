"""How is a form written down? Lines with their words, photos, points, and a finding for each line that fell short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from huixiang.apps.inspections import pointing
from huixiang.apps.inspections.models import Answer, Finding, FindingEvent, Form, Photo, Visit, VisitState
from huixiang.apps.inspections.pictures import Kept
from huixiang.apps.standards.models import Version
from huixiang.domain.calendar import mainland
from huixiang.domain.inspections.findings import answer_due
from huixiang.domain.inspections.scoring import Mark
from huixiang.domain.understanding.masking import mask

if TYPE_CHECKING:
    from huixiang.apps.inspections.actions.visiting import Filled


def record(
    visit: Visit, versions: Iterable[Version], filled: Filled, kept: Mapping[tuple[str, int], Sequence[Kept]]
) -> None:
    """In the caller's transaction, which holds the visit's row."""
    visit.state, visit.visited_at, visit.submitted_at = VisitState.DONE, filled.visited_at, timezone.now()
    visit.visited_on = timezone.localdate(filled.visited_at)
    visit.note = mask(filled.note.strip()).text
    visit.save()
    for version in versions:
        for answer in _answers(visit, version, filled):
            place = (version.standard.code, answer.number)
            Photo.objects.bulk_create(
                Photo(id=each.key, answer=answer, bytes=each.bytes, sha256=each.sha256) for each in kept.get(place, ())
            )
            if not visit.is_second and Mark(answer.points, answer.level).is_short:
                _raise(visit, answer)
    pointing.count(visit, given=True)


def _answers(visit: Visit, version: Version, filled: Filled) -> list[Answer]:
    standard = version.value
    assert standard.checklist is not None
    mark = standard.aim.target if standard.aim else None
    form = Form.objects.create(visit=visit, version=version, code=standard.code, title=standard.title,
                               english=standard.english, pass_percent=mark)  # fmt: skip
    rows = []
    for number, item in enumerate(standard.checklist.items, 1):
        line = filled.lines[standard.code, number]
        rows.append(Answer(form=form, number=number, text=item.text, english=item.english, points=item.points,
                           level=line.level, note=mask(line.note.strip()).text[:500]))  # fmt: skip
    return Answer.objects.bulk_create(rows)


def _raise(visit: Visit, answer: Answer) -> None:
    """A finding from the day on which it came in: the unit's days to answer do not run while it is on a telephone."""
    assert visit.submitted_at is not None
    raised_on = timezone.localdate(visit.submitted_at)
    finding = Finding.objects.create(visit=visit, answer=answer, unit=visit.unit, raised_on=raised_on,
                                     due_on=answer_due(raised_on, mainland()), state=Finding.State.OPEN,
                                     level=answer.level)  # fmt: skip
    _event(finding, visit.submitted_at, visit, answer)


def _event(finding: Finding, at: datetime, visit: Visit, answer: Answer) -> None:
    FindingEvent.objects.create(finding=finding, seq=1, verb="raise", at=at, by=visit.inspector,
                                told={"level": answer.level}, words=answer.note)  # fmt: skip
