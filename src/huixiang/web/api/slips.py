"""How do scanners hand in paper slips, and how is what was read put right? As on the pages; each look is on record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sentences import told, told_fault
from huixiang.apps.slips import actions, models, receiving
from huixiang.apps.slips.models import Slip
from huixiang.apps.slips.views.bringing import contents
from huixiang.web.api.attachments import BINARY
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Code, Day, Given, Limit, Page, Word

router = Router(tags=["slips"])
ENTER = Bearer("slip.enter")
Stage = Literal["waiting", "read", "blank", "confirmed", "taken", "rejected", "split"]
Typed = Annotated[str, Field(max_length=actions.LONGEST_TEXT, pattern=NO_NUL)]


class SlipsIn(Given):
    """`said_on`: the day for slips that bear none."""

    unit: Code
    said_on: Day | None = None


class SlipArrivalOut(Schema):
    """`state`: new, again (was here before: nothing is counted twice) or refused, and `fault` says why."""

    name: str
    state: Literal["new", "again", "refused"]
    file: UUID | None
    fault: str | None


class SlipOut(Schema):
    """`least`: how sure the least sure line is, 0..1; `keep_until`: its picture and words go after that day."""

    id: UUID
    file: UUID
    file_name: str
    file_fault: str | None
    page: int
    part: str
    unit: str
    state: Stage
    reason: str
    said_on: date | None
    least: float | None
    looks_like_several: bool
    voice_id: str | None
    received_at: datetime
    keep_until: date

    @classmethod
    def of(cls, slip: Slip) -> SlipOut:
        same = ("id", "page", "part", "reason", "said_on", "least", "looks_like_several", "received_at", "keep_until")
        fault = slip.of.fault
        return cls(
            **{name: getattr(slip, name) for name in same},
            file=slip.of_id,
            file_name=slip.of.name,
            file_fault=told(fault["message"], fault["params"]) if fault else None,
            unit=slip.unit.code,
            state=cast(Stage, slip.stage),
            voice_id=slip.voice_id if slip.stage == "taken" else None,
        )


class SlipLineOut(Schema):
    """`box`: left, top, right, bottom in shares of the page; `typed`: what a person made of it."""

    text: str
    sure: float
    box: list[float]
    typed: str


class SlipWordsOut(Schema):
    """Not masked."""

    slip: SlipOut
    lines: list[SlipLineOut]
    more: str
    text: str


class SlipCorrectionIn(Given):
    """`typed` has as many lines as were read, "" for one to leave out; null takes them as they were read."""

    typed: Annotated[list[Typed], Field(max_length=1000)] | None = None
    more: Typed = ""
    unit: Code | None = None
    said_on: Day | None = None


class SlipReasonIn(Given):
    reason: Literal["blank", "unreadable", "not_a_slip", "twice", "broken"]


@router.post(
    "/slips", auth=ENTER, response={202: list[SlipArrivalOut]}, summary=gettext_noop("上传纸质意见的扫描件或照片")
)
def bring_slips(request: HttpRequest, files: File[list[UploadedFile]], how: Form[SlipsIn]) -> list[SlipArrivalOut]:
    """PDF, JPEG, PNG or WebP. They are read in the background; the same file again adds nothing."""
    if len(files) > actions.MOST_FILES:
        raise Invalid("body", "files", _("一次最多 %(most)d 个文件；请分几次上传。") % {"most": actions.MOST_FILES})
    unit = _unit(request, how.unit)
    arrivals = actions.bring_in(contents(list(files)), unit, how.said_on, by=who(request), source=source(request))
    return [_arrival(each) for each in arrivals]


@router.get("/slips", auth=ENTER, response=Page[SlipOut], summary=gettext_noop("纸质意见，最新在前"))
def list_slips(
    request: HttpRequest, state: Stage | None = None, file: UUID | None = None, after: Word = "", limit: Limit = 50
) -> Page[SlipOut]:
    """Without their words."""
    rows = Slip.objects.visible_to(who(request)).select_related("of", "unit", "batch")
    rows = rows.in_state(state) if state else rows
    rows = rows.filter(of=file) if file else rows
    found, following = page(rows, ("-received_at", "-pk"), after, limit)
    return Page[SlipOut](items=[SlipOut.of(slip) for slip in found], next=following)


@router.post("/slips/{slip_id}/read", auth=ENTER, response=SlipWordsOut, summary=gettext_noop("一张纸质意见读出的文字"))
def read_slip(request: HttpRequest, slip_id: UUID) -> SlipWordsOut:
    """By POST, since each look is on record."""
    return _words(actions.look(slip_id, by=who(request), source=source(request)))


@router.get("/slips/{slip_id}/picture", auth=ENTER, openapi_extra=BINARY, summary=gettext_noop("一张纸质意见的图像"))
def read_slip_picture(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """A JPEG, not masked: each look is on record."""
    picture = receiving.picture_of(actions.look(slip_id, by=who(request), source=source(request)))
    if picture is None:
        raise Http404
    response = HttpResponse(picture.jpeg, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.post(
    "/slips/{slip_id}/confirm", auth=ENTER, response=SlipWordsOut, summary=gettext_noop("确认一张纸质意见，入库")
)
def confirm_slip(request: HttpRequest, slip_id: UUID, given: SlipCorrectionIn) -> SlipWordsOut:
    by, where = who(request), source(request)
    slip = actions.look(slip_id, by=by, source=where)
    typed = given.typed if given.typed is not None else [str(line["text"]) for line in slip.words().lines]
    unit = _unit(request, given.unit) if given.unit else slip.unit
    correction = actions.Correction(typed, given.more, unit, given.said_on or slip.said_on)
    return _words(actions.confirm(slip_id, correction, by=by, source=where))


@router.post("/slips/{slip_id}/reject", auth=ENTER, response=SlipOut, summary=gettext_noop("退回一张纸质意见"))
def reject_slip(request: HttpRequest, slip_id: UUID, given: SlipReasonIn) -> SlipOut:
    """Its picture is kept: it can be taken up again."""
    return SlipOut.of(actions.reject(slip_id, given.reason, by=who(request), source=source(request)))


@router.post("/slips/{slip_id}/mend", auth=ENTER, response=SlipOut, summary=gettext_noop("重新录入一张退回的纸质意见"))
def mend_slip(request: HttpRequest, slip_id: UUID) -> SlipOut:
    return SlipOut.of(actions.mend(slip_id, by=who(request), source=source(request)))


@router.post("/slips/{slip_id}/split", auth=ENTER, response=list[SlipOut], summary=gettext_noop("拆分一页纸质意见"))
def split_slip(
    request: HttpRequest,
    slip_id: UUID,
    cuts: Annotated[list[Annotated[float, Field(gt=0, lt=1)]], Query(min_length=1, max_length=7)],
    across: bool = False,
) -> list[SlipOut]:
    """`cuts` in shares of the page's height, of its width where `across`; the parts are read anew."""
    parts = actions.split(slip_id, cuts, down=not across, by=who(request), source=source(request))
    return [SlipOut.of(part) for part in parts]


