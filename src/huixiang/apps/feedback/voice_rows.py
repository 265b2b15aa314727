"""In which form does a voice enter the lake? Masked, understood, dated at its branch; who spoke is kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from huixiang.apps.feedback import findings, post_rows, succession
from huixiang.apps.feedback.admission import Gate
from huixiang.apps.feedback.classification import Classes, Entry
from huixiang.apps.feedback.identity import voice_key
from huixiang.apps.feedback.interpreter import Reading, masked_value
from huixiang.apps.feedback.journal import Facts
from huixiang.apps.feedback.subjects import Subjects
from huixiang.domain.feedback import pseudonym
from huixiang.domain.understanding.duplicates import Copies, Likeness
from huixiang.lake import questions
from huixiang.lake.schema import PAST_VOICES, POSTS, SPEAKERS, TURNS, VOICES
from huixiang.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Arrival:
    """What all voices of an import share."""

    import_id: str
    received_at: datetime
    gate: Gate
    key: bytes  # of the pseudonyms

    @property
    def voice_key(self) -> bytes:
        return voice_key()


def facts(lake: Lake, arrival: Arrival, classes: Classes, readings: Mapping[int, Reading]) -> Facts | None:
    """What does this stretch add to the lake? None where it holds nothing new. `readings` by row number."""
    if not classes.latest:
        return None
    latest = [entry for entry in classes.latest.values() if not entry.record.is_passed_on]
    went_by = [entry for entry in classes.passed if not entry.record.is_passed_on]
    copies, subjects = _copies(lake, classes, readings), Subjects()
    voices = [_row(arrival, entry, readings[entry.row], subjects, copies.get(entry.voice_id)) for entry in latest]
    passed = [_row(arrival, entry, readings[entry.row], subjects) for entry in went_by]
    former = lake.rows("voices", classes.superseded) if classes.superseded else VOICES.empty_table()
    known, now = former.to_pylist(), {row["id"]: row for row in voices}
    succession.keep_corrections(known, now)
    past = pa.concat_tables([former.select(VOICES.names).cast(PAST_VOICES), _table(passed, PAST_VOICES)])
    speakers = _speakers(arrival.key, zip([*latest, *went_by], [*now.values(), *passed], strict=True))
    strayed = succession.strayed(known, now)
    return Facts(
        _table(voices, VOICES),
        past,
        _table(speakers, SPEAKERS),
        _table([turn for entry in latest for turn in _turns(entry, readings[entry.row], now)], TURNS),
        posts=_table(post_rows.rows(classes, arrival), POSTS),
        replaces=bool(classes.superseded),
        strayed=strayed,
        retired=frozenset(row["id"] for row in known) - now.keys(),
    )


def _copies(lake: Lake, classes: Classes, readings: Mapping[int, Reading]) -> dict[str, str]:
    """Which voice says the same as which earlier one? Earlier is: in the lake, then in the file's order."""
    speaking = {voice_id: entry for voice_id, entry in classes.latest.items() if not entry.record.is_passed_on}
    understood = {voice_id: readings[entry.row].understanding for voice_id, entry in speaking.items()}
    earlier = questions.lookalikes(lake, {voice_id: each.bands for voice_id, each in understood.items()})
    index: Copies[str] = Copies()
    copies = {}
    for voice_id, each in understood.items():
        near = (voice for voice in earlier.get(voice_id, ()) if voice.id not in classes.superseded)
        like = Likeness(each.normal)
        first = next((voice.id for voice in near if like.of(voice.searchable)), None)
        first = first or index.first_like(each.normal, each.bands)
        if first is None:
            index.add(voice_id, each.normal, each.bands)
        else:
            copies[voice_id] = first
    return copies


def _row(
    arrival: Arrival, entry: Entry, reading: Reading, subjects: Subjects, duplicate_of: str | None = None
) -> dict[str, Any]:
    record, understood = entry.record, reading.understanding
    said_at = record.said_at or arrival.received_at
    said_on = arrival.gate.said_on(record, said_at)
    return {
        "id": entry.voice_id,
        "version": entry.version,
        "content_hash": entry.content_hash,
        "channel": str(record.channel),
        "source_id": reading.source_id,
        "said_at": said_at,
        "said_on": said_on,
        "said_precision": str(record.said_precision),
        "month": said_on.isoformat()[:7],
        "received_at": record.received_at or arrival.received_at,
        "branch": record.branch,
        "product": masked_value("", record.product),
        "product_version": masked_value("", record.product_version),
        "rating": record.rating,
        "title": reading.title,
        "text": reading.text,
        "reply": reading.reply,
        "searchable": understood.normal,
        "attachments": list(reading.attachments),
        "extra": reading.extra,
        "sentiment": understood.sentiment.label,
        "negative": understood.sentiment.negative,
        "neutral": understood.sentiment.neutral,
        "positive": understood.sentiment.positive,
        "understood_by": reading.by,
        "words": list(understood.words),
        "phrases": list(understood.phrases),
        **findings.columns(understood, reading.others),
        "bands": list(understood.bands),
        "duplicate_of": duplicate_of,
        "import_id": arrival.import_id,
        "import_row": entry.row,
        "platform": masked_value("", record.platform) or None,
        "replied_at": record.replied_at if record.reply else None,
        "tier": record.tier or None,
        "about": subjects.about(record.channel, understood.normal, said_on),
    }


def _turns(entry: Entry, reading: Reading, voices: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The dialogue of a voice's latest version."""
    for number, (turn, (text, staff)) in enumerate(zip(entry.record.turns, reading.turns, strict=True), 1):
        yield {
            "id": entry.voice_id,
            "number": number,
            "side": str(turn.side),
            "start": turn.start,
            "end": turn.end,
            "staff": staff,
            "text": text,
            "month": voices[entry.voice_id]["month"],
        }


def _speakers(key: bytes, versions: Iterable[tuple[Entry, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.voice_id,
            "version": entry.version,
            "pseudonym": pseudonym(entry.record.customer, key),
            "month": row["month"],
        }
        for entry, row in versions
        if entry.record.customer
    ]


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)
