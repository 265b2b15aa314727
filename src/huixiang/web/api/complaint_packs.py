"""How are rule packs proposed, replayed and let through by other systems? On the router of `complaint_rules`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import Field

from huixiang.apps.access.sentences import told
from huixiang.apps.complaints import actions, packs
from huixiang.apps.complaints.actions.proposing import RULES, demand
from huixiang.apps.complaints.models import PackDraft, RulePack
from huixiang.domain.complaints.differing import differences
from huixiang.domain.complaints.tables import LONGEST
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_rules import router
from huixiang.web.api.shapes import NO_NUL, Given

CHANGE = Bearer(RULES)
Pk = Annotated[int, Path(ge=1, le=2**62)]


_SAME = ("id", "code", "version", "effective_from", "digest", "state", "at", "decided_at", "words", "replayed_at",
         "replayed")  # fmt: skip


class PackIn(Given):
    """The TOML text of a pack."""

    text: Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]


class PackNoIn(Given):
    words: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class PackDraftOut(Schema):
    """`replayed` is what `huixiang complaints replay` prints, null before; `differences` are sentences against what
    holds today.
    """

    id: int
    code: str
    version: str
    effective_from: date
    digest: str
    state: Literal["proposed", "approved", "declined"]
    by: str
    at: datetime
    decided_by: str | None
    decided_at: datetime | None
    words: str
    job: str | None
    replayed_at: datetime | None
    replayed: dict[str, Any] | None
    differences: list[str]

    @classmethod
    def of(cls, row: PackDraft) -> PackDraftOut:
        same = {name: getattr(row, name) for name in _SAME}
        decided_by = row.decided_by.number if row.decided_by else None
        job = str(row.job_id) if row.job_id else None
        return cls(**same, by=row.by.number, decided_by=decided_by, job=job, differences=_differences(row))


@router.get("/complaint-rule-drafts", auth=CHANGE, response=list[PackDraftOut], summary=gettext_noop("提出的规则包"))
def list_pack_drafts(request: HttpRequest) -> list[PackDraftOut]:
    demand(who(request))
    return [PackDraftOut.of(row) for row in PackDraft.objects.select_related("by", "decided_by")[:50]]


@router.post(
    "/complaint-rule-drafts", auth=CHANGE, response={201: PackDraftOut}, summary=gettext_noop("提出一个规则包")
)
def propose_rule_pack(request: HttpRequest, given: PackIn) -> tuple[int, PackDraftOut]:
    """A mistake is told by its line. It holds nowhere before somebody else has let it through."""
    draft = actions.propose_pack(given.text, by=who(request), source=source(request))
    return 201, PackDraftOut.of(draft)


@router.get(
    "/complaint-rule-drafts/{draft}", auth=CHANGE, response=PackDraftOut, summary=gettext_noop("一个提出的规则包")
)
def read_pack_draft(request: HttpRequest, draft: Pk) -> PackDraftOut:
    demand(who(request))
    return PackDraftOut.of(_draft(draft))


@router.post(
    "/complaint-rule-drafts/{draft}/replay",
    auth=CHANGE,
    response={202: PackDraftOut},
    summary=gettext_noop("用最近一年的投诉重演"),
)
def replay_rule_pack(request: HttpRequest, draft: Pk) -> tuple[int, PackDraftOut]:
    """As a job; read the draft again for what came of it."""
    return 202, _done(request, draft, actions.replay_pack)


@router.post(
    "/complaint-rule-drafts/{draft}/approve",
    auth=CHANGE,
    response=PackDraftOut,
    summary=gettext_noop("批准规则包，到日生效"),
)
def approve_rule_pack(request: HttpRequest, draft: Pk) -> PackDraftOut:
    return _done(request, draft, actions.approve_pack)


@router.post(
    "/complaint-rule-drafts/{draft}/decline",
    auth=CHANGE,
    response=PackDraftOut,
    summary=gettext_noop("不批准或收回规则包"),
)
def decline_rule_pack(request: HttpRequest, draft: Pk, given: PackNoIn) -> PackDraftOut:
    return _done(request, draft, actions.decline_pack, given.words)


def _done(request: HttpRequest, pk: int, verb: Callable[..., object], *given: str) -> PackDraftOut:
    demand(who(request))
    verb(_draft(pk), *given, by=who(request), source=source(request))
    return PackDraftOut.of(_draft(pk))


def _draft(pk: int) -> PackDraft:
    found = PackDraft.objects.select_related("by", "decided_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _differences(row: PackDraft) -> list[str]:
    if not RulePack.objects.filter(code=row.code).exists():
        return []
    old = packs.pack_of(packs.in_force(timezone.localdate(), row.code))
    return [told(each.message, each.params) for each in differences(old, actions.checked(row.text))]
