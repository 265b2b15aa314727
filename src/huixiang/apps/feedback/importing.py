"""How does a file become voices? Read, understood, compared and written by stretches; killed, it goes on there."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import batches, enclosures, guests, landed, set_aside, tiers, uploads
from huixiang.apps.feedback.accounts import Account, account
from huixiang.apps.feedback.admission import NotAdmitted, gate
from huixiang.apps.feedback.calls_landing import CallsLanding
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.facts_landing import FactsLanding
from huixiang.apps.feedback.facts_reading import KINDS, FactReader
from huixiang.apps.feedback.faults import calling, kept, masked, veiled
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Interpreter, masked_value
from huixiang.apps.feedback.landing import Approach, Landing
from huixiang.apps.feedback.models import Batch, Import
from huixiang.apps.feedback.reading import Reader, Stretch, fingerprint
from huixiang.apps.feedback.ticket_reading import TicketReader
from huixiang.apps.feedback.ticket_rows import Names
from huixiang.apps.feedback.tickets_landing import TicketsLanding
from huixiang.apps.feedback.voice_rows import Arrival
from huixiang.channels import registry
from huixiang.channels.contract import Aside, Defaults, Fault, Refused
from huixiang.domain.feedback import Channel
from huixiang.lake.locks import held, patient

COLLECT_EACH = 20  # batches
SAMPLE = 1_000  # so many rows, and none can be read: then the mapping is wrong, not the rows


class Reports(Protocol):
    """Who hears how far it is: a job's row, or the bar of the command line."""

    def report(self, done: int, *, done_share: float | None = None) -> None: ...


@jobs.work("import")
def work(progress: jobs.Progress, import_id: str) -> Sentence:
    """As a job. If an earlier attempt that was only slow still holds the import, it gives way at its next report."""
    return _run(Pulse(progress), import_id, progress.beat)


def run(progress: Reports, import_id: str) -> Sentence:
    """Do an import, or what is left of it. Running it again after its end does nothing."""
    return _run(Pulse(progress), import_id, refuse_to_wait)


class Pulse:
    """How far it is, and, while nothing moves, the same again: a job without a sign of life is given to another."""

    def __init__(self, progress: Reports) -> None:
        self._progress, self._done = progress, 0

    def report(self, done: int, done_share: float | None = None) -> None:
        self._done = done
        self._progress.report(done, done_share=done_share)

    def beat(self) -> None:
        self._progress.report(self._done)


def _run(progress: Pulse, import_id: str, waiting: Callable[[], None]) -> Sentence:
    with alone(import_id, waiting):
        imported = Import.objects.select_related("by", "branch", "job").get(pk=import_id)
        if not imported.finished_at:
            before = landed.versions(the_lake())
            progress.report(batches.rows_read(imported))
            try:
                with calling(imported):
                    _bring_in(progress, imported)
            except Fault as fault:
                _end(imported, fault)
                raise masked(fault) from None  # the job keeps it too
            _end(imported)
            if account(imported).read >= landed.MANY:
                landed.count_since(before, the_lake(), progress.beat)
    guest = guests.of(imported)
    return guest.closing(imported) if guest else closing(account(imported))


def lock_of(import_id: str) -> Path:
    return Import(pk=import_id).lock


def refuse_to_wait() -> None:
    raise Fault("这次导入正由另一进程进行，请稍候")


def alone(import_id: str, waiting: Callable[[], None] = refuse_to_wait) -> AbstractContextManager[None]:
    """Two processes never work on one import. Raises Fault where another does, unless told to wait."""
    return held(lock_of(import_id), waiting)


def closing(total: Account) -> Sentence:
    if total.erased:
        with_erased = gettext_noop(
            "读取 %(read)s 行 = 新增 %(new)s + 相同 %(same)s + 变更 %(changed)s + 隔离 %(quarantined)s + "
            "曾删除或已过期限 %(erased)s。"
        )
        return Sentence(with_erased, asdict(total))
    message = gettext_noop(
        "读取 %(read)s 行 = 新增 %(new)s + 相同 %(same)s + 变更 %(changed)s + 隔离 %(quarantined)s。"
    )
    return Sentence(message, asdict(total))


def scope(imported: Import) -> frozenset[str] | None:
    """Which units may this import fill? None: all. On the command line it is the machine's administrator who asks."""
    if imported.by:
        return imported.by.scope(guests.right_to_run(imported.format))
    return None if imported.actor.startswith("cli:") else frozenset()


def reader(imported: Import, units: frozenset[str] | None, now: datetime) -> Reader:
    """How is a row of this import read? The same for the file's rows and for mended ones. Raises Fault."""
    if guest := guests.of(imported):
        return guest.reader(imported, units, now)
    form = registry.find(imported.format, imported.mapping)
    columns = getattr(getattr(form, "mapping", None), "columns", {})
    admitted = gate(units, columns)
    defaults = Defaults(
        channel=Channel(imported.channel) if imported.channel else None,
        branch=imported.branch.code if imported.branch else None,
        product=imported.product,
        time_zone=imported.branch.time_zone if imported.branch else settings.TIME_ZONE,
        now=now,
    )
    made = TicketReader if registry.tells_tickets(imported.format) else Reader
    made = FactReader if registry.tells_facts(imported.format) else made
    return made(form, defaults, admitted, voice_key(), tiers.in_force())


