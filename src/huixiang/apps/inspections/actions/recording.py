"""How is a form written down? Lines with their words, photos, points, and a finding for each line that fell short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    short: list[Answer] = []
    for version in versions:
        for answer in _answers(visit, version, filled):
            place = (version.standard.code, answer.number)
            Photo.objects.bulk_create(
                Photo(id=each.key, answer=answer, bytes=each.bytes, sha256=each.sha256) for each in kept.get(place, ())
            )
            if not visit.is_second and Mark(answer.points, answer.level).is_short:
                short.append(answer)
    _raise(visit, short)
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


def _raise(visit: Visit, answers: Iterable[Answer]) -> None:
    """Findings from the day on which the form came in: the unit's days do not run while it is on a telephone."""
    assert visit.submitted_at is not None
    raised_on = timezone.localdate(visit.submitted_at)
    common = {"visit": visit, "unit": visit.unit, "raised_on": raised_on, "state": Finding.State.OPEN,
              "due_on": answer_due(raised_on, mainland())}  # fmt: skip
    found = Finding.objects.bulk_create(Finding(answer=each, level=each.level, **common) for each in answers)
    FindingEvent.objects.bulk_create(
        FindingEvent(finding=each, seq=1, verb="raise", at=visit.submitted_at, by=visit.inspector,
                     told={"level": each.level}, words=each.answer.note) for each in found
    )  # fmt: skip
