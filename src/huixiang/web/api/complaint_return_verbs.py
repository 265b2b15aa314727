"""How does a return come to stand by API? Drafted, submitted, sent back, approved by another person, as on its page."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path
from pydantic import Field, StringConstraints

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions.returning import APPROVE, RETURN
from huixiang.apps.complaints.models import ReturnVersion
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.domain.complaints.periods import read_period
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.complaint_returns import ReturnVersionOut, router
from huixiang.web.api.shapes import Code, Given, Note, RowId


class ReturnDraftIn(Given):
    """A quarter (2026Q3) or a year (2026) that has begun, of a unit with all below it. `reason`: of a correction."""

    period: Annotated[str, Field(pattern=r"^20\d\d(Q[1-4])?$")]
    unit: Code
    reason: Note = ""


class ReturnSentBackIn(Given):
    reason: Annotated[Note, Field(min_length=1)]


class ReturnApprovalIn(Given):
    """`sha256` of the figures that the approver has seen: others are refused."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@router.post(
    "/complaint-return-versions",
    auth=Bearer(RETURN),
    response={201: ReturnVersionOut | None},
    summary=gettext_noop("编制监管统计报表的草稿，或重算"),
)
def draft_return_version(request: HttpRequest, given: ReturnDraftIn) -> ReturnVersionOut | None:
    """After a frozen version a new one, with its reason."""
    unit = Unit.objects.visible_to(who(request), RETURN).filter(code=given.unit).first()
    if unit is None:
        raise Http404
    row = actions.draft_return(
        read_period(given.period), unit, by=who(request), reason=given.reason, source=source(request)
    )
    return _told(request, row)


@router.post(
    "/complaint-return-versions/{version_id}/submit",
    auth=Bearer(RETURN),
    response=ReturnVersionOut | None,
    summary=gettext_noop("提交监管统计报表"),
)
def submit_return_version(request: HttpRequest, version_id: Path[RowId]) -> ReturnVersionOut | None:
    """Drawn once more and checked first."""
    return _told(request, actions.submit_return(version_id, by=who(request), source=source(request)))


@router.post(
    "/complaint-return-versions/{version_id}/send-back",
    auth=Bearer(APPROVE),
    response=ReturnVersionOut | None,
    summary=gettext_noop("退回监管统计报表"),
)
def send_back_return_version(
    request: HttpRequest, version_id: Path[RowId], given: ReturnSentBackIn
) -> ReturnVersionOut | None:
    row = actions.send_back_return(version_id, reason=given.reason, by=who(request), source=source(request))
    return _told(request, row)


@router.post(
    "/complaint-return-versions/{version_id}/approve",
    auth=Bearer(APPROVE),
    response=ReturnVersionOut | None,
    summary=gettext_noop("审批监管统计报表并定稿"),
)
def approve_return_version(
    request: HttpRequest, version_id: Path[RowId], given: ReturnApprovalIn
) -> ReturnVersionOut | None:
    """Never by who drafted it."""
    row = actions.approve_return(version_id, digest=given.sha256, by=who(request), source=source(request))
    return _told(request, row)


def _told(request: HttpRequest, row: ReturnVersion) -> ReturnVersionOut | None:
    return shown(request, SEE_RIGHT, ReturnVersionOut.of(row))
