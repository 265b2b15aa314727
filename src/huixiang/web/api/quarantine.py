"""Which rows could not be read, and how are they put right? The raw row is personal data: each look is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import File, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.feedback import actions, guests, mending, quarantine
from huixiang.apps.feedback.faults import told
from huixiang.apps.feedback.mending import Outcome
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.files import CSV, csv_response
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Given, Limit, Note, Page, RowId, Text, Word, one_of

router = Router(tags=["quarantine"])
MEND = Bearer(*guests.MEND)
MOST_FIELDS = 2000
State = Annotated[Quarantined.State, one_of(Quarantined.State)]


class QuarantinedOut(Schema):
    """Where the row stands in the file, and why it could not be read; without its content, "…" where that is quoted."""

    id: int
    import_id: UUID
    file_name: str
    row: int
    column: str
    reason: str
    state: State
    note: str
    closed_at: datetime | None
    first_id: int | None  # of a row that was refused before: the row that stands for it

    @classmethod
    def of(cls, row: Quarantined) -> QuarantinedOut:
        return cls(**cls.told(row))

    @classmethod
    def told(cls, row: Quarantined) -> dict[str, Any]:
        same = ("row", "column", "state", "note", "closed_at", "first_id")
        fields = {name: getattr(row, name) for name in same}
        return fields | {
            "id": row.pk,
            "import_id": row.of_id,
            "file_name": row.of.file_name,
            "reason": told(row.message, row.params),
        }


class RawOut(QuarantinedOut):
    """With the row's fields as they stood in the file, unmasked."""

    fields: dict[str, str]


class MendIn(Given):
    """The fields to change, by column; the others stay as they are."""

    fields: Annotated[dict[Word, Text], Field(max_length=MOST_FIELDS)]


class MendOut(Schema):
    """The row is in: as a new voice, as one that was there already, or as a changed version.

    "erased": it is a voice that a customer had had erased, and stays out.
    """

    id: int
    import_id: UUID
    outcome: Literal["new", "same", "changed", "erased"]


class RetryIn(Given):
    """Which open rows? Those of one reason's `column`, or all."""

    column: Word | None = None


class OutcomeOut(Schema):
    """What became of the rows tried again; `left` were not tried yet, `unknown` bear no key of this import.

    `cut`, among `still`: of these rows only a part stands here, and nobody has changed it yet.
    """

    new: int
    same: int
    changed: int
    erased: int
    still: int
    cut: int
    closed: int
    left: int
    unknown: int


class DiscardIn(Given):
    """Why the row is given up; no personal data here."""

    note: Note


class DiscardAllIn(DiscardIn):
    """Which open rows? Those of one reason's `column`, or all."""

    column: Word | None = None


class DiscardedOut(Schema):
    """How many open rows were given up; they stay in the account as quarantined."""

    rows_count: int


@router.get(
    "/imports/{import_id}/quarantine",
    auth=MEND,
    response=Page[QuarantinedOut],
    summary=gettext_noop("一次导入中被隔离的行"),
)
def list_quarantine(
    request: HttpRequest,
    import_id: UUID,
    state: State | None = None,
    after: Word = "",
    limit: Limit = 50,
) -> Page[QuarantinedOut]:
    rows = _opened(request, import_id).quarantine.select_related("of")
    found, following = page(rows.filter(state=state) if state else rows, ("row",), after, limit)
    return Page[QuarantinedOut](items=[QuarantinedOut.of(row) for row in found], next=following)


@router.get(
    "/imports/{import_id}/quarantine/export",
    auth=MEND,
    openapi_extra=CSV,
    summary=gettext_noop("导出被隔离的行，改好后交回"),
)
def export_quarantine(request: HttpRequest, import_id: UUID, state: State | None = None) -> StreamingHttpResponse:
    """CSV with the rows as they stood in the file, unmasked, each with its key."""
    imported = _opened(request, import_id)
    rows = imported.quarantine.filter(state=state or Quarantined.State.OPEN)
    by, where = who(request), source(request)
    audit.record("quarantine.export", by=by, on_kind="import", on_id=imported.pk, source=where, rows=rows.count())
    return csv_response(quarantine.export(rows, mending.columns(imported)), f"quarantine-{str(import_id)[:8]}.csv")


