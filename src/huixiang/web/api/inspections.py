"""What was found on visits, and what came of it? As the pages of inspections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.access.models.units import UnitQuerySet
from huixiang.apps.inspections import actions, exporting
from huixiang.apps.inspections.actions import Words
from huixiang.apps.inspections.models import Answer, Finding, FindingEvent, Form, Visit
from huixiang.apps.inspections.reach import ANSWER, DECIDE, EXPORT
from huixiang.apps.inspections.reach import SEE as SEE_RIGHT
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Code, Given, Limit, Page, Word

router = Router(tags=["inspections"])
SEE = Bearer(SEE_RIGHT)
VisitNumber = Annotated[str, Path(pattern=r"^JC[0-9]{4}-[0-9]{6,9}$")]
FindingId = Annotated[int, Path(ge=1, le=2**63 - 1)]
FindingState = Literal["open", "disputed", "confirmed", "withdrawn"]
Level = Literal[0, 1, 2]


class InspectionOut(Schema):
    """One visit. `case`: visits of one case were scored apart by several; `inspector`: "" where it may not be known."""

    number: str
    case: str
    is_second: bool
    kind: Literal["inspection", "mystery", "cross"]
    unit: str
    inspector: str
    visited_at: datetime
    points: float | None
    most: int | None

    @classmethod
    def of(cls, row: Visit, request: HttpRequest) -> InspectionOut:
        is_known = row.shown_who(who(request)) == row.who
        inspector = (row.inspector.number if row.inspector else row.inspector_code) if is_known else ""
        same: dict[str, Any] = {name: getattr(row, name) for name in _OF_VISIT}
        return cls(**same, case=str(row.case), unit=row.unit.code, inspector=inspector)


_OF_VISIT = ("number", "is_second", "kind", "visited_at", "points", "most")


class InspectionLineOut(Schema):
    """`level`: 0 not met, 1 in part, 2 met, null not applicable; `finding`: its id, where it fell short."""

    number: int
    text: str
    english: str
    points: int
    level: Level | None
    note: str
    photo_count: int
    finding: int | None

    @classmethod
    def of(cls, row: Answer) -> InspectionLineOut:
        found = getattr(row, "finding", None)
        same = {name: getattr(row, name) for name in ("number", "text", "english", "points", "level", "note")}
        return cls(**same, photo_count=row.photos.count(), finding=found.pk if found else None)


class InspectionFormOut(Schema):
    """One standard's form; `points` follow the decisions on its findings, `given_points` are the inspector's."""

    code: str
    version: int | None
    title: str
    pass_percent: float | None
    given_points: float | None
    points: float | None
    most: int | None
    lines: list[InspectionLineOut]

    @classmethod
    def of(cls, row: Form) -> InspectionFormOut:
        names = ("code", "title", "pass_percent", "given_points", "points", "most")
        lines = row.answers.select_related("finding").prefetch_related("photos")
        return cls(**{name: getattr(row, name) for name in names}, version=row.version.number if row.version else None,
                   lines=[InspectionLineOut.of(each) for each in lines])  # fmt: skip


class WholeInspectionOut(InspectionOut):
    note: str
    forms: list[InspectionFormOut]


class InspectionFindingOut(Schema):
    """`level`: as it counts now. Confirmed ones are what is to be mended."""

    id: int
    visit: str
    unit: str
    standard: str
    version: int | None
    line: int
    text: str
    english: str
    points: int
    level: Level | None
    note: str
    state: FindingState
    raised_on: date
    due_on: date

    @classmethod
    def of(cls, row: Finding) -> InspectionFindingOut:
        answer, form = row.answer, row.answer.form
        same: dict[str, Any] = {name: getattr(row, name) for name in ("level", "state", "raised_on", "due_on")}
        same |= {name: getattr(answer, name) for name in ("text", "english", "points", "note")}
        return cls(**same, id=row.pk, visit=row.visit.number, unit=row.unit.code, standard=form.code,
                   line=answer.number, version=form.version.number if form.version else None)  # fmt: skip


class FindingEventOut(Schema):
    """`level`: of `raise` and `change`, null of others."""

    verb: Literal["raise", "accept", "dispute", "lapse", "uphold", "change", "withdraw"]
    at: datetime
    level: Level | None
    words: str
    file_count: int

    @classmethod
    def of(cls, row: FindingEvent) -> FindingEventOut:
        same: dict[str, Any] = {name: getattr(row, name) for name in ("verb", "at", "words")}
        return cls(**same, level=row.told.get("level"), file_count=row.evidence.count())


class WholeInspectionFindingOut(InspectionFindingOut):
    events: list[FindingEventOut]


class FindingWordsIn(Given):
    words: Annotated[str, Field(min_length=1, max_length=2_000, pattern=NO_NUL)]


class FindingDecisionIn(Given):
    """`level`, 0 or 1, with `change` alone: to what the line is set."""

    decision: Literal["uphold", "change", "withdraw"]
    words: Annotated[str, Field(min_length=1, max_length=2_000, pattern=NO_NUL)]
    level: Literal[0, 1] | None = None


@router.get("/inspections", auth=SEE, response=Page[InspectionOut], summary=gettext_noop("已完成的检查，最新在前"))
def list_inspections(
    request: HttpRequest, unit: Code | None = None, after: Word = "", limit: Limit = 50
) -> Page[InspectionOut]:
    """`unit`: with all below it. What is planned is not told here."""
    rows = Visit.objects.visible_to(who(request)).done().select_related("unit", "inspector")
    rows = rows.filter(unit__in=_below(unit)) if unit else rows
    found, following = page(rows, ("-visited_at", "-pk"), after, limit)
    return Page[InspectionOut](items=[InspectionOut.of(each, request) for each in found], next=following)


def _below(code: str) -> UnitQuerySet:
    return Unit.objects.within(list(Unit.objects.filter(code=code)))


@router.get(
    "/inspections/{visit_number}", auth=SEE, response=WholeInspectionOut, summary=gettext_noop("一次检查与它的每一项")
)
def read_inspection(request: HttpRequest, visit_number: VisitNumber) -> WholeInspectionOut:
    rows = Visit.objects.visible_to(who(request)).done().select_related("unit", "inspector")
    row = get_object_or_404(rows, number=visit_number)
    forms = [InspectionFormOut.of(each) for each in row.forms.select_related("version")]
    return WholeInspectionOut(**InspectionOut.of(row, request).dict(), note=row.note, forms=forms)


@router.get(
    "/inspection-findings",
    auth=Bearer(EXPORT),
    response=Page[InspectionFindingOut],
    summary=gettext_noop("检查问题，交整改台账用；最新在前"),
)
def list_inspection_findings(
    request: HttpRequest, state: FindingState = "confirmed", after: Word = "", limit: Limit = 50
) -> Page[InspectionFindingOut]:
    """Recorded in the audit, as an export. Masked words; no photos."""
    rows = Finding.objects.visible_to(who(request), EXPORT).filter(state=state)
    rows = rows.select_related("unit", "visit", "answer__form__version")
    found, following = page(rows, ("-raised_on", "-pk"), after, limit)
    exporting.record(who(request), "findings", len(found), "json", source(request))
    return Page[InspectionFindingOut](items=[InspectionFindingOut.of(each) for each in found], next=following)


@router.get(
    "/inspection-findings/{finding_id}",
    auth=SEE,
    response=WholeInspectionFindingOut,
    summary=gettext_noop("一个检查问题与它的经过"),
)
def read_inspection_finding(request: HttpRequest, finding_id: FindingId) -> WholeInspectionFindingOut:
    rows = Finding.objects.visible_to(who(request)).select_related("unit", "visit", "answer__form__version")
    row = get_object_or_404(rows, pk=finding_id)
    events = [FindingEventOut.of(each) for each in row.events.prefetch_related("evidence")]
    return WholeInspectionFindingOut(**InspectionFindingOut.of(row).dict(), events=events)


@router.post(
    "/inspection-findings/{finding_id}/accept",
    auth=Bearer(ANSWER),
    response=InspectionFindingOut | None,
    summary=gettext_noop("认领检查问题"),
)
def accept_finding(request: HttpRequest, finding_id: FindingId) -> InspectionFindingOut | None:
    return _told(request, actions.accept(finding_id, by=who(request), source=source(request)))


@router.post(
    "/inspection-findings/{finding_id}/dispute",
    auth=Bearer(ANSWER),
    response=InspectionFindingOut | None,
    summary=gettext_noop("申诉检查问题"),
)
def dispute_finding(request: HttpRequest, finding_id: FindingId, given: FindingWordsIn) -> InspectionFindingOut | None:
    """Evidence is added on the page."""
    return _told(request, actions.dispute(finding_id, Words(given.words), by=who(request), source=source(request)))


@router.post(
    "/inspection-findings/{finding_id}/decide",
    auth=Bearer(DECIDE),
    response=InspectionFindingOut | None,
    summary=gettext_noop("裁定检查申诉（检查人与申诉人以外）"),
)
def decide_finding(
    request: HttpRequest, finding_id: FindingId, given: FindingDecisionIn
) -> InspectionFindingOut | None:
    words = Words(given.words, given.level)
    return _told(request, actions.decide(finding_id, given.decision, words, by=who(request), source=source(request)))


def _told(request: HttpRequest, row: Finding) -> InspectionFindingOut | None:
    return shown(request, SEE_RIGHT, InspectionFindingOut.of(row))
