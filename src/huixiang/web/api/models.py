"""Which model reads, how good is it, and what shall be read again? For whole-bank holders of the right."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Job
from huixiang.apps.access.sentences import told
from huixiang.apps.annotation import actions, scoring
from huixiang.apps.annotation.actions import activation
from huixiang.apps.annotation.models import Activation, EvaluationSet, ModelVersion, Rereading, Task
from huixiang.apps.annotation.permits import RIGHT
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.jobs import JobOut
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Given, Limit, Note, Page, Word, one_of

router = Router(tags=["models"])
MANAGE = Bearer(RIGHT)
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class ModelOut(Schema):
    """`figures` on the locked set: n, and [value, low, high] of accuracy, macro_f1, kappa (topics, risks: micro_f1,
    macro_f1, overlap; opinions: strict_f1, f1_bank, f1_product, f1_aspect, f1_opinion); empty if never measured."""

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


class ModelCardOut(ModelOut):
    """`labels` by name: how often each was learned from; `tells` what it can say; `limits` in words."""

    labels: dict[str, int]
    tells: list[str]
    limits: list[str]
    sha256: str
    verdict: dict[str, Any] | None

    @classmethod
    def whole(cls, version: ModelVersion) -> ModelCardOut:
        card, standing = version.card, Activation.objects.in_force(version.task)
        return cls(
            **ModelOut.of(version).dict(),
            labels=card["data"].get("labels", {}),
            tells=card.get("tells", []),
            limits=[told(each["message"], each["params"]) for each in card.get("limits", [])],
            sha256=version.sha256,
            verdict=standing.verdict if standing and standing.version_id == version.pk else None,
        )


class TrainIn(Given):
    """`name` stands with the model's number in every voice it reads: "q4" becomes "q4-3"."""

    task: Annotated[Task, one_of(Task)]
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]


class LockIn(Given):
    task: Annotated[Task, one_of(Task)]


class LockedOut(Schema):
    """Voices on which models are compared and from which none learns. `sha256` over ids, versions and labels."""

    id: int
    task: Annotated[Task, one_of(Task)]
    voices_count: int
    erased_count: int
    sha256: str
    origin: str
    locked_at: datetime

    @classmethod
    def of(cls, found: EvaluationSet) -> LockedOut:
        return cls(
            id=found.pk,
            task=Task(found.task),
            voices_count=found.items.count(),
            erased_count=found.erased,
            sha256=found.sha256,
            origin=found.origin,
            locked_at=found.at,
        )


class ComparedOut(Schema):
    """`difference` is new minus old in `measure`: [value, low, high], a paired 95 % bootstrap interval over voices.

    `verdict`: better or worse are proven; lower fell without proof; unproven; unknown where nothing is locked, too few
    voices are left, or one of them (`learned`) may have learned the set. `is_worse` needs a person's word to activate.
    """

    old: str
    new: str
    verdict: Literal["better", "worse", "lower", "unproven", "unknown"]
    is_worse: bool
    measure: str
    n: int
    difference: list[float | None]
    learned: list[str]


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


@router.post("/models", auth=MANAGE, response={202: JobOut | None}, summary=gettext_noop("用标注训练一个理解模型"))
def train(request: HttpRequest, wanted: TrainIn) -> Job | None:
    """As a job; what it has learned is registered under that name, measured on the locked set, and not activated."""
    job = actions.train(wanted.task.value, wanted.name, by=who(request), source=source(request))
    return shown(request, "job.see", job)


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


@router.get("/models/{model_id}", auth=MANAGE, response=ModelCardOut, summary=gettext_noop("一个理解模型的模型卡"))
def read_model(request: HttpRequest, model_id: Number) -> ModelCardOut:
    return ModelCardOut.whole(get_object_or_404(ModelVersion, pk=model_id))


@router.post(
    "/models/{model_id}/evaluate",
    auth=MANAGE,
    response={202: JobOut | None},
    summary=gettext_noop("在锁定的评价集上评价一个理解模型"),
)
def evaluate(request: HttpRequest, model_id: Number) -> Job | None:
    """As a job; its figures stand on the card afterwards."""
    version = get_object_or_404(ModelVersion, pk=model_id)
    return shown(request, "job.see", actions.evaluate(version, by=who(request), source=source(request)))


@router.get(
    "/models/{model_id}/comparison",
    auth=MANAGE,
    response=ComparedOut,
    summary=gettext_noop("一个理解模型与另一个、或与规则的比较"),
)
def compare(request: HttpRequest, model_id: Number, against: Number | None = None) -> ComparedOut:
    """On the locked set, against another model by its id; without one, against the rules."""
    new = get_object_or_404(ModelVersion, pk=model_id)
    old = get_object_or_404(ModelVersion, pk=against, task=new.task) if against else None
    found = activation.judged(old, new)
    named = {"old": old.label if old else "rules", "new": new.label}
    whole: dict[str, Any] = {"measure": scoring.AIMS[new.task], "n": 0, "difference": [], "learned": []} | found | named
    return ComparedOut(**{name: whole[name] for name in ComparedOut.model_fields})


@router.get("/evaluation-sets", auth=MANAGE, response=Page[LockedOut], summary=gettext_noop("锁定的评价集，最新在前"))
def list_evaluation_sets(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[LockedOut]:
    """The newest of a task is the one that counts."""
    found, following = page(EvaluationSet.objects.all(), ("-at", "-pk"), after, limit)
    return Page[LockedOut](items=[LockedOut.of(each) for each in found], next=following)


@router.post("/evaluation-sets", auth=MANAGE, response={201: LockedOut}, summary=gettext_noop("锁定评价集"))
def lock(request: HttpRequest, wanted: LockIn) -> LockedOut:
    """What two agreed on, or a third settled, of the voices drawn at random."""
    return LockedOut.of(actions.lock_labels(wanted.task.value, by=who(request), source=source(request)))


@router.get("/rereadings", auth=MANAGE, response=Page[RereadingOut], summary=gettext_noop("重新理解的记录，最新在前"))
def list_rereadings(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[RereadingOut]:
    found, following = page(Rereading.objects.all(), ("-at", "-pk"), after, limit)
    return Page[RereadingOut](items=[RereadingOut.of(each) for each in found], next=following)


@router.post("/rereadings", auth=MANAGE, response={202: RereadingOut}, summary=gettext_noop("重新理解这些月份的声音"))
def reread(request: HttpRequest, wanted: RereadIn) -> RereadingOut:
    """Done in the background; people's corrections stay."""
    return RereadingOut.of(actions.reread(wanted.months, by=who(request), source=source(request)))
