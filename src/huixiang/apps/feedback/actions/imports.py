"""How does an import begin, go on, or come to nothing? From an upload or from a file on this machine."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.models import Job, Staff, Unit
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import guests, importing, mapping_text, spreadsheet, uploads
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.reading import fingerprint
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.channels.tables import named
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.masking import mask

LONGEST_PRODUCT = Import._meta.get_field("product").max_length or 0


@dataclass(frozen=True, slots=True)
class Choice:
    """How shall a file be read, and what does it not say itself?"""

    format: str
    mapping: str = ""  # TOML
    channel: str = ""
    branch: Unit | None = None
    product: str = ""

    @property
    def columns(self) -> dict[str, object]:
        found = {name: getattr(self, name) for name in ("format", "channel", "branch", "product")}
        return found | {"mapping": mapping_text.without_people(self.mapping)}

    @property
    def wants_channel(self) -> bool:
        """Does neither the file nor the mapping nor the person say by which channel it came? Raises Fault."""
        mapping = getattr(registry.find(self.format, self.mapping), "mapping", None)
        return not self.channel and mapping is not None and not mapping.channel and "channel" not in mapping.sources


def receive_upload(
    file_name: str, chunks: Iterable[bytes], *, by: Staff, source: str = "", format_: str = ""
) -> Import:
    """Keep an upload for its preview. It becomes an import only when a person confirms how it is to be read.

    `format_`: of a guest's file, which is known from the first.
    """
    _may_import(by, format_)
    pk = uuid.uuid4()
    place = uploads.keep(pk, file_name, chunks)
    try:
        digest, size = fingerprint(place)
        if not size:
            raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=file_name)
        with transaction.atomic():
            draft = _of_our_file(pk, file_name, place, (digest, size), by, format=format_)
            audit.record("import.upload", by=by, on_kind="import", on_id=pk, source=source, bytes=size)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return draft


def drop_upload(draft: Import, *, by: Staff, source: str = "") -> None:
    """The person decides against it after the preview."""
    _may_import(by, draft.format)
    uploads.remove(draft)
    with transaction.atomic():
        audit.record("import.drop", by=by, on_kind="import", on_id=draft.pk, source=source)
        draft.delete()


def begin_import(draft: Import, choice: Choice, *, by: Staff, source: str = "") -> Job:
    """Confirm a preview: the import starts in the background. Raises Fault where the choice makes no sense."""
    _may_import(by)
    _fits(choice)
    _no_return(Path(draft.path))
    _no_people(choice)
    reach = by.scope("import.run")
    if reach is not None and registry.tells_calls(choice.format):
        raise Fault("热线的话单与排队日志是全行的，请由权限及于全行的人导入")
    if choice.branch and reach is not None and choice.branch.code not in reach:
        raise Fault("机构号“%(code)s”不存在，或不在您的权限范围内", code=choice.branch.code)
    _told_channel(choice)
    with transaction.atomic():
        details = {"branch": choice.branch.code if choice.branch else ""}
        start_draft(draft, choice.columns, by=by, source=source, **details)
        return _queue(draft, by)


def start_draft(draft: Import, columns: Mapping[str, Any], *, by: Staff, source: str = "", **details: str) -> None:
    """The upload becomes an import that is read in this way, once. In the caller's transaction, who has it run."""
    _may_import(by, draft.format)
    now = timezone.now()
    with transaction.atomic():
        if not Import.objects.filter(pk=draft.pk, started_at=None).update(started_at=now, **columns):
            raise Fault("这次导入已经开始")
        details = {"format": columns["format"]} | details
        audit.record("import.run", by=by, on_kind="import", on_id=draft.pk, source=source, **details)
    draft.started_at = now
    for name, value in columns.items():
        setattr(draft, name, value)


def begin_in_background(draft: Import, *, by: Staff) -> Job:
    """In the transaction that starts it."""
    return _queue(draft, by)


def resume_import(imported: Import, *, by: Staff, source: str = "") -> Job:
    """Go on with an import that was cancelled or broken off, from the row where it stopped."""
    _may_import(by, imported.format)
    if imported.state != "stopped":
        raise Fault("只有已停止的导入可以继续")
    with transaction.atomic():
        job = _queue(imported, by)
        audit.record("import.resume", by=by, on_kind="import", on_id=imported.pk, source=source)
    return job


def stop_import(imported: Import, *, by: Staff, source: str = "") -> None:
    """Ask it to stop at its next sign of life; what is in stays in. One that has ended stays as it is."""
    _may_import(by, imported.format)
    if imported.job:
        jobs.cancel(imported.job, by, source)


def open_file(path: Path, choice: Choice, *, actor: str) -> tuple[Import, bool]:
    """Begin the import of a file on this machine, or find the one that was broken off. True: it goes on."""
    _fits(choice)
    _told_channel(choice)
    _no_people(choice)
    return open_place(path, choice.columns, Import.objects.all(), actor=actor)


