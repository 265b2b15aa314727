"""How do units and staff come in from files? As on the page: what cannot be taken is told, the other rows go in."""

from __future__ import annotations

from typing import Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from huixiang.apps.access import actions
from huixiang.apps.access.forms import RosterForm
from huixiang.apps.access.roster import files
from huixiang.apps.access.roster.carrying import VERB, carry_out
from huixiang.apps.access.roster.plan import Plan
from huixiang.apps.feedback.faults import told_fault
from huixiang.web.api.auth import Bearer, source, who

router = Router(tags=["organisation"])
MOST_TOLD = 1000


class RefusedOut(Schema):
    """A row that was not taken: where, and what to do."""

    row: int
    column: str
    reason: str


class RosterOut(Schema):
    """How many rows are new, changed, the same or refused; `refused` tells the first thousand."""

    state: Literal["imported", "previewed"]
    new_count: int
    changed_count: int
    same_count: int
    refused_count: int
    refused: list[RefusedOut]


@router.post(
    "/organisation/import",
    auth=Bearer("organisation.change"),
    response=RosterOut,
    summary=gettext_noop("导入机构与人员"),
)
def import_roster(
    request: HttpRequest,
    units: File[UploadedFile | None] = None,
    staff: File[UploadedFile | None] = None,
    preview: Form[bool] = False,
) -> RosterOut:
    """A file of units, of staff, or both; `preview=true` changes nothing. Only for the whole bank."""
    by, where = who(request), source(request)
    actions.reach_unit(VERB, by, None, where)
    form = RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    key = files.keep(form.cleaned_data)
    try:
        kept = files.kept(key)
        plan = files.plan(kept.get("units"), kept.get("staff"), by=by.number, today=timezone.localdate())
        if not preview:
            carry_out(plan, by, where, files=files.fingerprint(kept))
    finally:
        files.forget(key)
    return _told(plan, "previewed" if preview else "imported")


def _told(plan: Plan, state: Literal["imported", "previewed"]) -> RosterOut:
    return RosterOut(
        state=state,
        new_count=plan.count("new"),
        changed_count=plan.count("changed"),
        same_count=plan.count("same"),
        refused_count=len(plan.refused),
        refused=[
            RefusedOut(row=row.number, column=row.fault.column or "", reason=told_fault(row.fault))
            for row in plan.refused[:MOST_TOLD]
        ],
    )
