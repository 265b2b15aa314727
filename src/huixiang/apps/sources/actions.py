"""What can be done with a source? Added, tried, changed, paused, resumed, asked at once, removed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Job, Staff, Unit
from huixiang.apps.feedback import preview
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.preview import Sample
from huixiang.apps.sources import taking
from huixiang.apps.sources.models import LONGEST, SHORTEST, Source
from huixiang.channels.contract import Fault
from huixiang.polling.doors import FEEDS, MAILBOXES, Limits

TRIED = 5  # mails shown by a test
QUICK = Limits(connect=5.0, read=8.0, total=20.0, bytes=4 << 20, mails=TRIED)  # a person waits for it


@dataclass(frozen=True, slots=True)
class Wanted:
    """How shall a source be? `secret` None leaves the one that is kept."""

    name: str
    kind: str
    address: str
    channel: str
    account: str = ""
    folder: str = ""
    after: str = Source.After.KEEP
    receipts: str = Source.Receipts.CHANNEL
    every_minutes: int = 15
    branch: Unit | None = None
    product: str = ""
    secret: str | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "secret"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come, without taking it in."""

    samples: list[Sample]
    is_empty: bool
    more: bool


def add_source(wanted: Wanted, *, by: Staff, source: str = "") -> Source:
    """From now on it is asked at its interval, and what comes counts as brought in by this person. Raises Fault."""
    _may(by, wanted.branch)
    _check(wanted)
    made = Source(**wanted.columns, by=by)
    made.keep_secret(wanted.secret or "")
    with transaction.atomic():
        made.save(force_insert=True)
        audit.record("source.add", by=by, on_kind="source", on_id=made.pk, source=source, **_told(wanted))
    return made


def change_source(made: Source, wanted: Wanted, *, by: Staff, source: str = "") -> None:
    """Where another mailbox or feed is meant from now on, it is read from its beginning. Raises Fault."""
    _may(by, made.branch)
    _may(by, wanted.branch)
    _check(wanted)
    is_another = any(getattr(made, name) != getattr(wanted, name) for name in ("kind", "address", "account", "folder"))
    if is_another and not wanted.secret and made.sealed:
        raise Fault("地址、账号或文件夹改了，请重新填写密码：原密码只用于原来的地方", column="secret")
    if is_another:
        _refuse_while_asked(made)
    for name, value in wanted.columns.items():
        setattr(made, name, value)
    if wanted.secret is not None:
        made.keep_secret(wanted.secret)
    if is_another:
        made.reached = {}
    made.next_at = timezone.now()
    with transaction.atomic():
        made.save(update_fields=[*wanted.columns, "sealed", "reached", "next_at"])
        audit.record("source.change", by=by, on_kind="source", on_id=made.pk, source=source, **_told(wanted))


def try_source(made: Source, *, by: Staff, source: str = "") -> Trial:
    """Ask now and show the first of what would come, masked; nothing is taken in, nothing is marked. Raises Fault."""
    _may(by, made.branch)
    with transaction.atomic():
        audit.record("source.test", by=by, on_kind="source", on_id=made.pk, source=source)
    part = taking.KINDS[made.kind]
    choice = Choice(part.FORMAT, "", made.channel, made.branch, made.product)
    with TemporaryDirectory() as folder, part.coming(made, taking.door(QUICK), TRIED) as coming:
        if coming.is_empty:
            return Trial([], is_empty=True, more=False)
        path = Path(folder) / f"{uuid.uuid4()}{part.SUFFIX}"
        with path.open("wb") as file:
            file.writelines(coming.pieces)
        draft = Import(path=str(path), created_at=timezone.now())
        return Trial(preview.samples(draft, choice, by)[:TRIED], is_empty=False, more=coming.more)


def pause_source(made: Source, *, by: Staff, source: str = "") -> None:
    """It is not asked any more, until somebody resumes it."""
    _may(by, made.branch)
    with transaction.atomic():
        if Source.objects.filter(pk=made.pk, paused_at=None).update(paused_at=timezone.now()):
            audit.record("source.pause", by=by, on_kind="source", on_id=made.pk, source=source)


def resume_source(made: Source, *, by: Staff, source: str = "") -> None:
    """It is asked again, at once; whoever resumes it answers for it from now on."""
    _may(by, made.branch)
    with transaction.atomic():
        now = timezone.now()
        if Source.objects.filter(pk=made.pk).exclude(paused_at=None).update(paused_at=None, next_at=now, by=by):
            audit.record("source.resume", by=by, on_kind="source", on_id=made.pk, source=source)


def poll_source(made: Source, *, by: Staff, source: str = "") -> Job:
    """Ask it now, whatever its turn; paused or being asked already it is left alone. Raises Fault."""
    _may(by, made.branch)
    with transaction.atomic():
        found = Source.objects.select_for_update(of=("self",)).select_related("job").get(pk=made.pk)
        if found.paused_at:
            raise Fault("这个来源已暂停；请先恢复")
        if found.job and found.job.state in Job.OPEN:
            return found.job
        job = taking.start(found)
        audit.record("source.poll", by=by, on_kind="source", on_id=made.pk, source=source)
    return job


def remove_source(made: Source, *, by: Staff, source: str = "") -> None:
    """It is forgotten, with its secret; what it brought stays. Raises Fault while it is being asked."""
    _may(by, made.branch)
    _refuse_while_asked(made)
    with transaction.atomic():
        Source.objects.filter(pk=made.pk).delete()
        audit.record("source.remove", by=by, on_kind="source", on_id=made.pk, source=source)


def _may(by: Staff, branch: Unit | None) -> None:
    """What comes in must lie in the person's reach, and be hers to import."""
    if not {"source.manage", "import.run"} <= by.rights:
        raise PermissionDenied
    for right in ("source.manage", "import.run"):
        reach = by.scope(right)
        if reach is not None and (branch is None or branch.code not in reach):
            raise Fault("请选择您权限范围内的默认机构", column="branch")


def _refuse_while_asked(made: Source) -> None:
    """What is on its way belongs to the source as it is."""
    if made.state == "working" or made.taking_id:
        raise Fault("正在收取，或上一次收取还没有完成；请等它完成后再试")


def _check(wanted: Wanted) -> None:
    try:
        taking.door().admitted(wanted.address, MAILBOXES if wanted.kind == Source.Kind.IMAP else FEEDS)
    except Fault as fault:
        raise Fault(fault.message, column="address", **fault.params) from None
    if not SHORTEST <= wanted.every_minutes <= LONGEST:
        raise Fault("间隔应为 %(low)s 到 %(high)s 分钟", column="every_minutes", low=SHORTEST, high=LONGEST)
    if wanted.kind == Source.Kind.IMAP and not wanted.account:
        raise Fault("邮箱需要账号", column="account")
    for name, value in (("account", wanted.account), ("secret", wanted.secret or ""), ("folder", wanted.folder)):
        if not value.isprintable():
            raise Fault("含有看不见的字符；请重新填写", column=name)


def _told(wanted: Wanted) -> dict[str, Any]:
    """For the audit: where, not with which secret."""
    told = {name: str(getattr(wanted, name)) for name in ("name", "kind", "address", "channel", "after", "receipts")}
    return told | {"branch": wanted.branch.code if wanted.branch else "", "secret_changed": wanted.secret is not None}
