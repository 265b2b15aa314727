"""What do the present rules or model say of old voices? Read outside the lake's lock, written under it.

May be killed anywhere and run again: it goes on where it was, from the last voices that were written; a voice whose
reading is the new one already is left alone, and what was read before is kept once for each rereading, before the new
reading takes its place. See docs/guide/models.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.utils import timezone
from django.utils.translation import gettext_noop

from huixiang.apps.access import jobs
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation.models import Rereading
from huixiang.apps.feedback import batches, clusters, findings, in_use, reading_there, succession
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.understander import Again, Understander
from huixiang.lake import questions
from huixiang.lake.locks import patient
from huixiang.lake.schema import READINGS, VOICES
from huixiang.lake.spark.trouble import NoCluster
from huixiang.lake.store import Lake

# Voices read and written together: each writing rewrites all files of the month that hold one of them, and holds the
# lock meanwhile. More would be fewer rewritings, but hundreds of megabytes of rows and imports that wait longer.
AT_ONCE = 10_000
READ_AT_ONCE = 500
READ_THERE = 5_000  # texts for which a cluster is asked: fewer are read sooner here
DIGITS = 4  # of an id, by which it is remembered how far the reading has come: 65,536 of them
Row = dict[str, Any]


@jobs.work("reread")
def work(progress: jobs.Progress, rereading_id: str) -> Sentence:
    of = Rereading.objects.get(pk=rereading_id)
    carry_out(of, progress.report, progress.beat)
    values: dict[str, object] = {"count": of.voices, "changed": of.changed, "kept": of.by_people, "label": of.label}
    return Sentence(
        gettext_noop(
            "%(label)s 重新理解了 %(count)s 条声音：%(changed)s 条的判断变了；%(kept)s 条有人工判断，予以保留。"
        ),
        values,
    )


@dataclass(slots=True)
class Tally:
    """What came of it so far."""

    voices: int = 0
    by_people: int = 0


def carry_out(
    of: Rereading, report: Callable[..., None], waiting: Callable[[], None] = patient, at_once: int = AT_ONCE
) -> None:
    """Read all voices of its months again. `report(done, total)` may raise to stop: what is done stays done."""
    lake, reads = the_lake(), in_use.understander(in_use.folder())
    if reads.trouble:  # asked for by the model, not by what stands in for it
        raise Fault("启用的模型不能使用（%(reason)s）；请先重新启用一个，或退回，再重新理解", reason=reads.trouble)
    total = sum(questions.count_of_month(lake, month) for month in of.months)
    if of.label != reads.told:  # begun, if at all, by what reads no longer
        _reached(of, Tally(), "", "")
    of.label = reads.told
    tally, writer = Tally(of.voices, of.by_people), f"reread:{of.pk}"
    for month in of.months[of.months.index(of.month_reached) if of.month_reached else 0 :]:
        for seen in _stretches(lake, month, at_once, of.ids_reached if month == of.month_reached else ""):
            report(tally.voices, total)
            found = _found(lake, reads, seen, waiting)
            with batches.turn(lake, waiting):
                _write(_Turn(lake, month, writer, str(of.pk), reads, timezone.now()), seen, found, tally)
            tally.voices += len(seen)
            _reached(of, tally, month, _begin(seen[-1]))
            report(tally.voices, total)
    of.changed = questions.changed_by(lake, str(of.pk))  # over all attempts, not this one's alone
    of.finished_at = timezone.now()
    of.save()


def _reached(of: Rereading, tally: Tally, month: str, ids: str) -> None:
    """What is written now need not be read again by whoever goes on."""
    of.voices, of.by_people, of.month_reached, of.ids_reached = tally.voices, tally.by_people, month, ids
    of.save()


def _stretches(lake: Lake, month: str, at_once: int, after: str) -> Iterator[list[Row]]:
    """The voices of a month as they are now; those that come later were read by what reads now.

    Voices whose ids begin alike stay together, so that these digits tell how far one has come.
    """
    some: list[Row] = []
    for rows in questions.to_read_again(lake, month, after):
        for row in rows:
            if len(some) >= at_once and _begin(row) != _begin(some[-1]):
                yield some
                some = []
            some.append(row)
    if some:
        yield some


def _begin(row: Row) -> str:
    return str(row["id"])[:DIGITS]


def _found(lake: Lake, reads: in_use.Reading, seen: Sequence[Row], waiting: Callable[[], None]) -> dict[str, Again]:
    """On the bank's cluster where it has one and they are many; else here."""
    if lake.cluster is None or len(seen) < READ_THERE:
        return _read(reads.understander, seen, waiting)
    waiting()
    try:
        told = reading_there.again(lake.cluster, in_use.folder(), reads, _texts(seen))
    except NoCluster as trouble:
        raise clusters.said(trouble) from trouble
    return dict(zip(_ids(seen), told, strict=True))


