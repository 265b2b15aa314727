"""How are standards written, submitted, approved and brought in by other systems? On the router of `standards`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import Field

from huixiang.apps.standards import actions, previewing
from huixiang.apps.standards.actions.writing import demand
from huixiang.apps.standards.models import APPROVE, EDIT
from huixiang.domain.standards.reading import LONGEST
from huixiang.web.api import standard_units  # noqa: F401  # its address is on the same router
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import NO_NUL, Given
from huixiang.web.api.standards import Code, Number, StandardVersionOut, router, version

WRITE, DECIDE = Bearer(EDIT), Bearer(APPROVE)
Text = Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


class StandardIn(Given):
    """The TOML text of one standard."""

    text: Text


class StandardReturnIn(Given):
    words: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class StandardFilesIn(Given):
    """Name → TOML text, as `GET /standards/export` gives them."""

    files: Annotated[dict[Name, Text], Field(min_length=1, max_length=500)]


class StandardsBroughtOut(Schema):
    """`written` are drafts; `same` were there already, just so."""

    written: list[str]
    same: list[str]


@router.post("/standards", auth=WRITE, response={201: StandardVersionOut}, summary=gettext_noop("写一份标准的草稿"))
def write_standard(request: HttpRequest, given: StandardIn) -> tuple[int, StandardVersionOut]:
    """New, or the next version of its code. A mistake is told by line and key."""
    demand(who(request), EDIT)
    row = actions.write_version(given.text, by=who(request), source=source(request))
    return 201, StandardVersionOut.of(version(request, row.standard.code, row.number), request)


@router.post("/standards/import", auth=WRITE, response={201: StandardsBroughtOut}, summary=gettext_noop("导入标准文件"))
def import_standards(request: HttpRequest, given: StandardFilesIn) -> tuple[int, StandardsBroughtOut]:
    """All become drafts, or none."""
    found = actions.bring(given.files, by=who(request), source=source(request))
    written = [row.standard.code for row in found.written]
    return 201, StandardsBroughtOut(written=written, same=list(found.same))


@router.post("/standards/adopt", auth=WRITE, response={201: StandardsBroughtOut}, summary=gettext_noop("采用起始标准"))
def adopt_standards(request: HttpRequest) -> tuple[int, StandardsBroughtOut]:
    """Each that the bank has not had, submitted for approval, to hold from today."""
    found = actions.adopt(timezone.localdate(), by=who(request), source=source(request))
    return 201, StandardsBroughtOut(written=[row.standard.code for row in found], same=[])


_ONE = "/standards/{standard_code}/versions/{version_number}"


@router.post(f"{_ONE}/submit", auth=WRITE, response=StandardVersionOut, summary=gettext_noop("提交标准审批"))
def submit_standard(request: HttpRequest, standard_code: Code, version_number: Number) -> StandardVersionOut:
    return _done(request, standard_code, version_number, actions.submit)


@router.post(f"{_ONE}/drop", auth=WRITE, response=StandardVersionOut, summary=gettext_noop("放弃标准的一版"))
def drop_standard(request: HttpRequest, standard_code: Code, version_number: Number) -> StandardVersionOut:
    return _done(request, standard_code, version_number, actions.drop)


@router.post(
    f"{_ONE}/preview", auth=WRITE, response={202: StandardVersionOut}, summary=gettext_noop("用最近一年试算标准")
)
def preview_standard(
    request: HttpRequest, standard_code: Code, version_number: Number
) -> tuple[int, StandardVersionOut]:
    """As a job; read the version again for what came of it."""
    return 202, _done(request, standard_code, version_number, previewing.begin_preview)


@router.post(
    f"{_ONE}/approve", auth=DECIDE, response=StandardVersionOut, summary=gettext_noop("批准标准（编写人以外）")
)
def approve_standard(request: HttpRequest, standard_code: Code, version_number: Number) -> StandardVersionOut:
    return _done(request, standard_code, version_number, actions.approve)


@router.post(f"{_ONE}/return", auth=DECIDE, response=StandardVersionOut, summary=gettext_noop("退回标准，说明理由"))
def return_standard(
    request: HttpRequest, standard_code: Code, version_number: Number, given: StandardReturnIn
) -> StandardVersionOut:
    return _done(request, standard_code, version_number, actions.send_back, given.words)


def _done(request: HttpRequest, code: str, number: int, verb: Callable[..., object], *given: str) -> StandardVersionOut:
    verb(version(request, code, number), *given, by=who(request), source=source(request))
    return StandardVersionOut.of(version(request, code, number), request)
