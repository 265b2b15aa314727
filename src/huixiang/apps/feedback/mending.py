"""How do mended rows land? By stretches, each one further batch of the import that they were refused from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import (
    batches,
    guests,
    importing,
    quarantine,
    set_aside,
    spreadsheet,
    terms,
    tombstones,
)
from huixiang.apps.feedback.classification import Entry
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.landing import told_apart
from huixiang.apps.feedback.models import Batch, Import, Quarantined, Tombstone
from huixiang.apps.feedback.reading import Reader
from huixiang.channels.contract import Fault, Row
from huixiang.lake import questions

STRETCH = 1_000  # rows
MOST = 20_000  # rows tried at once, while a person waits

Person = Staff | str  # or who works at the machine's command line
Fields = Mapping[str, str]
Closing = Callable[[Batch], None]  # what else belongs into the transaction


class Closed(Fault):
    """Somebody has mended the row, given it up, or had it erased in the meantime."""


@dataclass
class Outcome:
    """What became of the rows that were tried again."""

    new: int = 0
    same: int = 0
    changed: int = 0
    erased: int = 0  # a customer had had them erased before: they stay out
    still: int = 0  # cannot be read, as before; their reasons are up to date
    cut: int = 0  # of them: not whole here, and as they were; what they were refused for stays their reason
    closed: int = 0  # mended or given up already
    left: int = 0  # not tried yet: another press goes on with them
    unknown: int = 0  # of the file's rows: without a key, or with one that is not here

    def told(self) -> str:
        landed = self.new + self.same + self.changed
        sentence = _("已修正入库 %(landed)s 行，仍隔离 %(still)s 行。") % {"landed": landed, "still": self.still}
        if self.cut:
            sentence += _("其中 %(count)s 行在这里不是原件的全文，请逐行照原件改好。") % {"count": self.cut}
        if self.erased:
            sentence += _("%(count)s 行是应客户要求删除过的声音，未入库。") % {"count": self.erased}
        if self.closed:
            sentence += _("%(count)s 行此前已处理，未重复入库。") % {"count": self.closed}
        if self.unknown:
            sentence += _("%(count)s 行没有可识别的隔离编号，未处理。") % {"count": self.unknown}
        if self.left:
            sentence += _("还有 %(count)s 行未试，请再试一次。") % {"count": self.left}
        return sentence


def mend(of: Import, rows: Sequence[tuple[Quarantined, Fields]], by: Person, closing: Closing) -> Outcome:
    """Read the rows of one import anew and land what can be read; the others keep their place, with the new reason."""
    outcome = Outcome()
    through = reader(of, by)
    over = terms.coming(())
    entries: list[tuple[Quarantined, Entry]] = []
    for row, fields in rows:
        if quarantine.opened(row).not_whole(fields):
            outcome.cut += 1
            outcome.still += 1
            continue
        try:
            entries.append((row, entry_of(through, Row(row.row, dict(fields)), over)))
        except Fault as fault:
            _wait_on(row, fault, outcome)
    known = questions.known(lake(), {entry.voice_id for _row, entry in entries})
    away = {stray.number: stray.fault for stray in told_apart(through.gate, [e for _, e in entries], known)[1]}
    for row, _entry in entries:
        if row.row in away:
            _wait_on(row, away[row.row], outcome)
    entries = [(row, entry) for row, entry in entries if row.row not in away]
    while entries:
        try:
            batch = land(of, entries, through, by, closing)
        except Closed:
            left = set(_open(row for row, _entry in entries).values_list("pk", flat=True))
            outcome.closed += len(entries) - len(left)
            entries = [(row, entry) for row, entry in entries if row.pk in left]
        else:
            outcome.new, outcome.same, outcome.changed = batch.new, batch.same, batch.changed
            outcome.erased = batch.erased
            break
    return outcome


def entry_of(through: Reader, row: Row, over: terms.Over) -> Entry:
    """Read it. Raises Fault, also where it is older than what its channel keeps: it would go the next night."""
    entry = through.entry(row)
    if terms.is_too_late(entry, through.gate, over):
        raise Fault("这一行说的话已过本渠道的保存期限，不再入库；请放弃这一行")
    return entry


def _wait_on(row: Quarantined, fault: Fault, outcome: Outcome) -> None:
    """For a reason that is up to date, unless it was mended, given up or erased in the meantime."""
    was = quarantine.opened(row)
    if _open([row]).update(**batches.reason(fault, was.fields, was.cut)):
        outcome.still += 1
    else:
        outcome.closed += 1


def _open(rows: Iterable[Quarantined]) -> QuerySet[Quarantined]:
    """Those of them that wait, as it stands in the database and not as they were read."""
    keys = [row.pk for row in rows]
    return Quarantined.objects.filter(pk__in=keys, state=Quarantined.State.OPEN, mended_by=None)


def reader(of: Import, by: Person) -> Reader:
    return importing.reader(of, by.scope(guests.right_to_mend(of)) if isinstance(by, Staff) else None, timezone.now())


def columns(of: Import) -> list[str]:
    """The columns that the import's mapping reads: a row that could not be cut into columns is filled in there."""
    try:
        return list(importing.reader(of, None, of.created_at).gate.columns.values())
    except Fault:
        return []