@router.post("/slips/{slip_id}/rejoin", auth=ENTER, response=SlipOut, summary=gettext_noop("把拆开的还原成一张"))
def rejoin_slip(request: HttpRequest, slip_id: UUID) -> SlipOut:
    """None of its parts may be confirmed yet; it is read anew."""
    return SlipOut.of(actions.rejoin(slip_id, by=who(request), source=source(request)))


@router.post("/slips/{slip_id}/blank", auth=ENTER, response=SlipOut, summary=gettext_noop("看过：这一页确实空白"))
def leave_slip_blank(request: HttpRequest, slip_id: UUID) -> SlipOut:
    """Of one in the state `blank`, where the reader alone found nothing; `mend` takes it up to be typed in."""
    actions.leave_blank([slip_id], by=who(request), source=source(request))
    return SlipOut.of(actions.look(slip_id, by=who(request), source=source(request)))


@router.post("/slips/{slip_id}/turn", auth=ENTER, response=SlipOut, summary=gettext_noop("转正一页纸质意见"))
def turn_slip(request: HttpRequest, slip_id: UUID, degrees: Literal[90, 180, 270]) -> SlipOut:
    """Clockwise; it is read anew."""
    return SlipOut.of(actions.turn(slip_id, degrees, by=who(request), source=source(request)))


def _unit(request: HttpRequest, code: str) -> Unit:
    found = Unit.objects.visible_to(who(request), actions.RIGHT).filter(code=code).first()
    if found is None:
        raise Invalid("body", "unit", _("机构不存在，或不在权限范围内"))
    return found


def _arrival(each: receiving.Arrival) -> SlipArrivalOut:
    state: Literal["new", "again", "refused"] = "refused" if each.fault else "new" if each.is_new else "again"
    fault = told_fault(each.fault) if each.fault else None
    return SlipArrivalOut(name=each.name, state=state, file=each.file.pk if each.file else None, fault=fault)


def _words(slip: models.Slip) -> SlipWordsOut:
    words = slip.words()
    lines = [SlipLineOut(**{name: line[name] for name in ("text", "sure", "box", "typed")}) for line in words.lines]
    return SlipWordsOut(slip=SlipOut.of(slip), lines=lines, more=words.more, text=words.text)
