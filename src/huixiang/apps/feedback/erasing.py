"""How is what a customer has a right to see erased really gone? Rows first, the lake last, and only then it is done.

Asking for it writes the tombstones (actions.erasures); from then on no import brings these voices in. Carrying it out
may be done twice, or broken off anywhere and done again: each step leaves nothing to do for the next time, and what
tells where to look (the voices in the lake, the customer's pseudonym) goes last. See docs/guide/erasure.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import audit, jobs
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.feedback import (
    attachments,
    batches,
    certifying,
    identity,
    importing,
    outside,
    quarantine,
    tombstones,
    uploads,
)
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.models import Bygone, Correction, Erasure, Import, Quarantined, Tombstone
from huixiang.apps.feedback.reading import Reader
from huixiang.channels.contract import RAW, Fact, Fault, Row
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import Record, pseudonym
from huixiang.domain.hotline import Stay, telephone
from huixiang.lake.locks import patient
from huixiang.lake.store import Lake

_APART = re.compile(r"[\s,;，；|\"']+")  # cells of a line that could not be cut into cells
_AT_ONCE = 200  # rows
Reach = Callable[[Collection[str]], object]
REACHES: list[Reach] = [attachments.forget]
Find = Callable[[str, frozenset[str] | None], set[str]]
FINDS: list[Find] = []
Relate = Callable[[Collection[str]], set[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """Names of what the law keeps of a customer: what goes into storage, and what an earlier erasure put there.

    `shared`: what stays as it is, being known only by a telephone or address that several customers share.
    """

    names: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def __or__(self, other: Kept) -> Kept:
        names = self.names | other.names
        return Kept(names, self.stored | other.stored, (self.shared | other.shared) - names)


Keep = Callable[[str, frozenset[str] | None, bool], Kept]
STORES: list[Keep] = []
STORES_WITH: list[Relate] = []
RELATES: list[Relate] = []


def reaches(function: Reach) -> Reach:
    """Register what else is to go with a voice: `f(voice_ids)`, of a stage after this one. It may be called twice.

    The module must be imported by its app's `AppConfig.ready`, as for jobs.
    """
    REACHES.append(function)
    return function


def finds(function: Find) -> Find:
    """Register who else knows voices of a customer: `f(pseudonym, reach)` gives their ids, also of those to come."""
    FINDS.append(function)
    return function


def stores(function: Keep) -> Keep:
    """Register what the law keeps of a customer: `f(pseudonym, reach, is_shared)` names what goes into storage instead.

    `is_shared`: the pseudonym is of a telephone that records of calls give to several customers.
    They are no voices and not counted as such; among the tombstones they name it again after a backup was put back.
    """
    STORES.append(function)
    return function


def stores_with(function: Relate) -> Relate:
    """Register what the law keeps of these voices: `f(voice_ids)`, otherwise as with `stores`."""
    STORES_WITH.append(function)
    return function


def relates(function: Relate) -> Relate:
    """Register by which further ids a backup of another day may know the same: `f(voice_ids)`. They go too."""
    RELATES.append(function)
    return function


@jobs.work("erase")
def work(progress: jobs.Progress, erasure_id: str) -> Sentence:
    erasure = Erasure.objects.select_related("by").get(pk=erasure_id)
    carry_out(erasure, progress.beat)
    return Sentence(gettext_noop("已删除 %(count)s 条声音。"), {"count": erasure.voices})


def carry_out(erasure: Erasure, waiting: Callable[[], None] = patient) -> None:
    """Do an erasure, or what is left of it; doing it again after its end does nothing."""
    lake = the_lake()
    with batches.turn(lake, waiting):  # what was on its way into the lake is there now, and nothing else comes
        erasure.refresh_from_db()
        if erasure.finished_at:
            return
        ids = _ids(erasure)
        certifying.look_before(erasure, ids)
        _erase_rows(lake, erasure, ids, waiting)
        outside.forget_voices(texts(lake, ids))
        for forget in REACHES:
            forget(ids)
        _forget_bygone(ids)  # the tombstones keep them out
        lake.erase(ids)
        tombstones.keep(_ids(erasure))  # with those of the rows
        certifying.look_after(erasure, _ids(erasure))
        _end(erasure)


def catch_up() -> None:
    """At the start: what a restored database does not know to be erased goes again, as a job. Raises OSError."""
    if erasure := tombstones.made_even():
        title = Sentence(gettext_noop("再次删除备份恢复的 %(count)s 条声音"), {"count": erasure.voices})
        erasure.job = jobs.start("erase", title, None, erasure_id=str(erasure.pk))
        erasure.save(update_fields=["job"])


def finish() -> int:
    """The nightly round's part: erasures whose job died for good, and what a restored backup brought back."""
    tombstones.made_even()
    _begin_again()
    left, failures = list(Erasure.objects.left_undone().select_related("by")), list[Exception]()
    for erasure in left:
        try:
            carry_out(erasure)
        except Exception as failure:  # the others are no less owed to their customers
            failures.append(failure)
    if failures:
        raise failures[0]
    return len(left)