def open_place(
    path: Path,
    columns: Mapping[str, Any],
    among: QuerySet[Import],
    *,
    actor: str,
    within: Callable[[Import], object] = lambda imported: None,
) -> tuple[Import, bool]:
    """The same of a way to read it that is settled. `among`: where one that was broken off may stand.

    `within` joins the transaction that begins a new one.
    """
    _no_return(path)
    digest, size = fingerprint(path)
    if not size:
        raise Fault("文件“%(name)s”是空的；请检查导出是否成功", name=path.name)
    same = among.exclude(started_at=None).filter(fingerprint=digest, finished_at=None, is_upload=False, **columns)
    if broken_off := same.first():
        # Raises Fault where another process is at it: then it is not broken off, and nothing of it changes.
        with importing.alone(str(broken_off.pk)), transaction.atomic():
            Import.objects.filter(pk=broken_off.pk).update(path=str(path), actor=actor)
            audit.record("import.resume", by=actor, on_kind="import", on_id=broken_off.pk, source="cli")
        return broken_off, True
    with transaction.atomic():
        now = timezone.now()
        imported = Import.objects.create(
            file_name=_plain_name(path.name),
            path=str(path),
            fingerprint=digest,
            bytes=size,
            actor=actor,
            created_at=now,
            started_at=now,
            **columns,
        )
        within(imported)
        details = {"format": columns["format"]}
        audit.record("import.run", by=actor, on_kind="import", on_id=imported.pk, source="cli", **details)
    return imported, False


def begin_polled(pk: uuid.UUID, name: str, place: Path, choice: Choice, *, by: Staff, source: str) -> Import:
    """Begin the import of what a polled source brought, by right and reach of whoever answers for the source.

    In the caller's transaction; the caller runs it.
    """
    _may_import(by)
    digest, size = fingerprint(place)
    now = timezone.now()
    with transaction.atomic():
        began = {"created_at": now, "started_at": now}
        imported = _of_our_file(pk, name, place, (digest, size), by, **began, **choice.columns)
        audit.record("import.run", by=by, on_kind="import", on_id=pk, source=source, format=choice.format)
    return imported


def _of_our_file(pk: uuid.UUID, name: str, place: Path, seen: tuple[str, int], by: Staff, **columns: Any) -> Import:
    """The row of a file that lies with us and goes once it is in. `seen` is its fingerprint."""
    return Import.objects.create(
        pk=pk,
        file_name=_plain_name(name),
        path=str(place),
        is_upload=True,
        fingerprint=seen[0],
        bytes=seen[1],
        by=by,
        actor=by.number,
        **columns,
    )


def _queue(imported: Import, by: Staff) -> Job:
    title = Sentence(gettext_noop("导入 %(name)s"), {"name": imported.file_name})
    job = jobs.start("import", title, by, import_id=str(imported.pk))
    Import.objects.filter(pk=imported.pk).update(job=job)
    imported.job = job
    return job


def _fits(choice: Choice) -> None:
    """PostgreSQL would refuse it in words that nobody understands."""
    if len(choice.product) > LONGEST_PRODUCT:
        raise Fault("产品名称最多 %(most)s 个字", most=LONGEST_PRODUCT)


def _told_channel(choice: Choice) -> None:
    """Without a channel every row would be refused, and no row can be mended: so before the first. Raises Fault."""
    if choice.wants_channel:
        raise Fault(
            '没有说明反馈来自哪个渠道（%(channels)s）；请选择渠道（命令行用 --channel），或在映射中写 channel = "…"',
            channels="、".join(Channel),
        )


def _no_people(choice: Choice) -> None:
    """The mapping is kept and shown in the clear: a customer's words must not stand in it as a column's name."""
    mapping = getattr(registry.find(choice.format, choice.mapping), "mapping", None)
    no_people_among(mapping.names if mapping else ())


def no_people_among(columns: Iterable[str]) -> None:
    """Raises Fault where a column's name is somebody's number or words."""
    for column in columns:
        if (masked := mask(column).text) != column:
            raise Fault(
                "映射里的列名“%(masked)s”含有个人信息：文件多半没有表头，请写 header = 0，用“第1列”“第2列”指明各列；"
                "确有这样的列名时，照这里写",
                masked=named(masked),
            )


def _no_return(path: Path) -> None:
    """Mended rows belong to the import that refused them; as an import of their own they would count twice."""
    if spreadsheet.is_ours(path):
        raise Fault("这是从“隔离的行”导出的表格；请在那次导入的“隔离的行”页上传，改好的行会计入那次导入的账目")


def _may_import(by: Staff, format_: str = "") -> None:
    if guests.right_to_run(format_) not in by.rights:
        raise PermissionDenied


def _plain_name(file_name: str) -> str:
    """The name to show, masked. Browsers may send a whole path, attackers anything: the last part's printable signs."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(character for character in last if character.isprintable())
    return masked_value("", plain)[-255:] or "upload"
