"""How do answers that another program collected come in? A file by a mapping, each response once.

What is left out waits in the quarantine of imports: see quarantine.py, which opens to who manages surveys as well.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import spreadsheet
from huixiang.apps.feedback.faults import told
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys import actions
from huixiang.apps.surveys.answer_files import left_out, missing
from huixiang.apps.surveys.answer_guest import ANSWERS, counts
from huixiang.apps.surveys.models import Survey
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.jobs import JobOut
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, RowId, Word

router = Router(tags=["surveys"])
MANAGE = "survey.manage"


class SurveyAnswersOut(Schema):
    """read = new + same + erased + unfinished + refused, at any moment.

    `state`: running, stopped (can go on), failed (`fault` says why) or finished. `refused` rows wait in the quarantine
    of the import `id`, or were given up; `faults`: of those that wait the first, with row, column and remedy.
    `missing`: codes of questions of which the file tells nothing.
    """

    id: UUID
    file_name: str
    version: int
    state: str
    fault: str | None
    started_at: datetime | None
    finished_at: datetime | None
    read: int
    new: int
    same: int
    erased: int
    unfinished: int
    refused: int
    faults: list[str]
    missing: list[str]
    job: JobOut | None

    @classmethod
    def of(cls, imported: Import) -> SurveyAnswersOut:
        same = ("id", "file_name", "state", "started_at", "finished_at")
        found, version = counts(imported), imported.answers.version
        numbers: dict[str, Any] = {name: found[name] for name in ("new", "same", "erased", "unfinished")}
        return cls(
            **{name: getattr(imported, name) for name in same},
            **numbers,
            version=version.number,
            fault=told(imported.fault["message"], imported.fault.get("params", {})) if imported.fault else None,
            read=found["rows"],
            refused=found["quarantined"],
            faults=[told(row.message, row.params) for row in left_out(imported)],
            missing=missing(version, imported.mapping),
            job=JobOut.from_orm(imported.job) if imported.job else None,
        )


@router.post(
    "/surveys/{survey_id}/answers",
    auth=Bearer(MANAGE),
    response={200: SurveyAnswersOut, 202: SurveyAnswersOut},
    summary=gettext_noop("导入别处收集的答案"),
)
def add_answers(
    request: HttpRequest,
    response: HttpResponse,
    survey_id: RowId,
    file: File[UploadedFile],
    mapping: Form[str] = "",
    version: Annotated[int, Form(), Field(ge=0, le=100_000)] = 0,
) -> Status[SurveyAnswersOut]:
    """CSV, XLSX, JSONL or SPSS, of the newest version or of this one. The same response again adds nothing.

    A file of more than 10 MB is read in the background: 202, and `Location` tells how far it is.
    """
    survey = get_object_or_404(Survey.objects.visible_to(who(request), MANAGE), pk=survey_id)
    wanted = survey.versions.select_related("survey__unit").filter(number=version).first() if version else survey.latest
    if wanted is None:
        raise Http404
    by, where = survey_answers.mapping(mapping), source(request)
    draft = actions.receive_answers(wanted, str(file.name), file.chunks(), by=who(request), source=where)
    try:
        if spreadsheet.is_ours(FilePath(draft.path)):
            raise Fault("这是从“隔离的行”导出的表格；请交回那次导入的隔离区，改好的行会计入那次导入的账目")
        job = actions.begin_answers(draft, wanted, by, by=who(request), source=where)
    except Fault:
        if draft.started_at is None:
            feedback.drop_upload(draft, by=who(request), source=where)
        raise
    response["Location"] = reverse("api-1:read_answer_file", args=[survey_id, draft.pk])
    return Status(202 if job else 200, SurveyAnswersOut.of(_visible(request, survey_id).get(pk=draft.pk)))


@router.get(
    "/surveys/{survey_id}/answers",
    auth=Bearer(MANAGE),
    response=Page[SurveyAnswersOut],
    summary=gettext_noop("导入过的别处收集的答案，最新在前"),
)
def list_answer_files(
    request: HttpRequest, survey_id: RowId, after: Word = "", limit: Limit = 50
) -> Page[SurveyAnswersOut]:
    found, following = page(_visible(request, survey_id), ("-started_at", "-pk"), after, limit)
    return Page[SurveyAnswersOut](items=[SurveyAnswersOut.of(each) for each in found], next=following)


@router.get(
    "/surveys/{survey_id}/answers/{answers_id}",
    auth=Bearer(MANAGE),
    response=SurveyAnswersOut,
    summary=gettext_noop("一个答案文件及其账目"),
)
def read_answer_file(request: HttpRequest, survey_id: RowId, answers_id: UUID) -> SurveyAnswersOut:
    return SurveyAnswersOut.of(get_object_or_404(_visible(request, survey_id), pk=answers_id))


def _visible(request: HttpRequest, survey_id: int) -> QuerySet[Import]:
    survey = get_object_or_404(Survey.objects.visible_to(who(request), MANAGE), pk=survey_id)
    rows = Import.objects.filter(ANSWERS.visible_to(who(request)), answers__version__survey=survey).started()
    return rows.select_related("job", "answers__version__survey")
