"""How are links given out, shut and made anew, who is asked by hand, and who must not be asked?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.intake.posters import public_address
from huixiang.apps.surveys import handing, links, optouts, tokens
from huixiang.apps.surveys.actions import opening, settling, withdrawing
from huixiang.apps.surveys.models import Survey
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Code, Given, RowId, Word
from huixiang.web.api.survey_rounds import SEND, SENDS, origin, round_to_send, sendable

router = Router(tags=["surveys"])
MANAGE = Bearer("survey.manage")


class WithdrawalIn(Given):
    """Without `one` and `unit`: all of the round. `one`: a link, its number on the list, or the customer's number."""

    reason: Annotated[Word, Field(min_length=2, max_length=200)]
    one: Annotated[str, Field(max_length=300, pattern=NO_NUL)] = ""
    unit: Code | None = None


class LinksOut(Schema):
    """How many; of an anonymous survey the used ones too, so that nobody learns who has answered."""

    count: int


class HandIn(Given):
    customer: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]
    unit: Code


class AddressOut(Schema):
    """A link that works once."""

    address: str


class PublicIn(Given):
    is_public: bool


class PublicOut(Schema):
    """The open address; with a branch's signed mark where one was asked for."""

    is_public: bool
    address: str


class OptOutRow(Schema):
    customer: str
    via: str
    on: str


class OptOutListOut(Schema):
    """Pseudonyms, which mean nothing under another masking key."""

    items: list[OptOutRow]


class OptOutFileOut(Schema):
    read: int
    new: int


class RemovedOut(Schema):
    """`was_listed`: it stood on the list."""

    was_listed: bool


class OptOutIn(Given):
    customer: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]


class OptOutOut(Schema):
    """`is_new`: not on the list before."""

    is_new: bool


@router.post("/survey-rounds/{round_id}/withdraw", auth=SEND, response=LinksOut, summary=gettext_noop("撤回问卷链接"))
def withdraw_links(request: HttpRequest, round_id: RowId, wanted: WithdrawalIn) -> LinksOut:
    """Shuts the links that were not used yet; of an anonymous survey all that were chosen."""
    round_, unit = round_to_send(request, round_id), _unit(request, wanted.unit) if wanted.unit else None
    which = withdrawing.Which(wanted.one, unit)
    count = withdrawing.withdraw_links(round_, wanted.reason, which, by=who(request), source=source(request))
    return LinksOut(count=count)


@router.post("/survey-rounds/{round_id}/reissue", auth=SEND, response=LinksOut, summary=gettext_noop("换发问卷链接"))
def reissue_links(request: HttpRequest, round_id: RowId) -> LinksOut:
    """New links for those withdrawn; they are sent, or a list of them can be taken once more."""
    round_ = round_to_send(request, round_id)
    count = withdrawing.reissue_links(round_, by=who(request), source=source(request))
    return LinksOut(count=count)


@router.post("/surveys/{survey_id}/hand", auth=SEND, response=AddressOut, summary=gettext_noop("当面邀请一位客户"))
def hand_over(request: HttpRequest, survey_id: RowId, wanted: HandIn) -> AddressOut:
    """A link for one customer whom the caller asks; limits of asking and opting out hold."""
    survey, unit = sendable(request, survey_id), _unit(request, wanted.unit)
    made = handing.hand_over(survey, wanted.customer, unit, by=who(request), source=source(request))
    return AddressOut(address=tokens.link(made, origin(request)))


@router.post("/surveys/{survey_id}/public", auth=MANAGE, response=PublicOut, summary=gettext_noop("开放或收回公开作答"))
def turn_public(request: HttpRequest, survey_id: RowId, wanted: PublicIn) -> PublicOut:
    """Whether everybody with the code or the address may answer."""
    get_object_or_404(Survey.objects.visible_to(who(request), "survey.manage"), pk=survey_id)
    turned = opening.open_to_public(survey_id, wanted.is_public, by=who(request), source=source(request))
    return PublicOut(is_public=turned.is_public, address=public_address(links.public(turned), origin(request)))


@router.post("/surveys/{survey_id}/posters", auth=MANAGE, response=PublicOut, summary=gettext_noop("网点海报的地址"))
def poster_address(request: HttpRequest, survey_id: RowId, unit: Code) -> PublicOut:
    """What a branch's code says, signed, for posters of the bank's own; ours is a PDF (`GET`)."""
    get_object_or_404(Survey.objects.visible_to(who(request), "survey.manage"), pk=survey_id)
    survey = settling.reached(survey_id, who(request), is_locked=False)
    if not opening.units_of(survey).filter(code=unit).exists():
        raise Invalid("query", "unit", _("机构不存在，或不在权限范围内"))
    survey, where = opening.print_poster(survey_id, unit, by=who(request), source=source(request))
    address = public_address(links.public(survey, where), origin(request))
    return PublicOut(is_public=survey.is_public, address=address)


@router.get("/survey-optouts", auth=SEND, response=OptOutListOut, summary=gettext_noop("导出不愿接受调查的名单"))
def export_optouts(request: HttpRequest) -> OptOutListOut:
    rows = optouts.exported(by=who(request), source=source(request))
    return OptOutListOut(items=[OptOutRow(customer=str(c), via=str(v), on=str(on)) for c, v, on in rows])


@router.post("/survey-optouts", auth=SEND, response=OptOutOut, summary=gettext_noop("登记不愿接受调查的客户"))
def add_optout(request: HttpRequest, wanted: OptOutIn) -> OptOutOut:
    """By the bank's number of the customer, of which the pseudonym is kept. Holds for all surveys."""
    return OptOutOut(is_new=optouts.by_staff(wanted.customer, by=who(request), source=source(request)))


@router.post(
    "/survey-optouts/import", auth=SEND, response=OptOutFileOut, summary=gettext_noop("导入不愿接受调查的名单")
)
def import_optouts(request: HttpRequest, file: File[UploadedFile]) -> OptOutFileOut:
    """CSV, XLSX or JSONL with a column 客户号, or 假名 as exported here."""
    with tempfile.NamedTemporaryFile(suffix=Path(str(file.name)).suffix[:6]) as place:
        for piece in file.chunks():
            place.write(piece)
        place.flush()
        read, new = optouts.bring(Path(place.name), actor=who(request), source=source(request))
    return OptOutFileOut(read=read, new=new)


@router.post("/survey-optouts/withdraw", auth=SEND, response=RemovedOut, summary=gettext_noop("移出不愿接受调查的名单"))
def withdraw_optout(request: HttpRequest, wanted: OptOutIn) -> RemovedOut:
    """By the customer's own wish."""
    return RemovedOut(was_listed=optouts.withdraw(wanted.customer, by=who(request), source=source(request)))


def _unit(request: HttpRequest, code: str) -> Unit:
    found = Unit.objects.visible_to(who(request), SENDS).filter(code=code, closed_on=None).first()
    if found is None:
        raise Invalid("body", "unit", _("机构不存在，或不在权限范围内"))
    return found
