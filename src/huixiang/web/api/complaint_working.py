"""Files of a case, notes that call upon a colleague, and deputies: what a handler works with all day, by API.

On a router of its own, before the one of the verbs: `files` is none of them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import WithJsonSchema

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.complaints import actions, files
from huixiang.apps.complaints.actions.deputising import may_name
from huixiang.apps.complaints.actions.revealing import IDENTITY
from huixiang.apps.complaints.models import Absence, CaseFile, Mention
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.apps.complaints.views.deputies import out_of_sight
from huixiang.apps.complaints.views.working import download
from huixiang.channels.evidence import KINDS
from huixiang.domain.complaints.lifecycle import HANDLE
from huixiang.web.api.attachments import BINARY
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import Number, opens_words
from huixiang.web.api.complaints import SEE, pk_of, seen
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Code, Day, Given, Limit, Page, RowId, Word

router = Router(tags=["complaints"])
FileKind = Annotated[str, WithJsonSchema({"type": "string", "enum": list(KINDS)})]


class CaseFileOut(Schema):
    """`name` is a neutral one without complaint.identity, since what people call a file may name people. `kind` was
    found in the content. `erased_at`: the content is gone, its line and hash stay.
    """

    id: UUID
    seq: int
    name: str
    kind: FileKind
    bytes: int
    sha256: str
    by: str | None
    at: datetime
    withdrawn_at: datetime | None
    erased_at: datetime | None

    @classmethod
    def of(cls, file: CaseFile, *, opens: bool) -> CaseFileOut:
        same = {name: getattr(file, name) for name in ("id", "kind", "bytes", "sha256", "withdrawn_at", "erased_at")}
        line, name = file.event, files.shown_name(file, opens=opens)
        return cls(**same, seq=line.seq, name=name, by=line.by.number if line.by else None, at=line.at)


class MentionOut(Schema):
    """A note of a case, line `seq`, that calls upon the token's owner."""

    id: int
    case: str
    seq: int
    by: str | None
    at: datetime
    seen_at: datetime | None

    @classmethod
    def of(cls, found: Mention) -> MentionOut:
        line = found.event
        by = line.by.number if line.by else None
        return cls(id=found.pk, case=found.case.number, seq=line.seq, by=by, at=line.at, seen_at=found.seen_at)


class AbsenceIn(Given):
    """Days are included. `staff` null is the token's owner; for others it needs complaint.assign in their unit."""

    staff: Code | None = None
    deputy: Code
    from_on: Day
    until_on: Day


class AbsenceOut(Schema):
    """`out_of_sight`: how many of her open cases the deputy does not see; they must be assigned to others.

    `confirmed_at` null: the deputy proposed it himself; it holds once she or another who assigns there confirms it.
    """

    id: int
    staff: str
    deputy: str
    from_on: date
    until_on: date
    named_by: str
    confirmed_at: datetime | None
    ended_at: datetime | None
    out_of_sight: int

    @classmethod
    def of(cls, found: Absence) -> AbsenceOut:
        same = {name: getattr(found, name) for name in ("from_on", "until_on", "confirmed_at", "ended_at")}
        people = {name: getattr(found, name).number for name in ("staff", "deputy", "named_by")}
        return cls(id=found.pk, **same, **people, out_of_sight=out_of_sight(found.staff, found.deputy))


@router.get(
    "/complaints/{case_number}/files", auth=SEE, response=list[CaseFileOut], summary=gettext_noop("一件投诉的附件")
)
def list_case_files(request: HttpRequest, case_number: Path[Number]) -> list[CaseFileOut]:
    case = seen(request, case_number)
    opens = opens_words(case, who(request))
    return [CaseFileOut.of(each, opens=opens) for each in case.files.select_related("event__by", "case")]


