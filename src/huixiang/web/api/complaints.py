"""Which complaints are there, and how does each stand? The queue and the case as the owner of the token sees them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.forms.intake import QueueForm
from huixiang.apps.complaints.models import Case, CaseQuerySet, Party
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import CaseOut, GlanceOut, Number, Role
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, Word

router = Router(tags=["complaints"])
SEE = Bearer(SEE_RIGHT)
OpenState = Literal[
    "accepted", "assigned", "awaiting_customer", "decided", "disputed", "investigating", "mediation", "proposed",
    "registered", "replied", "review", "reviewed"
]  # fmt: skip


class Queue(Schema):
    """As on the page: `whose` is the token's owner's or nobody's; `soon` is due within three days; `mine` are also
    those of colleagues one stands in for; `call_back` was agreed for today or before.
    """

    whose: Literal["", "mine", "nobody"] = ""
    state: OpenState | None = None
    only: Literal["", "late", "soon", "major", "call_back", "ended"] = ""
    number: Annotated[Word, Field(max_length=60)] = ""

    def cases(self, request: HttpRequest) -> CaseQuerySet:
        asked = {name: value or "" for name, value in self.dict().items()}
        return QueueForm(asked).narrowed(Case.objects.visible_to(who(request)), who(request))


class PersonOut(Schema):
    """What was told of a person; null for one that can no longer be opened."""

    role: Role
    identity: dict[str, str] | None


@router.get("/complaints", auth=SEE, response=Page[GlanceOut], summary=gettext_noop("投诉队列，最急的在前"))
def list_complaints(request: HttpRequest, queue: Query[Queue], after: Word = "", limit: Limit = 50) -> Page[GlanceOut]:
    """Of those that have ended the latest first, as on the page."""
    rows: Any = queue.cases(request).select_related("unit", "handler")
    order = ("-rank", "-pk") if queue.only == "ended" else ("rank", "pk")
    found, following = page(rows, order, after, limit)
    return Page[GlanceOut](items=[GlanceOut.of(case) for case in found], next=following)


@router.get(
    "/complaints/{case_number}", auth=SEE, response=CaseOut, summary=gettext_noop("一件投诉：期限、记录与可办事项")
)
def read_complaint(request: HttpRequest, case_number: Path[Number]) -> CaseOut:
    case, by = seen(request, case_number), who(request)
    audit.record("complaint.read", by=by, on_kind="complaint", on_id=case_number, source=source(request))
    return CaseOut.whole(case, by)


@router.post(
    "/complaints/{case_number}/people",
    auth=Bearer(IDENTITY),
    response=list[PersonOut],
    summary=gettext_noop("查看投诉人的身份与联系方式"),
)
def read_people(request: HttpRequest, case_number: Path[Number]) -> list[PersonOut]:
    """Each look is recorded."""
    people = actions.reveal(pk_of(request, case_number), by=who(request), source=source(request))
    return [PersonOut(role=Party.Role(party.role), identity=of.told() if of else None) for party, of in people]


def seen(request: HttpRequest, number: str) -> Case:
    """The case of this number within reach; missing and forbidden look the same."""
    rows = Case.objects.visible_to(who(request)).select_related("unit", "pack", "handler", "merged_into")
    found: Case = get_object_or_404(rows, number=number)
    return found


def pk_of(request: HttpRequest, number: str) -> int:
    """For verbs, whose own right asks again whether it is in sight."""
    return int(get_object_or_404(Case.objects.only("pk"), number=number).pk)
