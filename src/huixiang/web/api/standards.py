"""What does the bank promise of its service, and is it kept? Read as on the pages of the standards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.access.sentences import told
from huixiang.apps.standards import exporting, linting, measuring
from huixiang.apps.standards.models import SEE, Preview, Step, Version, VersionQuerySet, in_force_on, may_work
from huixiang.apps.standards.views.reading import changes, last_month
from huixiang.domain.standards import values
from huixiang.domain.standards.catalogue import MEASURES
from huixiang.domain.standards.writing import write
from huixiang.web.api.auth import Bearer, source, who

router = Router(tags=["standards"])
READ = Bearer(SEE)
Code = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
VersionState = Literal["draft", "submitted", "approved", "returned", "dropped"]


class StandardOut(Schema):
    """One standard in force; `text` is its file, which holds all of it."""

    code: str
    title: str
    english: str
    governs: str
    measure: str | None
    target: float | None
    tolerance: float | None
    weight: float
    effective_from: date
    effective_until: date | None
    text: str

    @classmethod
    def of(cls, standard: values.Standard) -> StandardOut:
        same = {name: getattr(standard, name) for name in _SAME}
        aim = standard.aim
        return cls(**same, governs=standard.governs.value, text=write(standard), measure=aim.measure if aim else None,
                   target=aim.target if aim else None, tolerance=aim.tolerance if aim else None)  # fmt: skip


_SAME = ("code", "title", "english", "weight", "effective_from", "effective_until")


class StandardStepOut(Schema):
    state: VersionState
    by: str
    at: datetime
    words: str

    @classmethod
    def of(cls, step: Step) -> StandardStepOut:
        same = {name: getattr(step, name) for name in ("state", "at", "words")}
        return cls(**same, by=step.by.number)


class StandardVersionOut(Schema):
    """`changes` are sentences against the approved version before, null where there is none; `preview` is what the
    last year would have been, null where it was not counted or may not be seen.
    """

    code: str
    number: int
    state: VersionState
    effective_from: date
    effective_until: date | None
    digest: str
    by: str
    written_at: datetime
    text: str
    changes: list[str] | None
    steps: list[StandardStepOut]
    preview: dict[str, Any] | None

    @classmethod
    def of(cls, row: Version, request: HttpRequest) -> StandardVersionOut:
        before = Version.objects.approved().filter(standard=row.standard, number__lt=row.number).first()
        steps = [StandardStepOut.of(each) for each in row.steps.select_related("by")]
        same = {name: getattr(row, name) for name in _OF_VERSION} | {"state": row.standing.value}
        return cls(**same, code=row.standard.code, by=row.by.number, steps=steps, changes=changes(before, row),
                   preview=_preview(row, request))  # fmt: skip


_OF_VERSION = ("number", "effective_from", "effective_until", "digest", "written_at", "text")


def _preview(row: Version, request: HttpRequest) -> dict[str, Any] | None:
    by = who(request)
    if not may_work(by) or not measuring.may_see(row.value, by):
        return None
    found = Preview.objects.filter(version=row).first()
    return found.found if found else None


class StandardFindingOut(Schema):
    """`code`: "" of what concerns the whole set."""

    code: str
    fails: Literal["unmeasurable", "contradictory", "untaught", "unchecked", "ownerless", "weights"]
    what: str
    remedy: str


class StandardKeptOut(Schema):
    """`is_measured`: are there facts of its measure at all? The numbers are null where there are none in the period, or
    where they may not be seen; shares in per cent.
    """

    code: str
    is_measured: bool
    count: int | None
    value: float | None
    low: float | None
    high: float | None
    verdict: Literal["met", "near", "missed", "unproven"]


class StandardsKeptOut(Schema):
    since: date
    until: date
    standards: list[StandardKeptOut]


class MeasureOut(Schema):
    code: str
    title: str
    english: str
    definition: str
    unit: str
    kind: str
    lower_is_better: bool
    parameters: list[str]
    has_facts: bool


class StandardFilesOut(Schema):
    """Name → TOML text."""

    files: dict[str, Annotated[str, Field(max_length=100_000)]]


@router.get("/standards", auth=READ, response=list[StandardOut], summary=gettext_noop("现行的服务标准"))
def list_standards(request: HttpRequest) -> list[StandardOut]:
    return [StandardOut.of(each) for each in in_force_on(timezone.localdate())]


@router.get("/standards/lint", auth=READ, response=list[StandardFindingOut], summary=gettext_noop("标准里查出的问题"))
def lint_standards(request: HttpRequest) -> list[StandardFindingOut]:
    return [StandardFindingOut(code=each.code, fails=each.fails.value, what=told(each.what.message, each.what.params),
                               remedy=told(each.remedy.message, each.remedy.params))
            for each in linting.found_on(timezone.localdate())]  # fmt: skip


@router.get("/standards/measures", auth=READ, response=list[MeasureOut], summary=gettext_noop("指标目录"))
def list_measures(request: HttpRequest) -> list[MeasureOut]:
    known = measuring.measured()
    return [MeasureOut(code=each.code, title=each.title, english=each.english, definition=each.definition,
                       unit=each.unit.value, kind=each.kind.value, lower_is_better=each.lower_is_better,
                       parameters=list(each.parameters), has_facts=each.code in known)
            for each in MEASURES.values()]  # fmt: skip


@router.get("/standards/conformance", auth=READ, response=StandardsKeptOut, summary=gettext_noop("标准的达标情况"))
def read_conformance(request: HttpRequest) -> StandardsKeptOut:
    """Of the last whole month, the whole bank."""
    since, until = last_month(timezone.localdate())
    found = [_kept(request, each, since, until) for each in in_force_on(timezone.localdate())]
    return StandardsKeptOut(since=since, until=until, standards=found)


def _kept(request: HttpRequest, standard: values.Standard, since: date, until: date) -> StandardKeptOut:
    if not measuring.may_see(standard, who(request)):
        return StandardKeptOut(code=standard.code, is_measured=True, count=None, value=None, low=None, high=None,
                               verdict="unproven")  # fmt: skip
    line = measuring.conform(standard, since, until)
    numbers = {name: getattr(line.found, name, None) for name in ("value", "low", "high")}
    count = line.found.n if line.found else None
    return StandardKeptOut(code=standard.code, is_measured=line.is_measured, count=count, **numbers,
                           verdict=line.verdict.value)  # fmt: skip


@router.get("/standards/export", auth=READ, response=StandardFilesOut, summary=gettext_noop("导出现行标准（TOML）"))
def export_standards(request: HttpRequest) -> StandardFilesOut:
    """Recorded in the audit."""
    return StandardFilesOut(files=exporting.export(timezone.localdate(), by=who(request), source=source(request)))


@router.get(
    "/standards/{standard_code}/versions",
    auth=READ,
    response=list[StandardVersionOut],
    summary=gettext_noop("一份标准的各版，最新在前"),
)
def list_standard_versions(request: HttpRequest, standard_code: Code) -> list[StandardVersionOut]:
    """What is not approved yet is told to those who write or approve standards."""
    rows = list(_rows(request).filter(standard__code=standard_code))
    if not rows:
        raise Http404
    return [StandardVersionOut.of(row, request) for row in rows]


@router.get(
    "/standards/{standard_code}/versions/{version_number}",
    auth=READ,
    response=StandardVersionOut,
    summary=gettext_noop("一份标准的一版"),
)
def read_standard_version(request: HttpRequest, standard_code: Code, version_number: Number) -> StandardVersionOut:
    return StandardVersionOut.of(version(request, standard_code, version_number), request)


def version(request: HttpRequest, code: str, number: int) -> Version:
    """Raises Http404 where there is none for this person."""
    row = _rows(request).filter(standard__code=code, number=number).first()
    if row is None:
        raise Http404
    return row


def _rows(request: HttpRequest) -> VersionQuerySet:
    return Version.objects.visible_to(who(request)).select_related("standard", "by")
