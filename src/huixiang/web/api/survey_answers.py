"""How do answers that another program collected come in? A file by a mapping, each response once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access.sentences import told_fault
from huixiang.apps.surveys import answer_files
from huixiang.apps.surveys.models import Survey
from huixiang.channels import survey_answers
from huixiang.web.api.auth import Bearer, who
from huixiang.web.api.shapes import RowId

router = Router(tags=["surveys"])
MANAGE = "survey.manage"


class SurveyAnswersOut(Schema):
    """read = new + same + erased + unfinished + refused. `faults`: the first, with row, column and remedy.

    `missing`: codes of questions of which the file tells nothing.
    """

    read: int
    new: int
    same: int
    erased: int
    unfinished: int
    refused: int
    faults: list[str]
    missing: list[str]


@router.post(
    "/surveys/{survey_id}/answers",
    auth=Bearer(MANAGE),
    response=SurveyAnswersOut,
    summary=gettext_noop("导入别处收集的答案"),
)
def add_answers(
    request: HttpRequest,
    survey_id: RowId,
    file: File[UploadedFile],
    mapping: Form[str] = "",
    version: Annotated[int, Form(), Field(ge=0, le=100_000)] = 0,
) -> SurveyAnswersOut:
    """CSV, XLSX, JSONL or SPSS, of the newest version or of this one. The same response again adds nothing."""
    survey = get_object_or_404(Survey.objects.visible_to(who(request), MANAGE), pk=survey_id)
    wanted = survey.versions.select_related("survey").filter(number=version).first() if version else survey.latest
    if wanted is None:
        raise Http404
    by, reach = survey_answers.mapping(mapping), who(request).scope(MANAGE)
    coming = answer_files.Coming(None if reach is None else frozenset(reach), name=str(file.name))
    with tempfile.NamedTemporaryFile() as place:
        for piece in file.chunks():
            place.write(piece)
        place.flush()
        told = answer_files.bring(Path(place.name), wanted, by, actor=who(request).number, coming=coming)
    names = ("read", "new", "same", "erased", "unfinished", "refused", "missing")
    return SurveyAnswersOut(
        **{name: getattr(told, name) for name in names}, faults=[told_fault(each) for each in told.faults]
    )
