"""Which model reads, how good is it, and what shall be read again? For whole-bank holders of the right."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field

from huixiang.apps.annotation import actions
from huixiang.apps.annotation.models import Activation, ModelVersion, Rereading, Task
from huixiang.apps.annotation.permits import RIGHT
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Note, Page, Word, one_of

router = Router(tags=["models"])
MANAGE = Bearer(RIGHT)
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class ModelOut(Schema):
    """`figures` on the locked set: n, and [value, low, high] of accuracy, macro_f1, kappa; empty if never measured."""

    id: int
    task: Annotated[Task, one_of(Task)]
    label: str
    is_active: bool
    labels_count: int
    figures: dict[str, Any]
    trained_at: datetime

    @classmethod
    def of(cls, version: ModelVersion) -> ModelOut:
        standing = Activation.objects.in_force(version.task)
        return cls(
            id=version.pk,
            task=Task(version.task),
            label=version.label,
            is_active=standing is not None and standing.version_id == version.pk,
            labels_count=version.card["data"]["n"],
            figures=version.figures,
            trained_at=version.trained_at,
        )


class ActivateIn(Schema):
    """`although_worse` with a reason lets a model read that is worse on the locked set, or of which nobody knows."""

    although_worse: bool = False
    reason: Annotated[str, Field(max_length=400)] = ""


class RollbackIn(Schema):
    """What was activated last for this task is taken back."""

    task: Annotated[Task, one_of(Task)]
    reason: Note


class RereadIn(Schema):
    """Months as "2026-10"."""

    months: Annotated[list[Month], Field(min_length=1, max_length=120)]


class RereadingOut(Schema):
    """`voices_count` looked at, `changed_count` of which the reading is another; once `finished_at` tells when."""

    id: UUID
    months: list[str]
    label: str
    voices_count: int
    changed_count: int
    job_id: UUID | None
    asked_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, found: Rereading) -> RereadingOut:
        return cls(
            id=found.pk,
            months=found.months,
            label=found.label,
            voices_count=found.voices,
            changed_count=found.changed,
            job_id=found.job_id,
            asked_at=found.at,
            finished_at=found.finished_at,
        )


@router.get("/models", auth=MANAGE, response=Page[ModelOut], summary=gettext_noop("登记的理解模型，最新在前"))
def list_models(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[ModelOut]:
    found, following = page(ModelVersion.objects.all(), ("-trained_at", "-pk"), after, limit)
    return Page[ModelOut](items=[ModelOut.of(version) for version in found], next=following)


@router.post("/models/rollback", auth=MANAGE, response=ModelOut | None, summary=gettext_noop("退回上一个理解模型"))
def roll_back(request: HttpRequest, wanted: RollbackIn) -> ModelOut | None:
    """null: the rules read again."""
    version = actions.roll_back(wanted.task, by=who(request), reason=wanted.reason, source=source(request))
    return ModelOut.of(version) if version else None


@router.post("/models/{model_id}/activate", auth=MANAGE, response=ModelOut, summary=gettext_noop("启用一个理解模型"))
def activate(request: HttpRequest, model_id: Number, wanted: ActivateIn) -> ModelOut:
    """From the next import on. Refused where it is worse on the locked set, unless that is said to be wanted."""
    version = get_object_or_404(ModelVersion, pk=model_id)
    given = wanted.dict()
    actions.activate(version, by=who(request), source=source(request), **given)
    return ModelOut.of(version)


@router.get("/rereadings", auth=MANAGE, response=Page[RereadingOut], summary=gettext_noop("重新理解的记录，最新在前"))
def list_rereadings(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[RereadingOut]:
    found, following = page(Rereading.objects.all(), ("-at", "-pk"), after, limit)
    return Page[RereadingOut](items=[RereadingOut.of(each) for each in found], next=following)


@router.post("/rereadings", auth=MANAGE, response={202: RereadingOut}, summary=gettext_noop("重新理解这些月份的声音"))
def reread(request: HttpRequest, wanted: RereadIn) -> RereadingOut:
    """Done in the background; people's corrections stay."""
    return RereadingOut.of(actions.reread(wanted.months, by=who(request), source=source(request)))
