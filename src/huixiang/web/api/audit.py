"""Who did what? The chain of records, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from huixiang.apps.access import actions
from huixiang.apps.access import audit as chain
from huixiang.apps.access.forms import AuditFilter
from huixiang.apps.access.models import AuditRecord
from huixiang.apps.access.models.records import LONGEST_ID
from huixiang.apps.access.views.audit import as_csv
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Day, Limit, Page, Word

router = Router(tags=["audit"])


class AuditChoice(Schema):
    actor: Word = ""
    verb: Word = ""
    on_kind: Word = ""
    on_id: Annotated[str, StringConstraints(max_length=LONGEST_ID, pattern=NO_NUL)] = ""
    outcome: Literal["", "done", "refused", "failed"] = ""
    since: Day | None = None
    until: Day | None = None


class RecordOut(Schema):
    """`hash` covers all the other fields and, through `previous`, all records before."""

    seq: int
    at: datetime
    actor: str
    verb: str
    on_kind: str
    on_id: str
    source: str
    outcome: str
    detail: dict[str, Any]
    previous: str
    hash: str


@router.get("/audit", auth=Bearer("audit.see"), response=Page[RecordOut], summary=gettext_noop("审计记录，最新在前"))
def list_audit(
    request: HttpRequest, choice: Query[AuditChoice], after: Word = "", limit: Limit = 50
) -> Page[RecordOut]:
    found, following = page(_found(choice), ("-seq",), after, limit)
    chain.record("audit.read", by=who(request), on_kind="audit", source=source(request))
    return Page[RecordOut](items=[RecordOut.from_orm(record) for record in found], next=following)


class VerdictOut(Schema):
    """Is the chain whole? If not, `first_bad` is the first record not to be trusted; `head` the last that is."""

    whole: bool
    records: int
    head: str
    first_bad: int | None
    fault: Literal["", "missing", "changed", "reordered", "truncated", "other_head"]


@router.post("/audit/verify", auth=Bearer("audit.see"), response=VerdictOut, summary=gettext_noop("核验审计链"))
def verify_audit(request: HttpRequest) -> VerdictOut:
    """All records, against the heads that were kept every night."""
    try:
        found = actions.verify_audit(who(request), source(request))
    except ValueError as error:
        raise Fault("保存的链头无法使用：%(reason)s", reason=error) from error
    fault: Any = found.fault
    return VerdictOut(whole=found.whole, records=found.records, head=str(found.head), first_bad=found.seq, fault=fault)


@router.get(
    "/audit/export",
    auth=Bearer("audit.see"),
    summary=gettext_noop("导出审计记录"),
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}},
    },
)
def export_audit(request: HttpRequest, choice: Query[AuditChoice]) -> HttpResponseBase:
    """All that the filter finds as CSV, oldest first."""
    found = _found(choice)
    chain.record("audit.export", by=who(request), on_kind="audit", source=source(request))
    return as_csv(found)


def _found(choice: AuditChoice) -> QuerySet[AuditRecord]:
    form = AuditFilter(choice.dict())
    if not form.is_valid():
        name, messages = next(iter(form.errors.items()))
        raise Invalid("query", name, " ".join(map(str, messages)))
    return AuditRecord.objects.filter(**form.wanted())