def _read(understander: Understander, seen: Sequence[Row], waiting: Callable[[], None]) -> dict[str, Again]:
    found: dict[str, Again] = {}
    for begin in range(0, len(seen), READ_AT_ONCE):
        some = seen[begin : begin + READ_AT_ONCE]
        found |= zip(_ids(some), understander.again(*_texts(some)), strict=True)
        waiting()
    return found


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _texts(rows: Sequence[Row]) -> tuple[list[str], list[str], list[bool]]:
    """Normal forms, masked forms, and whether they were said to the bank."""
    masked = [f"{row['title']}\n{row['text']}" if row["title"] else row["text"] for row in rows]
    return [row["searchable"] for row in rows], masked, [Channel(row["channel"]).is_to_the_bank for row in rows]


@dataclass(frozen=True, slots=True)
class _Turn:
    """The lake, held for writing; which month, which rereading writes, and who reads."""

    lake: Lake
    month: str
    writer: str
    rereading: str
    reads: in_use.Reading
    now: datetime


def _write(turn: _Turn, seen: Sequence[Row], found: Mapping[str, Again], tally: Tally) -> None:
    """Only what is still as it was read: a voice that its source changed, or that was erased meanwhile, is left out.

    One that is in another month by now was changed.
    """
    as_seen = {row["id"]: (row["version"], row["content_hash"]) for row in seen}
    present = turn.lake.rows("voices", as_seen, month=turn.month).to_pylist()
    before = {row["id"]: row for row in present if as_seen[row["id"]] == (row["version"], row["content_hash"])}
    corrected = succession.corrections(before)
    after: list[Row] = []
    for row in before.values():
        kept = succession.judged(row, corrected)
        tally.by_people += bool(kept)
        after.append(row | _columns(found[row["id"]], turn.reads) | kept)
    # Through the schema and back: probabilities are kept in 32 bits, and only then can they be equal.
    rows = pa.Table.from_pylist(after, schema=VOICES).to_pylist()
    other = [row for row in rows if row != before[row["id"]]]
    if not other:
        return
    _keep(turn, [before[row["id"]] for row in other])
    batch = turn.lake.batch_done("voices", turn.writer) + 1
    turn.lake.upsert_once("voices", pa.Table.from_pylist(other, schema=VOICES), writer=turn.writer, batch=batch)


def _keep(turn: _Turn, former: Iterable[Row]) -> None:
    """What was read before, unless an attempt that was killed has kept it already."""
    there = questions.kept_readings(turn.lake, turn.rereading, [row["id"] for row in former], turn.month)
    marks = {"rereading": turn.rereading, "read_at": turn.now}
    rows = [{name: (row | marks)[name] for name in READINGS.names} for row in former if row["id"] not in there]
    if rows:
        batch = turn.lake.batch_done("readings", turn.writer) + 1
        table = pa.Table.from_pylist(rows, schema=READINGS)
        turn.lake.append_once("readings", table, writer=turn.writer, batch=batch)


def _columns(again: Again, reads: in_use.Reading) -> Row:
    feeling = again.sentiment
    return {
        "sentiment": feeling.label,
        "negative": feeling.negative,
        "neutral": feeling.neutral,
        "positive": feeling.positive,
        "understood_by": reads.label,
        "words": list(again.words),
        "phrases": list(again.phrases),
        **findings.columns(again, reads.others),
    }
