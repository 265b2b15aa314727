"""Who is to look where? Plans as they were drawn, for who plans and approves; and how inspectors score."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.access.models import Unit
from huixiang.apps.inspections import actions, calibrating
from huixiang.apps.inspections.actions import Wanted
from huixiang.apps.inspections.forms.finding import A_YEAR
from huixiang.apps.inspections.models import Plan
from huixiang.apps.inspections.models.plans import PlanQuerySet
from huixiang.apps.inspections.reach import APPROVE, CALIBRATE, PLAN
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.inspections import router
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Code, Day, Given, Interval, Limit, Page, Word, known, tidy

PLANS = Bearer(PLAN, APPROVE)
PlanId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Minute = Annotated[int, Field(ge=0, le=1439)]
StandardCode = Annotated[str, Field(min_length=1, max_length=40, pattern=NO_NUL)]


class InspectionPlanIn(Given):
    """`unit` with all below: whose units are drawn from; hours as minutes after midnight; `seed` null: a new one."""

    title: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]
    kind: Literal["inspection", "mystery", "cross"]
    unit: Code
    unit_kinds: Annotated[list[Literal["head_office", "region", "branch", "outlet"]], Field(min_length=1, max_length=4)]
    standards: Annotated[list[StandardCode], Field(min_length=1, max_length=50)]
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=500)]
    since: Day
    until: Day
    opens: Minute = 540
    closes: Minute = 990
    visits_each: Annotated[int, Field(ge=1, le=12)] = 1
    percent: Annotated[int, Field(ge=1, le=100)] = 100
    twice_percent: Annotated[int, Field(ge=0, le=100)] = 10
    seed: Annotated[int, Field(ge=0, le=2**48)] | None = None


class PlannedVisitOut(Schema):
    unit: str
    day: date
    minute: int
    inspectors: list[str]


class InspectionPlanOut(Schema):
    id: int
    title: str
    kind: Literal["inspection", "mystery", "cross"]
    unit: str
    standards: list[str]
    since: date
    until: date
    seed: int
    state: Literal["drawn", "approved", "returned", "dropped"]
    by: str
    visits: list[PlannedVisitOut]

    @classmethod
    def of(cls, row: Plan) -> InspectionPlanOut:
        names = ("title", "kind", "standards", "since", "until", "seed")
        same: dict[str, Any] = {name: getattr(row, name) for name in names} | {"state": row.standing.value}
        visits = [PlannedVisitOut(unit=code, day=day, minute=minute, inspectors=people)
                  for code, day, minute, people in row.drawn]  # fmt: skip
        return cls(id=row.pk, **same, unit=row.unit.code, by=row.by.number, visits=visits)


class InspectorSeverityOut(Schema):
    """`severity`: percentage points lower than colleagues on the same cases; null: too few cases to tell."""

    inspector: str
    shared_count: int
    severity: Interval | None
    is_proven: bool


class InspectionCalibrationOut(Schema):
    """Over a year. `alpha` null: nothing could be compared; its interval null: too few cases."""

    case_count: int
    alpha: float | None
    alpha_interval: Interval | None
    chance_points: float | None
    inspectors: list[InspectorSeverityOut]


@router.get(
    "/inspection-plans", auth=PLANS, response=Page[InspectionPlanOut], summary=gettext_noop("检查计划，最新在前")
)
def list_inspection_plans(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[InspectionPlanOut]:
    found, following = page(_rows(request), ("-drawn_at", "-pk"), after, limit)
    return Page[InspectionPlanOut](items=[InspectionPlanOut.of(each) for each in found], next=following)


@router.post(
    "/inspection-plans", auth=Bearer(PLAN), response={201: InspectionPlanOut}, summary=gettext_noop("抽取检查计划")
)
def draw_inspection_plan(request: HttpRequest, given: InspectionPlanIn) -> tuple[int, InspectionPlanOut]:
    """Drawn, and put before a second person."""
    unit = get_object_or_404(Unit.objects.visible_to(who(request), PLAN), code=given.unit)
    wanted = Wanted(**given.dict() | {"unit": unit})
    row = actions.draw_plan(wanted, by=who(request), source=source(request))
    return 201, InspectionPlanOut.of(_rows(request).get(pk=row.pk))


@router.get("/inspection-plans/{plan_id}", auth=PLANS, response=InspectionPlanOut, summary=gettext_noop("一份检查计划"))
def read_inspection_plan(request: HttpRequest, plan_id: PlanId) -> InspectionPlanOut:
    return InspectionPlanOut.of(get_object_or_404(_rows(request), pk=plan_id))


@router.post(
    "/inspection-plans/{plan_id}/approve",
    auth=Bearer(APPROVE),
    response=InspectionPlanOut,
    summary=gettext_noop("批准检查计划（抽取人以外）"),
)
def approve_inspection_plan(request: HttpRequest, plan_id: PlanId) -> InspectionPlanOut:
    actions.approve(get_object_or_404(_rows(request), pk=plan_id), by=who(request), source=source(request))
    return InspectionPlanOut.of(_rows(request).get(pk=plan_id))


@router.get(
    "/inspection-calibration",
    auth=Bearer(CALIBRATE),
    response=InspectionCalibrationOut,
    summary=gettext_noop("检查员打分的一致性与宽严"),
)
def read_inspection_calibration(request: HttpRequest) -> InspectionCalibrationOut:
    """Recorded in the audit. By number, never a ranking."""
    by, until = who(request), timezone.localdate()
    found = calibrating.calibrate(calibrating.visits(by, until - A_YEAR, until))
    audit.record("inspection.calibrated", by=by, on_kind="inspection", source=source(request),
                 cases=found.severities.cases)  # fmt: skip
    people = [
        InspectorSeverityOut(inspector=number, shared_count=each.cases, severity=Interval.of(each.told),
                             is_proven=each.is_proven) for number, each in sorted(found.severities.by.items())
    ]  # fmt: skip
    return InspectionCalibrationOut(
        case_count=found.severities.cases, alpha=known(found.agreement.alpha),
        alpha_interval=Interval.of(found.agreement.interval), inspectors=people,
        chance_points=None if found.severities.chance is None else tidy(found.severities.chance),
    )  # fmt: skip


def _rows(request: HttpRequest) -> PlanQuerySet:
    return Plan.objects.visible_to(who(request)).select_related("unit", "by")
