"""What is carried to customers by hand? The list of a round's links, colleagues' codes, and posters as PDF."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router, Schema

from huixiang.apps.access.models import Staff
from huixiang.apps.surveys import handing, printing
from huixiang.apps.surveys.actions import opening
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Limit, Page, RowId, Word
from huixiang.web.api.survey_rounds import SEND, SENDS, origin, round_to_send, sendable

router = Router(tags=["surveys"])
MANAGE = Bearer("survey.manage")
PDF: dict[str, Any] = {
    "responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}


class LinkOut(Schema):
    """`number`: by which one link is withdrawn. `address` works once."""

    number: str
    unit: str
    tier: str
    met_on: date | None
    staff: str
    address: str


class LinkListOut(Schema):
    items: list[LinkOut]


class ColleagueOut(Schema):
    """`address` stands as a code on the desk: each customer who opens it gets a link of her own."""

    staff: str
    name: str
    unit: str
    address: str


@router.post(
    "/survey-rounds/{round_id}/links", auth=SEND, response=LinkListOut, summary=gettext_noop("取走问卷链接名单")
)
def take_links(request: HttpRequest, round_id: RowId) -> LinkListOut:
    """Once: who has the list can answer for all on it. A lost one is withdrawn, reissued and taken again."""
    round_ = round_to_send(request, round_id)
    rows = handing.take_links(round_, origin(request), by=who(request), source=source(request))
    return LinkListOut(items=[_link(row) for row in rows])


@router.get(
    "/surveys/{survey_id}/colleagues", auth=SEND, response=Page[ColleagueOut], summary=gettext_noop("同事的问卷码")
)
def list_colleagues(request: HttpRequest, survey_id: RowId, after: Word = "", limit: Limit = 50) -> Page[ColleagueOut]:
    """Those at work within the survey's unit and the caller's reach. A page may hold fewer than `limit`."""
    survey = sendable(request, survey_id)
    staff = Staff.objects.visible_to(who(request), SENDS).filter(is_active=True)
    found, following = page(staff, ("number",), after, limit)
    items = []
    for each in found:
        if unit := handing.post_within(survey, each):
            address = handing.desk_link(survey, each, origin(request))
            items.append(ColleagueOut(staff=each.number, name=each.name, unit=unit.code, address=address))
    return Page[ColleagueOut](items=items, next=following)


@router.get("/surveys/{survey_id}/posters/{code}", auth=MANAGE, openapi_extra=PDF, summary=gettext_noop("网点海报 PDF"))
def read_poster(request: HttpRequest, survey_id: RowId, code: str) -> HttpResponse:
    """A4, in Chinese; its code names the branch, signed. Each print is on record."""
    survey, unit = opening.print_poster(survey_id, code, by=who(request), source=source(request))
    response = HttpResponse(printing.poster(survey, unit, origin(request)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{printing.file_name(survey, unit)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _link(row: handing.Line) -> LinkOut:
    given = dict(zip(LinkOut.model_fields, row, strict=True))
    return LinkOut.model_validate(given | {"met_on": given["met_on"] or None})  # in print no day is ""