@router.post(
    "/imports/{import_id}/quarantine/return",
    auth=MEND,
    response=OutcomeOut,
    summary=gettext_noop("交回改好的隔离行表格"),
)
def return_quarantine(request: HttpRequest, import_id: UUID, file: File[UploadedFile]) -> Outcome:
    """The exported CSV, or the same as XLSX. Mended rows count where they were refused."""
    imported = _opened(request, import_id)
    name, where = file.name or "upload", source(request)
    return actions.mend_upload(name, file.chunks(), by=who(request), within=imported, source=where)


@router.post(
    "/imports/{import_id}/quarantine/retry",
    auth=MEND,
    response=OutcomeOut,
    summary=gettext_noop("把被隔离的行按原样再读一次"),
)
def retry_quarantine(request: HttpRequest, import_id: UUID, which: RetryIn) -> Outcome:
    """After what was wrong was put right elsewhere: a unit founded, a reach widened."""
    imported = _opened(request, import_id)
    rows = imported.quarantine.filter(state=Quarantined.State.OPEN)
    chosen = rows if which.column is None else rows.filter(column=which.column)
    return actions.retry_rows(imported, chosen, by=who(request), source=source(request))


@router.post(
    "/imports/{import_id}/quarantine/discard",
    auth=MEND,
    response=DiscardedOut,
    summary=gettext_noop("放弃被隔离的行，可只放弃一种原因的"),
)
def discard_quarantine(request: HttpRequest, import_id: UUID, which: DiscardAllIn) -> DiscardedOut:
    imported = _opened(request, import_id)
    rows = imported.quarantine.all()
    chosen = rows if which.column is None else rows.filter(column=which.column)
    closed = actions.discard_rows(imported, chosen, which.note, by=who(request), source=source(request))
    return DiscardedOut(rows_count=closed)


@router.get("/quarantine/{row_id}", auth=MEND, response=RawOut, summary=gettext_noop("一个被隔离的行的原始内容"))
def read_quarantined(request: HttpRequest, row_id: Path[RowId]) -> QuarantinedOut:
    row = _visible(request, row_id)
    opened = quarantine.opened(row)
    _recorded(request, row)
    whole = {"fields": opened.fields, "column": opened.column, "reason": opened.reason}
    return RawOut(**RawOut.told(row) | whole)


@router.post("/quarantine/{row_id}/mend", auth=MEND, response=MendOut, summary=gettext_noop("修正一个被隔离的行并入库"))
def mend(request: HttpRequest, row_id: Path[RowId], mended: MendIn) -> MendOut:
    row = _visible(request, row_id)
    whole = quarantine.fields(row) | mended.fields
    batch = actions.mend_row(row, whole, by=who(request), source=source(request))
    return MendOut(id=row.pk, import_id=row.of_id, outcome=_outcome(batch))


@router.post(
    "/quarantine/{row_id}/discard", auth=MEND, response=QuarantinedOut, summary=gettext_noop("放弃一个被隔离的行")
)
def discard(request: HttpRequest, row_id: Path[RowId], why: DiscardIn) -> QuarantinedOut:
    row = _visible(request, row_id)
    this = row.of.quarantine.filter(pk=row.pk)
    if not actions.discard_rows(row.of, this, why.note, by=who(request), source=source(request)):
        raise Fault("这一行已由他人处理")
    return QuarantinedOut.of(_visible(request, row_id))


def _opened(request: HttpRequest, import_id: UUID) -> Import:
    return get_object_or_404(Import.objects.mendable_by(who(request)).started(), pk=import_id)


def _visible(request: HttpRequest, row_id: int) -> Quarantined:
    rows = Quarantined.objects.select_related("of__branch", "of__by")
    return get_object_or_404(rows, pk=row_id, of__in=Import.objects.mendable_by(who(request)))


def _recorded(request: HttpRequest, row: Quarantined) -> None:
    audit.record("quarantine.read", by=who(request), on_kind="quarantined", on_id=row.pk, source=source(request))


def _outcome(batch: Batch) -> Literal["new", "same", "changed", "erased"]:
    if batch.erased:
        return "erased"
    return "new" if batch.new else "same" if batch.same else "changed"
