"""How does a file become voices? Read, understood, compared and written by stretches; killed, it goes on there."""

from __future__ import annotations

import fcntl
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit, jobs
from huixiang.apps.feedback import batches, uploads
from huixiang.apps.feedback.accounts import Account, account
from huixiang.apps.feedback.admission import NotAdmitted, gate
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.faults import kept, told
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.apps.feedback.landing import Approach, Landing
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader, Stretch, fingerprint
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Fault
from huixiang.domain.feedback import Channel

COLLECT_EACH = 20  # batches
SAMPLE = 1_000  # so many rows, and none can be read: then the mapping is wrong, not the rows


class Reports(Protocol):
    """Who hears how far it is: a job's row, or the bar of the command line."""

    def report(self, done: int, total: int | None = None) -> None: ...


@jobs.work("import")
def run(progress: Reports, import_id: str) -> str:
    """Do an import, or what is left of it. Running it again after its end does nothing."""
    with alone(import_id):
        imported = Import.objects.select_related("by", "branch", "job").get(pk=import_id)
        if not imported.finished_at:
            try:
                _bring_in(progress, imported)
            except Fault as fault:
                _end(imported, fault)
                raise
            _end(imported)
    return closing(account(imported))


def closing(total: Account) -> str:
    sentence = _("读取 %(read)s 行 = 新增 %(new)s + 相同 %(same)s + 变更 %(changed)s + 隔离 %(quarantined)s。")
    return sentence % asdict(total)


def scope(imported: Import) -> frozenset[str] | None:
    """Which units may this import fill? None: all. On the command line it is the machine's administrator who asks."""
    if imported.by:
        return imported.by.scope("import.run")
    return None if imported.actor.startswith("cli:") else frozenset()


def reader(imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
    """How is a row of this import read? The same for the file's rows and for mended ones. Raises Fault."""
    form = registry.find(imported.format, imported.mapping)
    columns = getattr(getattr(form, "mapping", None), "columns", {})
    admitted = gate(units, columns)
    defaults = Defaults(
        channel=Channel(imported.channel) if imported.channel else None,
        branch=imported.branch.code if imported.branch else None,
        product=imported.product,
        time_zone=imported.branch.time_zone if imported.branch else admitted.home,
        now=now,
    )
    return Reader(form, defaults, admitted)


def arrival(imported: Import, through: Reader) -> Arrival:
    return Arrival(str(imported.pk), imported.created_at, through.gate, settings.MASKING_KEY.encode())


def _bring_in(progress: Reports, imported: Import) -> None:
    path = Path(imported.path)
    total = _unchanged(imported, path)
    through = reader(imported, scope(imported), imported.created_at)
    with _without_collector(), Interpreter() as interpreter:
        again = Import.objects.started().filter(fingerprint=imported.fingerprint).exclude(pk=imported.pk).exists()
        landing = Landing(the_lake(), arrival(imported, through), interpreter, again=again)
        with batches.turn(landing.lake):
            done = batches.rows_read(imported)
        progress.report(done, total)
        before: tuple[Stretch, Approach] | None = None
        for stretch in through.stretches(path, skip=done):
            _refuse_wrong_mapping(stretch, has_units=bool(through.gate.zones))
            # The second core understands this stretch while the one before it is written.
            coming = (stretch, landing.approach(stretch.entries, stretch.refused))
            if before:
                _land(progress, landing, imported, before)
            before = coming
        if before:
            _land(progress, landing, imported, before)


def _land(progress: Reports, landing: Landing, imported: Import, coming: tuple[Stretch, Approach]) -> None:
    stretch, approach = coming
    batch = Batch(of=imported, rows_read=stretch.rows_read, read=stretch.size, quarantined=0)
    landing.land(approach, batch)
    if batch.number % COLLECT_EACH == 0:
        gc.collect()
    progress.report(stretch.rows_read)


def _unchanged(imported: Import, path: Path) -> int | None:
    """Is it still the file that was previewed and begun? How many rows has it about, where lines tell?"""
    try:
        found, _size, lines = fingerprint(path)
    except OSError:
        raise Fault(
            "文件“%(name)s”已不在原处；请重新上传同一文件，已入库的行不会重复计数", name=imported.file_name
        ) from None
    if found != imported.fingerprint:
        raise Fault("文件“%(name)s”在导入开始后被改动；请作为新文件重新导入", name=imported.file_name)
    return lines if path.suffix.lower() in {".csv", ".tsv", ".txt", ".jsonl"} else None


def _refuse_wrong_mapping(stretch: Stretch, *, has_units: bool) -> None:
    """Rows that only are not admitted (an unknown branch) are read well: the mapping is right."""
    if stretch.rows_read != stretch.size or len(stretch.refused) < SAMPLE:
        return
    refused, first = stretch.refused[:SAMPLE], stretch.refused[0]
    read_well = has_units and any(isinstance(each.fault, NotAdmitted) for each in refused)
    if read_well or (stretch.entries and stretch.entries[0].row < refused[-1].number):
        return
    reason = told(first.fault.message, kept(first.fault))
    raise Fault(
        "前 %(rows)s 行无一可读，未导入任何内容：格式或映射很可能不对。第 %(row)s 行：%(reason)s",
        column=first.fault.column,
        rows=SAMPLE,
        row=first.number,
        reason=reason,
    )


def _end(imported: Import, fault: Fault | None = None) -> None:
    total = account(imported)
    imported.finished_at = timezone.now()
    if fault:
        imported.fault = {"message": fault.message, "column": fault.column, "params": kept(fault)}
    with transaction.atomic():
        imported.save(update_fields=["finished_at", "fault"])
        outcome = "failed" if fault else "done"
        who = imported.by or imported.actor
        audit.record("import.end", by=who, on_kind="import", on_id=imported.pk, outcome=outcome, **asdict(total))
    uploads.remove(imported)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of small objects live for one batch, none in cycles: looking for some takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def alone(import_id: str) -> Iterator[None]:
    """Two processes never work on one import: a lock that the system frees when its holder dies."""
    folder = Path(settings.DATA_DIR) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"import-{import_id}"
    with place.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault("这次导入正由另一进程进行，请稍候") from None
        yield
        place.unlink(missing_ok=True)