def land(
    of: Import, entries: Sequence[tuple[Quarantined, Entry]], through: Reader, by: Person, closing: Closing
) -> Batch:
    """One batch moves these rows from quarantined to where they belong. Raises Closed where one was closed since."""
    batch = Batch(of=of, rows_read=batches.rows_read(of), read=0, quarantined=-len(entries))

    def close(batch: Batch) -> None:
        # Under the lake's lock: of two people who mend the same row at once, the second is told so.
        chosen = _open(row for row, _entry in entries)
        if chosen.update(mended_by=batch, closed_by=by if isinstance(by, Staff) else None) != len(entries):
            raise Closed("这一行已由他人处理")
        _tell_voices(entries)
        closing(batch)

    with importing.landing_of(of, through) as landing:
        landing.land(landing.approach([entry for _row, entry in entries]), batch, within=close)
    if guest := guests.of(of):
        guest.landed(of)
    return batch


def _tell_voices(entries: Sequence[tuple[Quarantined, Entry]]) -> None:
    """Each row tells which voice it became. Of those that were erased before, the content goes with this batch."""
    for row, entry in entries:
        row.voice_id = entry.voice_id
    Quarantined.objects.bulk_update([row for row, _entry in entries], ["voice_id"], batch_size=200)
    erased = Tombstone.objects.among({entry.voice_id for _row, entry in entries})
    became = [(row, entry.voice_id) for row, entry in entries if entry.voice_id not in erased]
    set_aside.bring_in(entries[0][0].of_id, became)
    for stone in Tombstone.objects.filter(pk__in=erased):
        tombstones.empty([row for row, entry in entries if entry.voice_id == stone.pk], stone.erasure_id)


def waiting(of: Import, keys: Iterable[int]) -> Iterator[list[tuple[Quarantined, Fields]]]:
    """The rows of these keys that are open, as they stood in the file, by stretches."""
    left = iter(keys)
    while stretch := list(islice(left, STRETCH)):
        rows = of.quarantine.filter(pk__in=stretch, state=Quarantined.State.OPEN)
        yield [(row, quarantine.fields(row)) for row in rows]


def returned(path: Path, visible: Iterable[Import], outcome: Outcome) -> Iterator[list[tuple[Quarantined, Fields]]]:
    """The rows of a mended spreadsheet that are open, by stretches; what else it holds is counted in the outcome."""
    rows = spreadsheet.returned(path)
    while stretch := list(islice(rows, STRETCH)):
        own = {key: fields for _number, key, fields in stretch if key is not None}
        found = list(Quarantined.objects.filter(pk__in=own, of__in=visible).select_related("of__branch", "of__by"))
        is_open = [row for row in found if row.state == Quarantined.State.OPEN]
        outcome.unknown += len(stretch) - len(found)
        outcome.closed += len(found) - len(is_open)
        yield [(row, spreadsheet.merged(quarantine.fields(row), own[row.pk])) for row in is_open]
