"""Which keys does a person hold, and how are they taken back? For administrators; one makes one's own on the page."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema

from huixiang.apps.access import actions, audit
from huixiang.apps.access.models import Staff, Token
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Code, Limit, Page, RowId, Word

router = Router(tags=["staff"])
CHANGE = Bearer("organisation.change")


class TokenOut(Schema):
    """Never its text, which is kept nowhere."""

    id: int
    name: str
    scopes: list[str]
    expires_on: date
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@router.get("/staff/{number}/tokens", auth=CHANGE, response=Page[TokenOut], summary=gettext_noop("一名人员的接口令牌"))
def list_tokens(request: HttpRequest, number: Path[Code], after: Word = "", limit: Limit = 50) -> Page[TokenOut]:
    person = _reached(request, number)
    audit.record("staff.read", by=who(request), on_kind="staff", on_id=number, source=source(request))
    found, following = page(Token.objects.filter(staff=person), ("pk",), after, limit)
    return Page[TokenOut](items=[TokenOut.from_orm(token) for token in found], next=following)


@router.post(
    "/staff/{number}/tokens/{token_id}/revoke", auth=CHANGE, response=TokenOut, summary=gettext_noop("撤销接口令牌")
)
def revoke_token(request: HttpRequest, number: Path[Code], token_id: Path[RowId]) -> Token:
    token = get_object_or_404(Token, pk=token_id, staff=_reached(request, number))
    actions.revoke_token(token, who(request), source(request))
    token.refresh_from_db()
    return token


def _reached(request: HttpRequest, number: str) -> Staff:
    return actions.person_to_change("token.revoke", who(request), number, source(request))
