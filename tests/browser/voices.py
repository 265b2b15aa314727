"""A few hundred made-up voices in the lake, understood as real ones are: what the reading pages are looked at with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from huixiang.apps.feedback import findings, identity
from huixiang.domain.feedback import Channel, Precision, Record
from huixiang.domain.understanding.understander import VERSION, Understander
from huixiang.lake.schema import VOICES
from huixiang.lake.store import Lake
from tests.browser.sentences import APP, BRANCH, SIGNATURES

SHANGHAI = ZoneInfo("Asia/Shanghai")
RATINGS = {"negative": 1.0, "neutral": 3.0, "positive": 5.0}


def record(number: int, text: str, said_on: date | None, **fields: Any) -> Record:
    moment = datetime.combine(said_on, time(9, number % 60), SHANGHAI) if said_on else None
    precision = Precision.TIME if said_on else Precision.UNKNOWN
    values = {"channel": Channel.APP_REVIEW, "source_id": f"v{number}", "received_at": moment} | fields
    return Record(text=text, said_at=moment, said_precision=precision, **values)


def made_up(outlets: Sequence[str], until: date, count: int = 600, days: int = 150) -> list[Record]:
    """The first outlet is worse than the others, version 8.2.0 worse than 8.1.0, and blame grows towards the end."""
    random, records = Random(20), []
    for number in range(count):
        ago = int(days * (number / count) ** 1.3)
        late, by_app = ago < 40, random.random() < 0.6
        feelings = ["negative", "neutral", "positive"]
        feeling = random.choices(feelings, [6 if late else 3, 2, 4])[0]
        said_on = until - timedelta(days=ago)
        if by_app:
            text = random.choice(random.choice(list(APP.values()))[feeling])
            fields = {
                "product": "手机银行",
                "product_version": "8.2.0" if late else "8.1.0",
                "rating": RATINGS[feeling],
            }
        else:
            text = random.choice(random.choice(list(BRANCH.values()))[feeling])
            fields = {
                "channel": random.choice([Channel.SUGGESTION_BOX, Channel.HOTLINE]),
                "branch": random.choice(outlets),
            }
        if random.random() < 0.1:
            text += random.choice(SIGNATURES)
        records.append(record(number, text, said_on, **fields))
    return records


def undated(count: int) -> list[Record]:
    """As a source without dates tells them: known is only when they were received."""
    now = datetime.now(SHANGHAI)
    text = "打开以后一直转圈，第{}次了"
    return [replace(record(10_000 + n, text.format(n), None), received_at=now) for n in range(count)]


def fill(lake: Lake, records: Sequence[Record], batch: int = 1) -> None:
    pour(lake, table(records), batch)


def table(records: Sequence[Record]) -> pa.Table:
    """What the lake keeps of these records."""
    to_bank = [record.channel.is_to_the_bank for record in records]
    understood = Understander().read([record.text for record in records], to_bank)
    rows = [_row(record, found, place) for place, (record, found) in enumerate(zip(records, understood, strict=True))]
    return pa.Table.from_pylist(rows, schema=VOICES)


def pour(lake: Lake, rows: pa.Table, batch: int = 1) -> None:
    with lake.writing():
        lake.append_once("voices", rows, writer="made-up", batch=batch)


def _row(record: Record, found: Any, place: int) -> dict[str, Any]:
    said_at = record.said_at or record.received_at
    assert said_at is not None
    said_on = said_at.astimezone(SHANGHAI).date()
    taken = {
        name: getattr(record, name)
        for name in ("source_id", "branch", "product", "product_version", "rating", "title", "reply")
    }
    return taken | {
        "tier": record.tier or None,
        "id": record.voice_id(identity.voice_key()),
        "version": 1,
        "content_hash": record.content_hash(identity.voice_key()),
        "channel": str(record.channel),
        "said_at": said_at,
        "said_on": said_on,
        "said_precision": str(record.said_precision),
        "month": f"{said_on:%Y-%m}",
        "received_at": record.received_at,
        "text": found.masked,
        "searchable": found.normal,
        "attachments": [],
        "extra": "{}",
        "sentiment": found.sentiment.label,
        "negative": found.sentiment.negative,
        "neutral": found.sentiment.neutral,
        "positive": found.sentiment.positive,
        "understood_by": VERSION,
        "words": list(found.words),
        "phrases": list(found.phrases),
        **findings.columns(found),
        "bands": list(found.bands),
        "duplicate_of": None,
        "import_id": "made-up",
        "import_row": place + 2,
    }