def arrival(imported: Import, through: Reader) -> Arrival:
    return Arrival(str(imported.pk), imported.created_at, through.gate, settings.MASKING_KEY.encode())


@contextmanager
def landing_of(imported: Import, through: Reader, waiting: Callable[[], None] = patient) -> Iterator[guests.Lander]:
    """Where what this import reads will land: among the voices, the calls, the facts, or where its guest says."""
    if guest := guests.of(imported):
        with guest.landing(imported, through, waiting) as landing:
            yield landing
        return
    told = arrival(imported, through)
    if registry.tells_calls(imported.format):
        yield CallsLanding(the_lake(), told, voice_key(), waiting)
        return
    if registry.tells_tickets(imported.format):
        yield TicketsLanding(the_lake(), told, voice_key(), Names(told.key), waiting)
        return
    if registry.tells_facts(imported.format):
        yield FactsLanding(KINDS[imported.format], the_lake(), told, voice_key(), Names(told.key), waiting)
        return
    others = Import.objects.started().filter(fingerprint=imported.fingerprint).exclude(pk=imported.pk)
    with Interpreter() as interpreter:
        yield Landing(the_lake(), told, interpreter, waiting, again=others.exists)


def _bring_in(progress: Pulse, imported: Import) -> None:
    path = Path(imported.path)
    _refuse_changed(imported, path, progress.beat)
    through = reader(imported, scope(imported), imported.created_at)
    with _without_collector(), landing_of(imported, through, progress.beat) as landing:
        with batches.turn(landing.lake, progress.beat):
            done = batches.rows_read(imported)
        progress.report(done)
        if not done:
            enclosures.keep(path, through, landing.lake, progress.beat, imported.pk)
        before: tuple[Stretch, Approach] | None = None
        for stretch in through.stretches(path, done, progress.beat):
            refuse_wrong_mapping(stretch, has_units=bool(through.gate.units))
            # The second core understands this stretch while the one before it is written.
            coming = (stretch, landing.approach(stretch.entries, stretch.refused))
            if before:
                _land(progress, landing, imported, before)
            before = coming
        if before:
            refuse_wrong_mapping(before[0], has_units=bool(through.gate.units), is_whole=True)
            _land(progress, landing, imported, before)
    if guest := guests.of(imported):
        guest.landed(imported)


def _land(progress: Pulse, landing: guests.Lander, imported: Import, coming: tuple[Stretch, Approach]) -> None:
    stretch, approach = coming
    batch = Batch(of=imported, rows_read=stretch.rows_read, read=stretch.size, quarantined=0)
    landing.land(approach, batch)
    if batch.number % COLLECT_EACH == 0:
        gc.collect()
    progress.report(stretch.rows_read, stretch.share)


def _refuse_changed(imported: Import, path: Path, meanwhile: Callable[[], None]) -> None:
    """Is it still the file that was previewed and begun?"""
    try:
        found, _size = fingerprint(path, meanwhile)
    except OSError:
        raise Fault(
            "文件“%(name)s”已不在原处；请重新上传同一文件，已入库的行不会重复计数", name=imported.file_name
        ) from None
    if found != imported.fingerprint:
        raise Fault("文件“%(name)s”在导入开始后被改动；请作为新文件重新导入", name=imported.file_name)


def refuse_wrong_mapping(stretch: Stretch, *, has_units: bool, is_whole: bool = False) -> None:
    """Rows that only are not admitted (an unknown branch) are read well: the mapping is right.

    Of a whole file that is shorter every row must be refused, and all for one reason; a single row tells nothing.
    """
    if stretch.rows_read != stretch.size:
        return
    refused = stretch.refused[:SAMPLE]
    if len(refused) < SAMPLE and not (is_whole and not stretch.entries and _for_one_reason(refused)):
        return
    first = refused[0]
    read_well = any(isinstance(each.fault, Aside) for each in refused)
    read_well = read_well or (has_units and any(isinstance(each.fault, NotAdmitted) for each in refused))
    if read_well or (stretch.entries and stretch.entries[0].row < refused[-1].number):
        return
    message = "前 %(rows)s 行无一可读，未导入任何内容：格式或映射很可能不对。首个原因：%(reason)s"
    raise Fault(message, column=first.fault.column, rows=len(refused), reason=veiled(first.fault))


def _for_one_reason(refused: list[Refused]) -> bool:
    return len(refused) > 1 and len({(each.fault.message, each.fault.column) for each in refused}) == 1


def _end(imported: Import, fault: Fault | None = None) -> None:
    total = account(imported)
    imported.finished_at = timezone.now()
    if fault:
        imported.fault = {
            "message": fault.message,
            "column": masked_value("", fault.column or ""),
            "params": kept(fault),
        }
    with transaction.atomic():
        imported.save(update_fields=["finished_at", "fault"])
        set_aside.settle(imported.pk)
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
