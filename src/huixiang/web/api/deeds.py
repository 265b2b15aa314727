"""What have customers been told of what was done? The same verbs as on the pages, each under the same right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field

from huixiang.apps.needs import actions
from huixiang.apps.needs.models import LONGEST_DID, LONGEST_DID_EN, LONGEST_SAID, LONGEST_SAID_EN, Deed
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import NO_NUL, Given, Limit, Page, RowId, Word, one_of

router = Router(tags=["deeds"])
SEE, DECIDE = Bearer("need.see"), Bearer("need.decide")


class DeedIn(Given):
    """`said` in customers' general words, never one customer's own; `did` is done by `done_on` (without one, today).

    `unit` is a code: its customers and those of all units below read it; "" is the whole bank. In English both or
    none: without, who reads English is shown the Chinese, marked as such.
    """

    need_id: RowId
    said: Annotated[str, Field(min_length=1, max_length=LONGEST_SAID, pattern=NO_NUL)]
    did: Annotated[str, Field(min_length=1, max_length=LONGEST_DID, pattern=NO_NUL)]
    done_on: Annotated[date, Field(ge=date(1990, 1, 1))] | None = None
    unit: Word = ""
    said_en: Annotated[str, Field(max_length=LONGEST_SAID_EN, pattern=NO_NUL)] = ""
    did_en: Annotated[str, Field(max_length=LONGEST_DID_EN, pattern=NO_NUL)] = ""


class DeedOut(Schema):
    """`unit` null is the whole bank; a draft is read by staff alone. It never tells whether it helped."""

    id: int
    need_id: int
    unit: str | None
    said: str
    did: str
    said_en: str
    did_en: str
    done_on: date
    state: Annotated[Deed.State, one_of(Deed.State)]
    by: str | None
    published_at: datetime | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, deed: Deed) -> DeedOut:
        same = ("need_id", "said", "did", "said_en", "did_en", "done_on", "state", "published_at", "withdrawn_at")
        return cls(
            id=deed.pk,
            unit=deed.unit.code if deed.unit else None,
            by=deed.by.number if deed.by else None,
            **{name: getattr(deed, name) for name in same},
        )


@router.get("/deeds", auth=SEE, response=Page[DeedOut], summary=gettext_noop("您说，我们做：最近做完的在前"))
def list_deeds(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[DeedOut]:
    rows = Deed.objects.visible_to(who(request)).select_related("unit", "by")
    found, following = page(rows, ("-done_on", "-pk"), after, limit)
    return Page[DeedOut](items=[DeedOut.of(deed) for deed in found], next=following)


@router.post("/deeds", auth=DECIDE, response={201: DeedOut}, summary=gettext_noop("起草一件“您说，我们做”"))
def draft_deed(request: HttpRequest, given: DeedIn) -> DeedOut:
    """Of a need that is decided or met. Customers read it once it is published."""
    telling = actions.Telling(given.said, given.did, given.done_on, given.unit, given.said_en, given.did_en)
    return DeedOut.of(actions.draft(given.need_id, telling, by=who(request), source=source(request)))


@router.post("/deeds/{deed_id}/publish", auth=DECIDE, response=DeedOut, summary=gettext_noop("发布给客户看"))
def publish_deed(request: HttpRequest, deed_id: Path[RowId]) -> DeedOut:
    return DeedOut.of(actions.publish(deed_id, by=who(request), source=source(request)))


@router.post("/deeds/{deed_id}/withdraw", auth=DECIDE, response=DeedOut, summary=gettext_noop("撤下，客户不再看到"))
def withdraw_deed(request: HttpRequest, deed_id: Path[RowId]) -> DeedOut:
    """A draft is given up by it."""
    return DeedOut.of(actions.withdraw(deed_id, by=who(request), source=source(request)))