@router.post(
    "/complaints/{case_number}/files",
    auth=Bearer(HANDLE),
    response={201: CaseFileOut},
    summary=gettext_noop("给一件投诉添加附件"),
)
def attach_case_file(request: HttpRequest, case_number: Path[Number], file: File[UploadedFile]) -> CaseFileOut:
    """Kept as it came, encrypted; what it is is found by its content. One is withdrawn by the verb `detach`."""
    if (file.size or 0) > settings.COMPLAINT_FILE_BYTES:
        raise files.too_large(file.name or "")
    found = actions.attach(
        pk_of(request, case_number), file.read(), file.name or "", by=who(request), source=source(request)
    )
    return CaseFileOut.of(found, opens=opens_words(found.case, who(request)))


@router.get(
    "/complaints/{case_number}/files/{file_id}",
    auth=Bearer(IDENTITY),
    openapi_extra=BINARY,
    summary=gettext_noop("一个附件的内容"),
)
def fetch_case_file(request: HttpRequest, case_number: Path[Number], file_id: Path[UUID]) -> HttpResponse:
    """Not masked: each reading is on record."""
    try:
        found, content = actions.fetch(pk_of(request, case_number), file_id, by=who(request), source=source(request))
    except Unsealable:
        raise Http404 from None
    return download(found, content)


@router.get("/complaint-mentions", auth=SEE, response=Page[MentionOut], summary=gettext_noop("提到我的备注，最新在前"))
def list_mentions(request: HttpRequest, unseen: bool = False, after: Word = "", limit: Limit = 50) -> Page[MentionOut]:
    rows = Mention.objects.of(who(request)).select_related("case", "event__by")
    found, following = page(rows.unseen() if unseen else rows, ("-pk",), after, limit)
    return Page[MentionOut](items=[MentionOut.of(each) for each in found], next=following)


@router.post(
    "/complaint-mentions/{mention_id}/seen",
    auth=Bearer(SEE_RIGHT),
    response=MentionOut,
    summary=gettext_noop("看过了提到我的备注"),
)
def see_mention(request: HttpRequest, mention_id: Path[RowId]) -> MentionOut:
    return MentionOut.of(actions.mark_seen(mention_id, by=who(request), source=source(request)))


@router.get(
    "/complaint-absences",
    auth=Bearer(HANDLE),
    response=list[AbsenceOut],
    summary=gettext_noop("现在与以后的代班"),
)
def list_absences(request: HttpRequest) -> list[AbsenceOut]:
    """One's own, those one stands in for, and those of the units one assigns in."""
    by = who(request)
    rows = Absence.objects.to_come(timezone.localdate()).select_related("staff", "deputy", "named_by")
    return [AbsenceOut.of(each) for each in rows if each.deputy_id == by.pk or may_name(by, each.staff)]


@router.post(
    "/complaint-absences", auth=Bearer(HANDLE), response={201: AbsenceOut}, summary=gettext_noop("安排投诉代班")
)
def name_deputy(request: HttpRequest, given: AbsenceIn) -> AbsenceOut:
    by = who(request)
    staff = _person("staff", given.staff) if given.staff else by
    try:
        found = actions.name_deputy(
            staff, _person("deputy", given.deputy), given.from_on, given.until_on, by=by, source=source(request)
        )
    except PermissionDenied:
        raise Http404 from None
    return AbsenceOut.of(found)


@router.post(
    "/complaint-absences/{absence_id}/end",
    auth=Bearer(HANDLE),
    response=AbsenceOut,
    summary=gettext_noop("结束投诉代班"),
)
def end_absence(request: HttpRequest, absence_id: Path[RowId]) -> AbsenceOut:
    return AbsenceOut.of(actions.end_deputy(absence_id, by=who(request), source=source(request)))


@router.post(
    "/complaint-absences/{absence_id}/confirm",
    auth=Bearer(HANDLE),
    response=AbsenceOut,
    summary=gettext_noop("确认投诉代班"),
)
def confirm_absence(request: HttpRequest, absence_id: Path[RowId]) -> AbsenceOut:
    """By her, or by another than the deputy who assigns in her unit."""
    return AbsenceOut.of(actions.confirm_deputy(absence_id, by=who(request), source=source(request)))


def _person(name: str, number: str) -> Staff:
    found: Staff | None = Staff.objects.filter(number=number, is_active=True).first()
    if found is None:
        raise Invalid("body", name, _("没有“%(number)s”：请核对。") % {"number": number})
    return found
