"""Whom is a survey sent to? Lists of customers in, draws with their account, sending begun and stopped, rates out."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access.sentences import told_fault
from huixiang.apps.surveys import drawing, framing, rates
from huixiang.apps.surveys.actions import rounds as actions
from huixiang.apps.surveys.models import Round, Survey
from huixiang.channels import survey_frames
from huixiang.domain.surveys.sampling import Rule
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Given, Limit, Page, RowId, Word

router = Router(tags=["surveys"])
SEE, SEND = Bearer("survey.see"), Bearer("survey.send")
SEEN, SENDS = "survey.see", "survey.send"


class FrameOut(Schema):
    """read = new + same + changed + refused; `unusable`: contacts left out. `faults`: the first of what was wrong."""

    read: int
    new: int
    same: int
    changed: int
    refused: int
    unusable: int
    faults: list[str]


class RoundIn(Given):
    """Either `share` of each stratum, in (0, 1], or `size` in all."""

    name: Annotated[Word, Field(min_length=1, max_length=80)]
    since: date
    until: date
    medium: Literal["sms", "mail", "either", "link"]
    by: Annotated[list[Literal["unit", "tier"]], Field(max_length=2)] = ["unit"]
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    size: Annotated[int, Field(ge=1, le=200_000)] | None = None
    is_even: bool = False
    least: Annotated[int, Field(ge=0, le=10_000)] = 0


class RateOut(Schema):
    """Of one stratum; asked = delivered + failed + unsure + waiting + spared."""

    name: str
    asked: int
    delivered: int
    failed: int
    unsure: int
    waiting: int
    spared: int
    answered: int


class RoundOut(Schema):
    """`account`: what became of the list, stratum by stratum. `rule` holds the seed of the draw."""

    id: int
    name: str
    state: str
    medium: str
    is_handed: bool
    rule: dict[str, Any]
    account: list[dict[str, Any]]
    rates: list[RateOut]
    by: str
    created_at: datetime

    @classmethod
    def of(cls, round_: Round) -> RoundOut:
        names = ("id", "name", "state", "medium", "is_handed", "rule", "account", "created_at")
        told = [RateOut.from_orm(rate) for rate in rates.of_round(round_)]
        return cls(**{name: getattr(round_, name) for name in names}, rates=told, by=round_.by.number)


class RedrawnOut(Schema):
    """`is_same`: the same customers with the same chances, from the list that was sealed at the draw."""

    seed: int
    digest: str
    framed: int
    drawn: int
    is_same: bool


@router.post("/surveys/{survey_id}/frame", auth=SEND, response=FrameOut, summary=gettext_noop("导入客户名单"))
def add_frame(request: HttpRequest, survey_id: RowId, file: File[UploadedFile], mapping: Form[str] = "") -> FrameOut:
    """CSV, XLSX or JSONL. The same file again adds nothing; what is wrong with a row is told, the others come in."""
    survey, by = sendable(request, survey_id), survey_frames.mapping(mapping)
    with tempfile.NamedTemporaryFile() as place:
        for piece in file.chunks():
            place.write(piece)
        place.flush()
        told = framing.bring(
            Path(place.name), survey, by, actor=who(request), source=source(request), name=str(file.name)
        )
    names = ("read", "new", "same", "changed", "refused", "unusable")
    return FrameOut(**{name: getattr(told, name) for name in names}, faults=[told_fault(each) for each in told.faults])


@router.get("/surveys/{survey_id}/rounds", auth=SEE, response=Page[RoundOut], summary=gettext_noop("历次发送"))
def list_rounds(request: HttpRequest, survey_id: RowId, after: Word = "", limit: Limit = 50) -> Page[RoundOut]:
    survey = get_object_or_404(Survey.objects.visible_to(who(request)), pk=survey_id)
    found, following = page(survey.rounds.select_related("by"), ("created_at", "pk"), after, limit)
    return Page[RoundOut](items=[RoundOut.of(each) for each in found], next=following)


@router.post("/surveys/{survey_id}/rounds", auth=SEND, response={201: RoundOut | None}, summary=gettext_noop("抽样"))
def draw_round(request: HttpRequest, survey_id: RowId, wanted: RoundIn) -> RoundOut | None:
    """Draws and invites at once; nothing is sent before `begin`."""
    survey = sendable(request, survey_id)
    try:
        rule = Rule(tuple(wanted.by), wanted.share, wanted.size, wanted.is_even, wanted.least, drawing.rest())
    except ValueError as error:
        raise Invalid("body", "share", str(error)) from None
    plan = drawing.Plan(wanted.since, wanted.until, rule, wanted.medium)
    made = actions.draw_round(survey, wanted.name, plan, by=who(request), source=source(request))
    return shown(request, SEEN, RoundOut.of(made))


@router.get("/survey-rounds/{round_id}", auth=SEE, response=RoundOut, summary=gettext_noop("一次发送"))
def read_round(request: HttpRequest, round_id: RowId) -> RoundOut:
    surveys = Survey.objects.visible_to(who(request))
    return RoundOut.of(get_object_or_404(Round.objects.select_related("by"), pk=round_id, survey__in=surveys))


@router.post(
    "/survey-rounds/{round_id}/begin", auth=SEND, response=RoundOut | None, summary=gettext_noop("开始发送问卷邀请")
)
def begin_round(request: HttpRequest, round_id: RowId) -> RoundOut | None:
    """By day, through the gateways that the administrator named."""
    round_ = round_to_send(request, round_id)
    actions.begin_round(round_, by=who(request), source=source(request))
    return shown(request, SEEN, RoundOut.of(round_))


@router.post(
    "/survey-rounds/{round_id}/stop", auth=SEND, response=RoundOut | None, summary=gettext_noop("停止发送问卷邀请")
)
def stop_round(request: HttpRequest, round_id: RowId) -> RoundOut | None:
    """Nothing more leaves, no reminder either; links not used yet tell that the survey has ended. `begin` undoes it."""
    round_ = round_to_send(request, round_id)
    actions.stop_round(round_, by=who(request), source=source(request))
    return shown(request, SEEN, RoundOut.of(round_))


@router.post(
    "/survey-rounds/{round_id}/pause", auth=SEND, response=RoundOut | None, summary=gettext_noop("暂停发送问卷邀请")
)
def pause_round(request: HttpRequest, round_id: RowId) -> RoundOut | None:
    """Nothing more leaves until `begin`; what was sent can be answered."""
    round_ = round_to_send(request, round_id)
    actions.pause_round(round_, by=who(request), source=source(request))
    return shown(request, SEEN, RoundOut.of(round_))


@router.get("/survey-rounds/{round_id}/redraw", auth=SEND, response=RedrawnOut, summary=gettext_noop("重抽核对"))
def redraw_round(request: HttpRequest, round_id: RowId) -> RedrawnOut:
    """Draws once more from the sealed list and compares; changes nothing."""
    return RedrawnOut.from_orm(drawing.redraw(round_to_send(request, round_id)))


def origin(request: HttpRequest) -> str:
    """Where customers reach us, if the bank gave no name."""
    return request.build_absolute_uri("/").rstrip("/")


def sendable(request: HttpRequest, survey_id: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(who(request), SENDS).select_related("unit"), pk=survey_id)


def round_to_send(request: HttpRequest, round_id: int) -> Round:
    rows = Round.objects.select_related("by", "survey__unit")
    return get_object_or_404(rows, pk=round_id, survey__in=Survey.objects.visible_to(who(request), SENDS))