def _begin_again() -> None:
    """Erasures are unfinished if the lake knows any of their voices, in whichever table: an older one was put back."""
    finished = Tombstone.objects.exclude(erasure__finished_at=None)  # of others the lake still tells their rows
    of, lake = dict(finished.values_list("voice_id", "erasure_id")), the_lake()
    with batches.turn(lake):
        back = Counter(of[each] for each in lake.holds(of))
    with transaction.atomic():
        for erasure, count in back.items():
            Erasure.objects.filter(pk=erasure).update(finished_at=None)
            audit.record("erasure.repeat", by=tombstones.SYSTEM, on_kind="erasure", on_id=erasure, count=count)


def _ids(erasure: Erasure) -> set[str]:
    return set(erasure.tombstones.values_list("voice_id", flat=True))


def _erase_rows(lake: Lake, erasure: Erasure, ids: Collection[str], waiting: Callable[[], None]) -> None:
    Correction.objects.filter(voice_id__in=ids).delete()
    sought = _Sought(frozenset(ids), erasure.pseudonym, settings.MASKING_KEY.encode())
    # Who is named in rows that a person may not read is for those to erase who may.
    opened = set(Import.objects.opened_to(erasure.by).values_list("pk", flat=True)) if erasure.by else set()
    for imported in Import.objects.filter(pk__in=Quarantined.objects.held().values("of")):
        known = sought if imported.pk in opened else replace(sought, pseudonym="")
        _empty_rows(erasure, imported, known, waiting)
    sources = _sources(lake, ids)
    for imported in Import.objects.started().filter(is_upload=True, finished_at=None).select_related("job"):
        # A running one needs its file, and removes it at its end.
        if str(imported.pk) in sources and imported.state == "stopped":
            uploads.remove(imported)


def _forget_bygone(ids: Collection[str]) -> None:
    listed = sorted(ids)
    for start in range(0, len(listed), 500):
        Bygone.objects.filter(voice_id__in=listed[start : start + 500]).delete()


SOURCED = ("voices", "past_voices", "calls", "tickets", "clicks", "customers", "posts")


def _sources(lake: Lake, ids: Collection[str]) -> set[str]:
    """Which imports brought them, in all their versions?"""
    tables = (lake.rows(name, ids)["import_id"] for name in SOURCED)
    return {import_id for column in tables for import_id in column.to_pylist()}


def texts(lake: Lake, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Title and text of these voices in all their versions: by them their answers are found. Read when asked for."""
    for name in ("voices", "past_voices"):
        for row in lake.rows(name, ids, columns=("title", "text")).to_pylist():
            yield row["title"], row["text"]


@dataclass(frozen=True, slots=True)
class _Sought:
    """How is a quarantined row known to hold what is to be erased?"""

    ids: frozenset[str]
    pseudonym: str  # "": only by ids
    key: bytes

    def is_in(self, row: Quarantined, cells: Mapping[str, str], through: Reader | None) -> bool:
        if row.voice_id in self.ids or identity.row_id(cells) in self.ids:
            return True  # it became one of these voices, or stands here again as the backup had it
        if through and self._is_voice(Row(row.row, cells), through):
            return True
        return bool(self.pseudonym) and any(map(self._names_customer, _words(cells)))

    def _is_voice(self, row: Row, through: Reader) -> bool:
        try:
            record = through.format.record(row, through.defaults)
        except Exception:
            return False  # it cannot be read: that is why it lies there
        names = [record.customer or "", *_others(record)]
        if self.pseudonym and any(map(self._names_customer, filter(None, names))):
            return True
        known = {record.voice_id(through.key)}
        if isinstance(record, Stay):
            known.add(record.transcript_id(through.key))
        return bool(known & self.ids)

    def _names_customer(self, cell: str) -> bool:
        forms = {cell, telephone(cell), f"@{cell.lstrip('@＠')}"} - {""}  # a nickname is known with its sign
        return any(pseudonym(form, self.key) == self.pseudonym for form in forms)


def _others(record: Record | Stay | Fact) -> list[str]:
    """By what else is the customer known: the telephone, the contact she left, or how he is called in public?"""
    if isinstance(record, Fact):
        return []
    if isinstance(record, Stay):
        return [record.caller]
    return [reached_at(record.contact) or "", record.post.author if record.post else ""]


def _words(cells: Mapping[str, str]) -> list[str]:
    raw = _APART.split(cells.get(RAW, ""))
    return [cell for cell in (*cells.values(), *raw) if cell.strip()]


def _empty_rows(erasure: Erasure, imported: Import, sought: _Sought, waiting: Callable[[], None]) -> None:
    through, found = _reader(imported), []
    for row in imported.quarantine.held().order_by("pk").iterator(chunk_size=_AT_ONCE):
        waiting()
        try:
            cells = quarantine.fields(row)
        except Unsealable:
            continue  # sealed under a key that is lost: nobody reads it any more
        if cells and sought.is_in(row, cells, through):
            found.append(row)
    for start in range(0, len(found), _AT_ONCE):
        tombstones.empty(found[start : start + _AT_ONCE], erasure.pk)


def _reader(imported: Import) -> Reader | None:
    try:
        return importing.reader(imported, None, imported.created_at)
    except Fault:
        return None


def _end(erasure: Erasure) -> None:
    with transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(finished_at=timezone.now(), pseudonym="")
        erasure.refresh_from_db()
        counts: dict[str, Any] = {"count": erasure.voices, "rows": erasure.rows}
        audit.record("erasure.end", by=erasure.by or tombstones.SYSTEM, on_kind="erasure", on_id=erasure.pk, **counts)
