"""How does a file come in, how far is it, and what became of its rows?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.feedback import actions, guests
from huixiang.apps.feedback.accounts import Account, account, accounts
from huixiang.apps.feedback.faults import calling, told
from huixiang.apps.feedback.models import Import
from huixiang.channels import registry
from huixiang.domain.feedback import Channel
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.jobs import JobOut
from huixiang.web.api.paging import page
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import Given, Limit, Page, Text, Word

router = Router(tags=["imports"])
SEE, RUN, STEER = Bearer("import.see"), Bearer("import.run"), Bearer(*guests.RUN)


class ImportIn(Given):
    """How the file is to be read, and what it does not say itself. Without `format` it is guessed from the file."""

    format: Annotated[Word, Field(max_length=40)] = ""
    mapping: Text = ""  # TOML
    channel: Channel | None = None
    branch: Word = ""
    product: Annotated[Word, Field(max_length=80)] = ""


class AccountOut(Schema):
    """read = new + same + changed + quarantined + erased, at any moment; `erased` was erased before and stays out.

    `same`: known before, as voices or as rows that an earlier import had quarantined (those are listed with
    `state=repeated`).
    """

    read: int
    new: int
    same: int
    changed: int
    quarantined: int
    erased: int


class ImportOut(Schema):
    """`state`: running, stopped (can go on), failed (`fault` says why) or finished."""

    id: UUID
    file_name: str
    file_bytes: int
    file_sha256: str
    format: str
    channel: str
    branch: str | None
    product: str
    state: str
    fault: str | None
    started_at: datetime | None
    finished_at: datetime | None
    account: AccountOut
    job: JobOut | None

    @classmethod
    def of(cls, imported: Import, total: Account) -> ImportOut:
        same = ("id", "file_name", "format", "channel", "product", "state", "started_at", "finished_at")
        return cls(
            **{name: getattr(imported, name) for name in same},
            file_bytes=imported.bytes,
            file_sha256=imported.fingerprint,
            branch=imported.branch.code if imported.branch else None,
            fault=told(imported.fault["message"], imported.fault.get("params", {})) if imported.fault else None,
            account=AccountOut(**asdict(total)),
            job=JobOut.from_orm(imported.job) if imported.job else None,
        )


@router.get("/imports", auth=SEE, response=Page[ImportOut], summary=gettext_noop("导入列表，最新在前"))
def list_imports(request: HttpRequest, after: Word = "", limit: Limit = 50) -> Page[ImportOut]:
    rows = Import.objects.visible_to(who(request)).started().select_related("branch", "job")
    found, following = page(rows, ("-started_at", "-pk"), after, limit)
    totals = accounts(found)
    return Page[ImportOut](items=[ImportOut.of(imported, totals[imported.pk]) for imported in found], next=following)


@router.post("/imports", auth=RUN, response={202: ImportOut | None}, summary=gettext_noop("导入一个文件"))
def begin_import(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], how: Form[ImportIn]
) -> ImportOut | None:
    """The file is read in the background; ask the address in `Location` how far it is."""
    by, where = who(request), source(request)
    branch = _branch(how.branch, who(request).scope("import.run"))
    draft = actions.receive_upload(file.name or "upload", file.chunks(), by=by, source=where)
    try:
        with calling(draft):
            choice = _choice(how, FilePath(draft.path), branch)
            if choice.wants_channel:
                raise Invalid("body", "channel", _("文件和映射都没有写明渠道，请给出渠道"))
            actions.begin_import(draft, choice, by=by, source=where)
    except Exception:
        actions.drop_upload(draft, by=by, source=where)
        raise
    response["Location"] = reverse("api-1:read_import", args=[draft.pk])
    return shown(request, "import.see", _told(visible(request, draft.pk)))


@router.get("/imports/{import_id}", auth=SEE, response=ImportOut, summary=gettext_noop("一次导入及其账目"))
def read_import(request: HttpRequest, import_id: UUID) -> ImportOut:
    return _told(visible(request, import_id))


@router.post(
    "/imports/{import_id}/cancel",
    auth=STEER,
    response={202: ImportOut | None},
    summary=gettext_noop("请求停止一次导入"),
)
def cancel_import(request: HttpRequest, import_id: UUID) -> ImportOut | None:
    """Rows that are in stay in; it can go on later. An import that has ended stays as it is."""
    imported = visible(request, import_id)
    actions.stop_import(imported, by=who(request), source=source(request))
    return shown(request, "import.see", _told(visible(request, import_id)))


@router.post(
    "/imports/{import_id}/resume",
    auth=STEER,
    response={202: ImportOut | None},
    summary=gettext_noop("继续一次已停止的导入"),
)
def resume_import(request: HttpRequest, import_id: UUID) -> ImportOut | None:
    """From the row where it stopped."""
    actions.resume_import(visible(request, import_id), by=who(request), source=source(request))
    return shown(request, "import.see", _told(visible(request, import_id)))


def visible(request: HttpRequest, import_id: UUID) -> Import:
    rows = Import.objects.visible_to(who(request)).started().select_related("branch", "by", "job")
    return get_object_or_404(rows, pk=import_id)


def _told(imported: Import) -> ImportOut:
    return ImportOut.of(imported, account(imported))


def _branch(code: str, reach: frozenset[str] | None) -> Unit | None:
    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None or (reach is not None and code not in reach):
        raise Invalid("body", "branch", _("机构不存在，或不在权限范围内"))
    return found


def _choice(how: ImportIn, path: FilePath, branch: Unit | None) -> actions.Choice:
    """As told; what is not told about the format is guessed as the wizard does."""
    format_, mapping = how.format, how.mapping
    if not format_:
        guess = registry.guess(path)
        format_, mapping = guess.format, how.mapping or guess.mapping
    return actions.Choice(format_, mapping, how.channel.value if how.channel else "", branch, how.product)
