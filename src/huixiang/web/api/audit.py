"""Who did what? The chain of records, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema

from huixiang.apps.access.forms import AuditFilter
from huixiang.apps.access.models import AuditRecord
from huixiang.web.api.auth import Bearer
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Day, Limit, Page, Word

router = Router(tags=["audit"])


class AuditChoice(Schema):
    actor: Word = ""
    verb: Word = ""
    on_kind: Word = ""
    on_id: Word = ""
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
    form = AuditFilter(choice.dict())
    if not form.is_valid():
        name, messages = next(iter(form.errors.items()))
        raise Invalid("query", name, " ".join(map(str, messages)))
    found, following = page(AuditRecord.objects.filter(**form.wanted()), ("-seq",), after, limit)
    return Page[RecordOut](items=[RecordOut.from_orm(record) for record in found], next=following)
